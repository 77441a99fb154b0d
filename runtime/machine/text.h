// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Messages without the heap: a fixed buffer that texts and numbers are
// appended to. What does not fit is cut off. Async-signal-safe.
#ifndef FLUSHDEP_RUNTIME_MACHINE_TEXT_H_
#define FLUSHDEP_RUNTIME_MACHINE_TEXT_H_

#include <cstdint>
#include <string_view>

namespace flushdep {

class Text {
 public:
  Text& operator<<(std::string_view text) {
    for (char c : text) Put(c);
    return *this;
  }
  Text& operator<<(uint64_t value) { return Number(value, 10); }
  Text& Hex(uint64_t value) {
    *this << "0x";
    return Number(value, 16);
  }
  std::string_view view() const { return std::string_view(buffer_, size_); }

 private:
  Text& Number(uint64_t value, unsigned base) {
    char digits[20];
    unsigned count = 0;
    do {
      digits[count++] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    while (count > 0) Put(digits[--count]);
    return *this;
  }
  void Put(char c) {
    if (size_ < sizeof(buffer_)) buffer_[size_++] = c;
  }

  char buffer_[480] = {};
  uint64_t size_ = 0;
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_TEXT_H_
