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
  // After that, once its frame is off the stack: time to print what was taken. May be null.
  void (*print)(bool in_signal) = nullptr;
  // The code location that names the class of what this PAGE_ALLOC allocates,
  // wrappers skipped; null: the event's site.
  uint64_t (*class_site)(const flushdep_event& event) = nullptr;
};

struct ValidatorOptions {
  uint32_t max_frames = 0;  // of the stack kept of each event; 0: none, and no history
  bool inference = false;
  bool advice = false;  // and the books of flushes
  Strength strength = Strength::Speculative;
  LimitValues limits = {};
};

class Validator {
 public:
  Validator(const Host& host, const ValidatorOptions& options) : host_(host), options_(options) {}
  // The invariant alone.
  Validator(const Host& host, uint32_t max_frames)
      : Validator(host, ValidatorOptions{.max_frames = max_frames}) {}

  // False for a MACHINE event that cannot be followed (no memory for the tables).
  bool Handle(const flushdep_event& event);

  // The end of the run, or of a part that stands for itself: judges what could
  // not be judged before, lives that did not come to an end and flush sites.
  void Finish();

  // A reported problem turned out to be one that the user does not want to see: it and its
  // repeats do not count as findings.
  void Suppress(const RawReport& report);
  // In a forked child, which has found nothing yet.
  void StartAnew();
  // A reported problem turned out to be one that was reported before, seen through another
  // instruction of the same place: its repeats count as findings, it is no problem of its own.
  void Merge() { problems_count_.fetch_sub(1, std::memory_order_relaxed); }
  uint64_t suppressed() const { return suppressed_.load(std::memory_order_relaxed); }

  State& state() { return state_; }
  const ValidatorOptions& options() const { return options_; }
  uint64_t unknown_events() const { return unknown_events_.load(std::memory_order_relaxed); }
  uint64_t events() const;
  // Findings, repeats of a known problem included; of this severity or above.
  uint64_t findings(Severity at_least) const;
  uint64_t problems() const { return problems_count_.load(std::memory_order_relaxed); }

 private:
  struct Problem {
    std::atomic<uint64_t> key;  // 0: none
    std::atomic<uint64_t> count;
    std::atomic<bool> suppressed;
  };

  Moment MomentOf(const flushdep_event& event, bool with_stack);
  Moment SyncMoment(const flushdep_event& event);
  bool HandlePage(const flushdep_event& event);
  bool HandleMapping(const flushdep_event& event);
  bool HandleOrder(const flushdep_event& event);
  void HandleMapEnd(const flushdep_event& event);
  void HandleContext(const flushdep_event& event);
  void HandleThreadExit(const flushdep_event& event);
  uint64_t ClassOf(const flushdep_event& event) const;
  template <typename Facts>
  void Judge(const flushdep_event& event, const Facts& facts);
  void Report(const flushdep_event& event, const Verdict& verdict);
  bool MakeReport(const flushdep_event& event, const Verdict& verdict);
  bool FillReport(const flushdep_event& event, const Verdict& verdict, RawReport* out);
  void FillNow(const flushdep_event& event, const Verdict& verdict, RawReport* report);
  void Fill(const Evidence& evidence, RawEvent* out) const;
  bool IsNewProblem(const RawReport& report, uint64_t site, uint32_t* number);

  const Host host_;
  const ValidatorOptions options_;
  // Counted apart by CPU: a counter for all would be a cache line that everybody writes.
  static constexpr uint32_t kCounters = 64;
  struct alignas(kApart) Counter {
    std::atomic<uint64_t> events;
  };

  Counter counters_[kCounters] = {};
  std::atomic<uint64_t> unknown_events_{0};
  std::atomic<uint64_t> findings_[3] = {};
  std::atomic<uint64_t> problems_count_{0};
  std::atomic<uint64_t> suppressed_{0};
  Problem problems_[kLargestProblems] = {};  // open addressing; limit Problems of it in use
  // Reports are made here and not on a stack, which may be a small one.
  static constexpr uint32_t kDesks = 8;  // at once, nested signal handlers included
  struct Desk {
    std::atomic<bool> taken;
    RawReport report;
  };
  Desk desks_[kDesks] = {};
  State state_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_VALIDATOR_H_
