// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/told.h"

namespace flushdep {
namespace {

// FNV-1a, 64 bits.
class Hash {
 public:
  void Add(std::string_view text) {
    for (const char c : text) Byte(static_cast<uint8_t>(c));
    Byte(0);
  }
  void Add(uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8) Byte(static_cast<uint8_t>(number >> shift));
  }
  uint64_t value() const { return value_; }

 private:
  void Byte(uint8_t byte) { value_ = (value_ ^ byte) * 0x100000001b3; }
  uint64_t value_ = 0xcbf29ce484222325;
};

// False if the source is not known.
bool AddPlace(const View<Frame>& stack, Hash* hash) {
  if (stack.empty() || stack[0].file.empty() || stack[0].line == 0) return false;
  const Frame& frame = stack[0];
  hash->Add(frame.function);
  hash->Add(frame.file);
  hash->Add(frame.line);
  hash->Add(frame.column);
  return true;
}

// The place that tells one problem from another beside its own: the checker's choice, too.
const ReportEvent* PutOrMap(const Report& report) {
  for (size_t i = 1; i < report.events.size; ++i) {
    const ReportEvent& event = report.events[i];
    if (event.role == Role::Put || event.role == Role::Map) return &event;
  }
  return nullptr;
}

}  // namespace

bool Told::Before(const Report& report, std::string_view doing) {
  if (report.events.empty() || report.events[0].role != Role::Access) return false;
  Hash hash;
  hash.Add(static_cast<uint32_t>(report.rule));
  hash.Add(doing);
  if (!AddPlace(report.events[0].stack, &hash)) return false;
  const ReportEvent* other = PutOrMap(report);
  if (other != nullptr && !AddPlace(other->stack, &hash)) return false;
  for (uint32_t i = 0; i < size_; ++i)
    if (keys_[i] == hash.value()) return true;
  if (size_ < kMax) keys_[size_++] = hash.value();
  return false;
}

}  // namespace flushdep
