// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reports between their making and their printing. Push() is async-signal-safe
// and lock-free: a slot is claimed, filled, then published. Pop() takes them in
// order of claiming; one that is still being filled ends the round.
#ifndef FLUSHDEP_CHECKER_REPORT_REPORT_QUEUE_H_
#define FLUSHDEP_CHECKER_REPORT_REPORT_QUEUE_H_

#include <atomic>
#include <cstdint>

#include "checker/model/limits.h"
#include "checker/report/raw_report.h"

namespace flushdep {

class ReportQueue {
 public:
  // False if all slots are taken.
  bool Push(const RawReport& report) {
    uint64_t place = tail_.load(std::memory_order_relaxed);
    do {
      if (place - head_.load(std::memory_order_acquire) == kMaxQueuedReports) return false;
    } while (!tail_.compare_exchange_weak(place, place + 1, std::memory_order_relaxed));
    Slot& slot = slots_[place % kMaxQueuedReports];
    slot.report = report;
    slot.ready.store(place + 1, std::memory_order_release);
    return true;
  }

  // One reader at a time.
  bool Pop(RawReport* report) {
    const uint64_t place = head_.load(std::memory_order_relaxed);
    Slot& slot = slots_[place % kMaxQueuedReports];
    if (slot.ready.load(std::memory_order_acquire) != place + 1) return false;
    *report = slot.report;
    head_.store(place + 1, std::memory_order_release);
    return true;
  }

 private:
  struct Slot {
    std::atomic<uint64_t> ready{0};
    RawReport report;
  };
  std::atomic<uint64_t> head_{0};
  std::atomic<uint64_t> tail_{0};
  Slot slots_[kMaxQueuedReports];
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_REPORT_QUEUE_H_
