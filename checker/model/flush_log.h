// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flushes that were asked for, newest last: what they asked, which CPUs
// have acknowledged, whether they returned. In flight or done, a flush stays until
// as many newer ones came as the limit RecentFlushes says.
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
#include "checker/model/flat_table.h"
#include "checker/model/happens_before.h"
#include "checker/model/history.h"
#include "checker/model/limits.h"
#include "checker/model/tlb.h"

namespace flushdep {

struct FlushRecord {
  uint64_t id = 0;
  uint32_t place = 0;  // in the log
  Epoch issued = kNever;
  Epoch returned = kNever;
  SpaceIndex space = kKernelSpace;
  uint32_t mm = 0;
  uint64_t start = 0;
  uint64_t end = 0;
  uint8_t req_what = 0;
  uint8_t req_who = 0;
  uint8_t eff_what = 0;
  uint32_t flags = 0;  // enum flushdep_flush_flag
  uint32_t thread = 0;
  uint32_t sequence = 0;  // of explicit flushes, from 1; 0: by the machine
  bool internal = false;  // by the machine: no caller asked for it
  CpuSet requested;       // whom the caller asked for, those that load the mm later included
  CpuSet acked;
  Epoch last_ack = kNever;
  HappensBefore::Point return_point = {};
  Moment moment = {};
  uint64_t site = 0;

  // Does the range touch the entry of `va`, which is of this many bytes?
  bool Covers(uint64_t va, uint64_t bytes = FLUSHDEP_PAGE_SIZE) const {
    const uint64_t first = va & ~(bytes - 1);
    return first < end && first + bytes > start;
  }
  bool IsRanged() const {
    return eff_what == FLUSHDEP_FLUSH_SPACE_RANGE || eff_what == FLUSHDEP_FLUSH_KERNEL_RANGE;
  }
  bool AsksForRange() const {
    return req_what == FLUSHDEP_FLUSH_SPACE_RANGE || req_what == FLUSHDEP_FLUSH_KERNEL_RANGE;
  }
  bool IsBroadcast() const { return (flags & FLUSHDEP_FLUSH_BROADCAST) != 0; }
  // A broadcast of addresses may be told to leave upper levels alone (INVLPGB's
  // "final translation only"); INVLPG never does.
  bool ReachesTables() const {
    return !IsBroadcast() || !IsRanged() || (flags & FLUSHDEP_FLUSH_TABLES) != 0;
  }
};

class FlushLog {
 public:
  explicit FlushLog(LimitCounts& limits) : limits_(limits) {}

  bool Init() {
    size_ = limits_.Max(Limit::RecentFlushes);
    next_ = 0;
    forgotten_ = kNever;
    return records_.Init(size_);
  }
  // The record that the next Add() gives up; null while there is room.
  FlushRecord* Oldest() { return next_ < size_ ? nullptr : &records_[next_ % size_]; }
  FlushRecord& Add() {
    const uint64_t place = next_++ % size_;
    FlushRecord& record = records_[place];
    if (record.id != 0 && record.returned == kNever) limits_.Hit(Limit::RecentFlushes);
    if (!record.internal && record.issued > forgotten_) forgotten_ = record.issued;
    record = FlushRecord{};
    record.place = static_cast<uint32_t>(place);
    return record;
  }
  // Explicit flushes that were issued up to here may be forgotten.
  Epoch forgotten() const { return forgotten_; }
  FlushRecord* Find(uint64_t id) {
    FlushRecord* found = nullptr;
    ForEachNewestFirst([&](FlushRecord& record) {
      if (record.id == id) found = &record;
      return found == nullptr;
    });
    return found;
  }
  uint64_t size() const { return size_; }
  // Until f returns false.
  template <typename F>
  void ForEachNewestFirst(F&& f) {
    const uint64_t count = next_ < size_ ? next_ : size_;
    for (uint64_t i = 1; i <= count; ++i)
      if (!f(records_[(next_ - i) % size_])) return;
  }

 private:
  LimitCounts& limits_;
  uint64_t size_ = 1;
  uint64_t next_ = 0;
  Epoch forgotten_ = kNever;
  FlatTable<FlushRecord> records_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_FLUSH_LOG_H_
