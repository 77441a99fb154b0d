// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flushes that were asked for, newest last: what they asked, which CPUs
// have acknowledged, whether they returned. In flight or done, a flush stays until
// kMaxRecentFlushes newer ones came.
//
// Two uses: a ranged flush that reached some CPUs is judged from here (complete
// ones leave a stamp with the address, see regions.h), and a report names the
// flush that did not suffice. Needs the caller's lock; lookups are O(table).
#ifndef FLUSHDEP_CHECKER_MODEL_FLUSH_LOG_H_
#define FLUSHDEP_CHECKER_MODEL_FLUSH_LOG_H_

#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/cpu_set.h"
#include "checker/model/epoch.h"
#include "checker/model/history.h"
#include "checker/model/limits.h"
#include "checker/model/tlb.h"

namespace flushdep {

struct FlushRecord {
  uint64_t id = 0;
  Epoch issued = kNever;
  Epoch returned = kNever;
  SpaceIndex space = kKernelSpace;
  uint32_t mm = 0;
  uint64_t start = 0;
  uint64_t end = 0;
  uint8_t req_what = 0;
  uint8_t req_who = 0;
  uint8_t eff_what = 0;
  uint32_t thread = 0;
  bool internal = false;  // by the machine: no caller asked for it
  CpuSet acked;
  Moment moment = {};

  bool Covers(uint64_t va) const { return va >= start && va < end; }
  bool IsRanged() const {
    return eff_what == FLUSHDEP_FLUSH_SPACE_RANGE || eff_what == FLUSHDEP_FLUSH_KERNEL_RANGE;
  }
};

class FlushLog {
 public:
  explicit FlushLog(LimitCounts& limits) : limits_(limits) {}

  FlushRecord& Add() {
    FlushRecord& record = records_[next_++ % kMaxRecentFlushes];
    if (record.id != 0 && record.returned == kNever) limits_.Hit(Limit::RecentFlushes);
    record = FlushRecord{};
    return record;
  }
  void Clear() {
    next_ = 0;
    for (FlushRecord& record : records_) record = FlushRecord{};
  }
  FlushRecord* Find(uint64_t id) {
    FlushRecord* found = nullptr;
    ForEachNewestFirst([&](FlushRecord& record) {
      if (record.id == id) found = &record;
      return found == nullptr;
    });
    return found;
  }
  // Until f returns false.
  template <typename F>
  void ForEachNewestFirst(F&& f) {
    const uint64_t count = next_ < kMaxRecentFlushes ? next_ : kMaxRecentFlushes;
    for (uint64_t i = 1; i <= count; ++i)
      if (!f(records_[(next_ - i) % kMaxRecentFlushes])) return;
  }

 private:
  LimitCounts& limits_;
  uint64_t next_ = 0;
  FlushRecord records_[kMaxRecentFlushes];
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_FLUSH_LOG_H_
