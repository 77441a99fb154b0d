// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All that the checker knows, and how events change it.
//
// Each Apply*() takes one kind of event and returns the facts that rules judge.
// They may run in several threads at once: pages are locked one by one
// (shadow.h), CPUs, spaces and flushes by one lock, which is taken inside a
// page's and never the other way round; inference has one more, innermost.
// Nothing allocates from the heap.
//
//   state.cc    machine, spaces, pages      mappings.cc  page-table entries
//   flushes.cc  what flushes end            debt.cc      what is owed, and why
//   contract.cc what was promised           lives.cc     what pages go through
#ifndef FLUSHDEP_CHECKER_MODEL_STATE_H_
#define FLUSHDEP_CHECKER_MODEL_STATE_H_

#include <atomic>
#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/accessed.h"
#include "checker/model/call_names.h"
#include "checker/model/epoch.h"
#include "checker/model/facts.h"
#include "checker/model/flush_log.h"
#include "checker/model/flush_sites.h"
#include "checker/model/history.h"
#include "checker/model/hot.h"
#include "checker/model/inference.h"
#include "checker/model/limits.h"
#include "checker/model/regions.h"
#include "checker/model/shadow.h"
#include "checker/model/spinlock.h"
#include "checker/model/stack_depot.h"
#include "checker/model/strength.h"
#include "checker/model/tlb.h"

namespace flushdep {

struct StateOptions {
  bool keep_history = false;
  bool inference = false;
  bool accounting = false;  // of flushes: advice
  Strength strength = Strength::Speculative;
  LimitValues limits;
};

class State {
 public:
  State()
      : tlb_(clock_, limits_),
        regions_(limits_),
        shadow_(limits_),
        stacks_(limits_),
        flushes_(limits_),
        accessed_(limits_),
        inference_(limits_),
        sites_(limits_) {}

  // MACHINE. False if memory for the tables cannot be had.
  bool Boot(const flushdep_event_machine& machine, const StateOptions& options);
  bool booted() const { return booted_.load(std::memory_order_acquire); }

  void ApplyRegion(const flushdep_event& event);
  void ApplyCpu(const flushdep_event& event);
  // True, with facts, if a lock may now deadlock with a flush.
  bool ApplyFlush(const flushdep_event& event, const Moment& now, LockCycle* cycle);
  bool ApplySync(const flushdep_event& event, const Moment& now, LockCycle* cycle);
  // True, with facts, if the page is handed out as unmapped.
  bool ApplyAlloc(const flushdep_event& event, const Moment& now, uint64_t class_key,
                  OwnerChange* change);
  OwnerChange ApplyOwnerChange(const flushdep_event& event, const Moment& now);
  void ApplyReference(const flushdep_event& event, const Moment& now);
  void ApplyHandover(const flushdep_event& event, const Moment& now);
  void ApplySplit(const flushdep_event& event);
  void ApplyDebtCancel(const flushdep_event& event, const Moment& now);
  // True, with facts, if the entry is not a direct map's.
  bool ApplyPteSet(const flushdep_event& event, const Moment& now, MapChange* change);
  void ApplyPteClear(const flushdep_event& event, const Moment& now);
  void ApplyTable(const flushdep_event& event, const Moment& now);
  AccessLost ApplyAccessLost(const flushdep_event& event);
  Access ApplyAccess(const flushdep_event& event);

  // At the end of a run.
  template <typename F>
  void JudgeLives(F&& found) {
    if (!inference_.enabled()) return;
    CollectUnresolved();
    inference_.graph().Judge(found);
  }

  // For reports: where page and translation come from. Zero moments where unknown.
  Moment AllocOf(uint64_t pfn) const { return history_.Load(pfn, &PageHistory::alloc); }
  Moment UnmapOf(uint64_t pfn) const { return history_.Load(pfn, &RareHistory::unmap); }
  Moment FreeOf(uint64_t pfn) const { return history_.Load(pfn, &PageHistory::free); }
  Moment HandoverOf(uint64_t pfn) const {
    const Moment handed = history_.Load(pfn, &RareHistory::handover);
    return handed.time > AllocOf(pfn).time ? handed : Moment{};
  }
  Moment MapOf(uint64_t pfn, uint64_t va);
  Moment PutOf(uint64_t pfn, uint64_t va);
  // At this very address; none if it is not known.
  Moment PutAt(uint64_t pfn, uint64_t va) {
    const AddressHistory* history = HistoryOf(pfn, va);
    return history != nullptr ? history->put.Load() : Moment{};
  }

