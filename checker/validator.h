// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Event, state, rule, report: the one place where the four meet.
//
// A Validator takes events from anyone (a live program, a replay, a test),
// applies each to the State, asks the rules about the facts and hands what they
// find to a sink. Clock, unwinder and sink are injected. Handle() may be called from several
// threads at once and does not allocate; events of one page or CPU must not race.
#ifndef FLUSHDEP_CHECKER_VALIDATOR_H_
#define FLUSHDEP_CHECKER_VALIDATOR_H_

#include <atomic>
#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/state.h"
#include "checker/report/raw_report.h"
#include "checker/rules/verdict.h"

namespace flushdep {

// What a validator needs of the world. All functions must be async-signal-safe.
struct Host {
  // A cheap time stamp, never 0, and its nanoseconds since the start of the run.
  uint64_t (*now)(const flushdep_event& event);
  uint64_t (*to_ns)(uint64_t stamp);
  // The stack of the event, innermost first, the caller of the API on top.
  // `thorough`: for a report; may be slow. Returns the number of frames.
  uint32_t (*unwind)(const flushdep_event& event, bool thorough, uint64_t* pcs, uint32_t max);
  // Takes a new problem. `in_signal`: may not print now.
  void (*report)(const RawReport& report, bool in_signal);
};

class Validator {
 public:
  // `max_frames` 0: stacks are neither taken nor kept.
  Validator(const Host& host, uint32_t max_frames) : host_(host), max_frames_(max_frames) {}

  // False for a MACHINE event that cannot be followed (no memory for the tables).
  bool Handle(const flushdep_event& event);

  State& state() { return state_; }
  uint64_t events() const { return events_.load(std::memory_order_relaxed); }
  // Findings, repeats of a known problem included; of this severity or above.
  uint64_t findings(Severity at_least) const;
  uint64_t problems() const { return problems_count_.load(std::memory_order_relaxed); }

 private:
  Moment MomentOf(const flushdep_event& event, bool with_stack);
  void Judge(const flushdep_event& event, const OwnerChange& change);
  void Judge(const flushdep_event& event, const MapChange& change);
  void Judge(const flushdep_event& event, const Access& access);
  void Report(const flushdep_event& event, const Verdict& verdict);
  void Fill(const Evidence& evidence, RawEvent* out) const;
  bool IsNewProblem(const RawReport& report, uint64_t site);

  const Host host_;
  const uint32_t max_frames_;
  std::atomic<uint64_t> events_{0};
  std::atomic<uint64_t> findings_[3] = {};
  std::atomic<uint64_t> problems_count_{0};
  std::atomic<uint64_t> problems_[kMaxProblems] = {};  // keys, open addressing
  State state_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_VALIDATOR_H_
