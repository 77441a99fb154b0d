// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A report is plain data: what a rule found, with everything a reader needs.
// Rules (and the plugin) fill it; writers print it and decide nothing.
//
// Nothing here owns memory: every view and span must outlive the call that is
// handed the report. No allocation, no exceptions, no RTTI, so that the same
// structs serve the runtime (which may not allocate), the plugin and the tool.
#ifndef FLUSHDEP_CHECKER_REPORT_REPORT_H_
#define FLUSHDEP_CHECKER_REPORT_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "checker/rules/catalogue.h"

namespace flushdep {

// Version of the JSON record (docs/contract.md).
inline constexpr int kRecordSchema = 1;

enum class ReportKind : uint8_t { Static, Runtime, Replay };
std::string_view ReportKindName(ReportKind kind);

// What an event in a report is to the finding. Names are the contract's.
enum class Role : uint8_t { Alloc, Map, Put, Flush, Free, Access, Drop, Handover };
std::string_view RoleName(Role role);

// A span without <span>'s checks: pointer and count.
template <typename T>
struct View {
  const T* data = nullptr;
  size_t size = 0;
  const T* begin() const { return data; }
  const T* end() const { return data + size; }
  bool empty() const { return size == 0; }
  const T& operator[](size_t i) const { return data[i]; }
};

// One source-level frame. Empty views and zeros where something is not known.
struct Frame {
  std::string_view module;         // path of the executable or library
  std::string_view build_id;       // lower-case hex
  uint64_t offset = 0;             // of the call instruction, in the module's file addresses
  std::string_view function;       // C name, or the linkage (mangled) name
  std::string_view file;           // absolute path
  uint32_t line = 0;               // 1-based
  uint32_t column = 0;             // 1-based
  bool inlined = false;            // into the next frame
  std::string_view readable = {};  // `function` as people write it; empty: the same
};

inline constexpr uint32_t kNoCpu = ~0u;
inline constexpr uint64_t kNoNumber = ~0ull;

struct ReportEvent {
  Role role = Role::Free;
  uint32_t cpu = kNoCpu;
  uint64_t time = kNoNumber;  // ns since the start of the run
  std::string_view text;      // one line for people: "put by mermap_put()"
  View<Frame> stack;          // innermost first; a static event has one frame
};

struct ScenarioLine {
  uint32_t column = 0;  // 0 or 1
  std::string_view text;
};

struct Report {
  ReportKind kind = ReportKind::Runtime;
  Rule rule = Rule::FD001;
  Severity severity = Severity::Error;
  std::string_view fingerprint;  // 16 lower-case hex digits (fingerprint.h)
  std::string_view message;      // one line, no full stop, names page and CPUs
  uint64_t time = kNoNumber;     // ns since the start of the run
  uint64_t pid = kNoNumber;
  uint32_t cpu = kNoCpu;
  uint64_t mm = kNoNumber;
  uint64_t pfn = kNoNumber;
  uint64_t va = kNoNumber;
  Frame site;                   // where it happened, wrappers skipped
  View<ReportEvent> events;     // the event of now first, then back in time
  std::string_view cls;         // class of the page, if known
  View<ScenarioLine> scenario;  // how it goes wrong, in two columns (the text form only)
  std::string_view column_heads[2] = {"one CPU", "another CPU"};
  std::string_view remedy;       // of this case; empty: the catalogue's (the text form only)
  View<std::string_view> path;   // conditions or edges that lead there, in order
  View<std::string_view> notes;  // further lines for people (the text form only)
  uint64_t count = 1;
};

// Where writers put their bytes. `write` may be called many times per report.
struct Sink {
  void (*write)(void* context, const char* data, size_t size);
  void* context;
  void Put(std::string_view text) const { write(context, text.data(), text.size()); }
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_REPORT_H_