  // The short way in (hot.h), for when no books are wanted. Fills all but space_of and moment.
  void Open(HotPath* hot);
  // The place of an mm's space; kNoSpace if it is not known.
  SpaceIndex SpaceOf(uint32_t mm);

  // Where in a mermap a page is mapped. False if it is not found; looks at so many addresses
  // that a program which repeats a mistake is not held up.
  bool FindMapping(uint64_t pfn, uint64_t* va, uint32_t* mm, uint32_t* owner_cpu);
  // enum flushdep_region_type; 0: in none.
  uint32_t RegionTypeAt(uint64_t va) {
    const Region* region = regions_.Find(va);
    return region != nullptr ? region->type : 0;
  }
  bool IsMermap(uint64_t va) { return RegionTypeAt(va) == FLUSHDEP_REGION_MERMAP; }
  // The mm that a CPU has loaded; 0 if none that we know.
  uint32_t LoadedOn(uint32_t cpu);

  StackDepot& stacks() { return stacks_; }
  const StackDepot& stacks() const { return stacks_; }
  LimitCounts& limits() { return limits_; }
  const LimitCounts& limits() const { return limits_; }
  const Shadow& shadow() const { return shadow_; }
  Inference& inference() { return inference_; }
  const Inference& inference() const { return inference_; }
  FlushSites& flush_sites() { return sites_; }
  CallNames& call_names() { return call_names_; }
  uint32_t cpus() const { return tlb_.cpus(); }
  uint32_t regions() const { return regions_.count(); }

 private:
  // Of the address, if `pfn` is what it maps or mapped last; else null.
  const AddressHistory* HistoryOf(uint64_t pfn, uint64_t va);

  // mappings.cc
  void SetDirect(const flushdep_event& event, uint64_t pfn, const Moment& now);
  void SetMapped(const flushdep_event& event, Region* region, uint64_t va, uint64_t pfn,
                 const Moment& now, MapChange* change);
  void ClearDirect(const flushdep_event& event, uint64_t pfn, uint64_t va, const Moment& now);
  void ClearMapped(const flushdep_event& event, Region* region, uint64_t va, uint64_t pfn,
                   const Moment& now);
  void ReplaceOld(const flushdep_event& event, Region* region, uint64_t va, uint64_t pfn,
                  const Moment& now);
  void CheckReuse(Region& region, Address& address, uint64_t va, uint64_t pfn, MapChange* change);
  void AddDebt(const flushdep_event& event, uint64_t pfn, Shadow::Guard& page,
               const StaleTranslation& stale, const Moment& now);

  // flushes.cc
  uint32_t IssueFlush(const flushdep_event& event, const Moment& now);
  void AckFlush(const flushdep_event& event);
  void ReturnFlush(const flushdep_event& event);
  void Target(const flushdep_event& event);
  CpuSet Requested(const flushdep_event& event, SpaceIndex space) const;
  bool DropOn(uint32_t cpu, uint8_t what, const FlushRecord& record, Epoch at);
  void DropAccessed(uint32_t cpu, const FlushRecord& record, Epoch at);
  enum class Complete : uint8_t { No, ButLazy, Yes };
  void NoteFullFlush(const FlushRecord& flush);
  Complete IsComplete(const FlushRecord& flush) const;
  void Settle(const FlushRecord& flush, Complete complete, bool retiring);
  void StampAddresses(const FlushRecord& flush, bool user_only);
  void ForgetDirectMap(const FlushRecord& flush);
  bool MustSettleOldest();
  void RetireOldest();
  uint32_t Record(const flushdep_event& event, const Moment& now);
  Epoch& AckedAt(const FlushRecord& record, uint32_t cpu) {
    return acked_at_[size_t{record.place} * tlb_.cpus() + cpu];
  }

