// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All that the checker knows, and how events change it.
//
// Each Apply*() takes one kind of event and returns the facts that rules judge.
// They may run in several threads at once: pages are locked one by one
// (shadow.h), CPUs, spaces and flushes by one lock, which is taken inside a
// page's and never the other way round. Nothing allocates from the heap.
#ifndef FLUSHDEP_CHECKER_MODEL_STATE_H_
#define FLUSHDEP_CHECKER_MODEL_STATE_H_

#include <atomic>
#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/epoch.h"
#include "checker/model/facts.h"
#include "checker/model/flush_log.h"
#include "checker/model/history.h"
#include "checker/model/hot.h"
#include "checker/model/limits.h"
#include "checker/model/regions.h"
#include "checker/model/shadow.h"
#include "checker/model/spinlock.h"
#include "checker/model/stack_depot.h"
#include "checker/model/tlb.h"

namespace flushdep {

class State {
 public:
  State()
      : tlb_(clock_, limits_),
        regions_(limits_),
        shadow_(limits_),
        stacks_(limits_),
        flushes_(limits_) {}

  // MACHINE. False if memory for the tables cannot be had.
  bool Boot(const flushdep_event_machine& machine, bool keep_history);
  bool booted() const { return booted_.load(std::memory_order_acquire); }

  void ApplyRegion(const flushdep_event& event);
  void ApplyCpu(const flushdep_event& event);
  void ApplyFlush(const flushdep_event& event, const Moment& now);
  void ApplyAlloc(const flushdep_event& event, const Moment& now);
  OwnerChange ApplyOwnerChange(const flushdep_event& event, const Moment& now);
  void ApplyDebtCancel(const flushdep_event& event);
  // True, with facts, if the entry is in a mermap region.
  bool ApplyPteSet(const flushdep_event& event, const Moment& now, MapChange* change);
  void ApplyPteClear(const flushdep_event& event, const Moment& now);
  Access DescribeAccess(const flushdep_event& event);

  // For reports: where page and translation come from. Zero moments where unknown.
  Moment AllocOf(uint64_t pfn) const { return History(pfn, &PageHistory::alloc); }
  Moment UnmapOf(uint64_t pfn) const { return History(pfn, &PageHistory::unmap); }
  Moment FreeOf(uint64_t pfn) const { return History(pfn, &PageHistory::free); }
  Moment MapOf(uint64_t pfn, uint64_t va);
  Moment PutOf(uint64_t pfn, uint64_t va);

  // The short way in (hot.h), for when neither stacks nor inference are wanted. Fills all but
  // space_of.
  void Open(HotPath* hot);
  // The place of an mm's space; kNoSpace if it is not known.
  SpaceIndex SpaceOf(uint32_t mm);

  StackDepot& stacks() { return stacks_; }
  const StackDepot& stacks() const { return stacks_; }
  LimitCounts& limits() { return limits_; }
  const Shadow& shadow() const { return shadow_; }
  uint32_t cpus() const { return tlb_.cpus(); }

 private:
  Moment History(uint64_t pfn, AtomicMoment PageHistory::* which) const {
    return history_.Has(pfn) ? (history_[pfn].*which).Load() : Moment{};
  }
  // Of the address, if `pfn` is what it maps or mapped last; else null.
  const AddressHistory* HistoryOf(uint64_t pfn, uint64_t va);
  void Remember(uint64_t pfn, AtomicMoment PageHistory::* which, const Moment& now) {
    if (history_.Has(pfn)) (history_[pfn].*which).Store(now);
  }

  void IssueFlush(const flushdep_event& event, const Moment& now);
  void AckFlush(const flushdep_event& event);
  void ReturnFlush(const flushdep_event& event);
  bool IsComplete(const FlushRecord& flush) const;
  void StampAddresses(const FlushRecord& flush);
  void ForgetDirectMap(const FlushRecord& flush);

  // debt.cc
  bool IsClosedCheaply(const StaleTranslation& stale);
  bool IsOpen(const StaleTranslation& stale, CpuSet* holders);
  bool FindDebt(uint64_t pfn, Shadow::Guard& page, Debt* debt);
  void ExplainDebt(uint32_t thread, Debt* debt);

  LimitCounts limits_;
  EpochClock clock_;
  std::atomic<bool> booted_{false};
  SpinLock lock_;  // tlb_ and flushes_
  TlbModel tlb_;
  RegionTable regions_;
  Shadow shadow_;
  HistoryTable history_;
  StackDepot stacks_;
  FlushLog flushes_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_STATE_H_
