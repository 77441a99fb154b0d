// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A report as it is made: numbers and program counters, no symbols, fixed size,
// so that a signal handler can fill one. The reporter turns it into a Report.
#ifndef FLUSHDEP_CHECKER_REPORT_RAW_REPORT_H_
#define FLUSHDEP_CHECKER_REPORT_RAW_REPORT_H_

#include <cstdint>
#include <string_view>

#include "checker/report/format.h"
#include "checker/report/report.h"

namespace flushdep {

inline constexpr uint32_t kMaxRawFrames = 32;
inline constexpr uint32_t kMaxRawEvents = 12;
inline constexpr uint32_t kMaxScenario = 10;

// One line of how it goes wrong, in one of two columns.
struct ScenarioStep {
  uint8_t column = 0;  // 0 or 1
  FixedText<48> text;
};

struct RawEvent {
  Role role = Role::Free;
  uint32_t cpu = kNoCpu;
  uint64_t time = kNoNumber;  // ns since the start of the run
  std::string_view text;      // static storage
  uint32_t frames = 0;
  bool on_path = false;         // an edge of the path that was found
  bool exact_top = false;       // pcs[0] is the instruction itself, not a return address
  uint64_t pcs[kMaxRawFrames];  // `frames` of them
};

struct RawReport {
  Rule rule = Rule::FD001;
  Severity severity = Severity::Error;
  std::string_view doing;  // static storage
  FixedText<320> message;
  FixedText<320> note;
  std::string_view remedy;  // static storage; empty: the catalogue's
  uint64_t time = kNoNumber;
  uint32_t cpu = kNoCpu;
  uint64_t mm = kNoNumber;
  uint64_t pfn = kNoNumber;
  uint64_t va = kNoNumber;
  uint64_t class_key = 0;  // of the page's class: a code location, or the user's; 0: none
  bool user_class = false;
  uint32_t problem = 0;  // number of the problem, for who suppresses it
  FixedText<48> column_heads[2];
  uint32_t scenario_count = 0;
  ScenarioStep scenario[kMaxScenario];
  uint32_t events_count = 0;
  RawEvent events[kMaxRawEvents];  // the event of now first
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_RAW_REPORT_H_