  // debt.cc
  bool IsClosedCheaply(const StaleTranslation& stale);
  bool IsGranted(uint64_t pfn, const Shadow::Guard& page, const StaleTranslation& stale);
  void DropUnderPti(const StaleTranslation& stale, CpuSet* holders);
  bool IsOpen(uint64_t pfn, const StaleTranslation& stale, CpuSet* holders);
  CpuSet HoldersOf(uint64_t pfn, const StaleTranslation& stale, flushdep_policy policy);
  bool FindDebt(uint64_t pfn, Shadow::Guard& page, Debt* debt);
  void ExplainDebt(uint32_t thread, Debt* debt);

  // contract.cc
  bool HasEnded(SpaceIndex space);
  CpuSet RunnersOf(uint64_t pfn, const StaleTranslation& stale) const;
  bool IsContractOpen(uint64_t pfn, const StaleTranslation& stale, uint32_t thread);
  bool CoversSpace(const FlushRecord& flush, const StaleTranslation& stale) const;
  bool FindOpenContract(uint64_t pfn, Shadow::Guard& page, uint32_t thread, OpenContract* out);
  void ExplainContract(uint32_t thread, OpenContract* contract);
  void FindInversion(const flushdep_event& event, uint64_t pfn, const StaleTranslation& stale,
                     Inversion* inversion);

  // lives.cc
  struct Standing {
    bool open;     // a flush is owed
    bool flushed;  // something was owed, and an explicit flush ended it
  };
  Standing StandingOf(uint64_t pfn, Shadow::Guard& page, uint32_t thread);
  void BeginLife(const flushdep_event& event, uint64_t pfn, uint64_t class_key, const Moment& now);
  void Pass(const flushdep_event& event, uint64_t pfn, Standing standing, const Moment& now,
            uint64_t token = 0);
  void EndLife(const flushdep_event& event, uint64_t pfn, Standing standing, bool unflushable,
               const Moment& now);
  void PassReference(const flushdep_event& event, uint64_t pfn, const Moment& now);
  void CollectUnresolved();

  // An owner change, page by page.
  void JudgePage(const flushdep_event& event, uint64_t pfn, const Moment& now, OwnerChange* change);
  void JudgeContract(const flushdep_event& event, uint64_t pfn, Shadow::Guard& page,
                     const Moment& now, OwnerChange* change);
  bool FindKernelDebt(uint64_t pfn, Shadow::Guard& page, Debt* debt);
  void NoteTable(uint64_t pfn, Shadow::Guard& page, OwnerChange* change);
  void AccountFree(Shadow::Guard& page);

  LimitCounts limits_;
  EpochClock clock_;
  std::atomic<bool> booted_{false};
  alignas(kApart) SpinLock lock_;  // tlb_, flushes_, accessed_, tables_
  // Read by every CPU all the time, so not beside what a flush writes.
  alignas(kApart) TlbModel tlb_;
  RegionTable regions_;
  Shadow shadow_;
  HistoryTable history_;
  StackDepot stacks_;
  alignas(kApart) FlushLog flushes_;
  FlatTable<Epoch> acked_at_;  // by place in flushes_ and CPU
  AccessedTable accessed_;
  HashIndex tables_;             // pfns of linked page-table pages
  FlatTable<Epoch> table_set_;   // since when
  FlatTable<Epoch> direct_set_;  // with PTI: when a page came back into the direct map
  Strength strength_ = Strength::Speculative;
  bool pti_ = false;
  std::atomic<bool> any_large_{false};           // a large entry was ever cleared
  std::atomic<Epoch> last_explicit_{kNever};     // issue of the newest explicit flush
  FlatTable<std::atomic<uint64_t>> full_flush_;  // by space: issue << 16 | thread, of the newest
                                                 // explicit one of all CPUs that returned
  Inference inference_;
  FlushSites sites_;
  CallNames call_names_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_STATE_H_
