// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a page came from: the last allocation, mapping, put, removal from the
// direct map and free of each page, for reports only. No rule reads it. A second side table beside
// the shadow, so that the invariant's own state stays at 16 bytes a page; with stacks=0 it is never
// touched and costs nothing.
//
// Not locked: an entry is written by whoever operates on the page. Two threads that do
// so at once (a bug in the program) may mix two moments, which a report shows as it is.
#ifndef FLUSHDEP_CHECKER_MODEL_HISTORY_H_
#define FLUSHDEP_CHECKER_MODEL_HISTORY_H_

#include <atomic>
#include <cstdint>

#include "checker/model/flat_table.h"
#include "checker/model/stack_depot.h"

namespace flushdep {

// The time of a moment that happened without anybody looking at the clock.
inline constexpr uint64_t kUnknownTime = 1;

// One moment in a page's life.
struct Moment {
  uint64_t time;  // ns, of the checker's clock; 0: it never happened
  StackId stack;
  uint16_t cpu;
  uint16_t reason;  // enum flushdep_reason
};
static_assert(sizeof(Moment) == 16);

// Two words, so that a racing reader sees a valid time and a valid stack.
class AtomicMoment {
 public:
  void Store(const Moment& m) {
    time_.store(m.time, std::memory_order_relaxed);
    rest_.store(m.stack | uint64_t{m.cpu} << 32 | uint64_t{m.reason} << 48,
                std::memory_order_relaxed);
  }
  Moment Load() const {
    const uint64_t rest = rest_.load(std::memory_order_relaxed);
    return {time_.load(std::memory_order_relaxed), static_cast<StackId>(rest),
            static_cast<uint16_t>(rest >> 32), static_cast<uint16_t>(rest >> 48)};
  }

 private:
  std::atomic<uint64_t> time_;
  std::atomic<uint64_t> rest_;
};

// What happens to every page: one cache line.
struct alignas(64) PageHistory {
  AtomicMoment alloc;
  AtomicMoment map;
  AtomicMoment put;
  AtomicMoment free;
};
static_assert(sizeof(PageHistory) == 64);

// What happens to few.
struct RareHistory {
  AtomicMoment unmap;     // out of the direct map
  AtomicMoment handover;  // of the duty to flush
};

// By pfn. Zero moments where nothing is kept.
class HistoryTable {
 public:
  bool Init(uint64_t pfns) { return pages_.Init(pfns) && rare_.Init(pfns); }
  Moment Load(uint64_t pfn, AtomicMoment PageHistory::* which) const {
    return pages_.Has(pfn) ? (pages_[pfn].*which).Load() : Moment{};
  }
  Moment Load(uint64_t pfn, AtomicMoment RareHistory::* which) const {
    return rare_.Has(pfn) ? (rare_[pfn].*which).Load() : Moment{};
  }
  void Store(uint64_t pfn, AtomicMoment PageHistory::* which, const Moment& now) {
    if (pages_.Has(pfn)) (pages_[pfn].*which).Store(now);
  }
  void Store(uint64_t pfn, AtomicMoment RareHistory::* which, const Moment& now) {
    if (rare_.Has(pfn)) (rare_[pfn].*which).Store(now);
  }
  // Null if no history is kept.
  PageHistory* pages() { return pages_.size() != 0 ? &pages_[0] : nullptr; }

 private:
  FlatTable<PageHistory> pages_;
  FlatTable<RareHistory> rare_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_HISTORY_H_
