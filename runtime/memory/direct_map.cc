// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/direct_map.h"

#include <errno.h>

#include "checker/model/options.h"
#include "runtime/access/plain_pages.h"
#include "runtime/machine/arena.h"
#include "runtime/machine/flush.h"
#include "runtime/machine/inject.h"
#include "runtime/machine/layout.h"
#include "runtime/machine/limits.h"
#include "runtime/memory/backend.h"

namespace flushdep {

constinit DirectMap g_direct_map = {};

namespace {

constinit Mutex g_lock;
constinit bool* g_split = nullptr;  // per pageblock; under g_lock

struct Run {
  uint64_t pfn;
  uint64_t npages;
};

// The first run of pages at or after `pfn` that are (not) present, within one
// pageblock, as a 2 MiB entry never spans two. Empty at `end`.
Run NextRun(uint64_t pfn, uint64_t end, bool present) {
  const PageBits& absent = g_direct_map.absent;
  pfn = absent.Next(pfn, end, !present);
  if (pfn == end) return {end, 0};
  uint64_t stop = (pfn / kPageblockPages + 1) * kPageblockPages;
  if (stop > end) stop = end;
  return {pfn, absent.Next(pfn, stop, present) - pfn};
}

bool AnyRun(uint64_t pfn, uint64_t end, bool present) {
  return g_direct_map.absent.Next(pfn, end, !present) != end;
}

// Of the entry that is there now, so before a split is recorded.
uint8_t LevelOf(uint64_t pfn) {
  if (g_split[pfn / kPageblockPages]) return FLUSHDEP_LEVEL_PTE;
  return FLUSHDEP_LEVEL_PMD;
}

void EmitPte(uint16_t kind, const Run& run, const Call& call) {
  // With page-table isolation the kernel's entries are not global (arch/x86/mm/pti.c).
  const auto prot = static_cast<uint16_t>(FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE |
                                          FlagIf(!GetOptions().pti, FLUSHDEP_PROT_GLOBAL));
  bool set = kind == FLUSHDEP_EV_PTE_SET;
  flushdep_event event = NewEvent(kind, call);
  flushdep_event_pte& pte = event.u.pte;
  pte.va = DirectMapAddress(run.pfn);
  pte.pfn = run.pfn;
  pte.old_pfn = set ? FLUSHDEP_NO_PFN : run.pfn;
  pte.mm = FLUSHDEP_SPACE_KERNEL;
  pte.npages = static_cast<uint32_t>(run.npages);
  pte.prot = prot;
  pte.old_prot = set ? uint16_t{0} : prot;
  pte.level = kind == FLUSHDEP_EV_PTE_SPLIT ? uint8_t{FLUSHDEP_LEVEL_PTE} : LevelOf(run.pfn);
  pte.old_level = set ? uint8_t{0} : LevelOf(run.pfn);
  Emit(event);
}

bool Cuts(uint64_t edge) { return edge % kPageblockPages != 0; }

// If [pfn, end) is a part of a 2 MiB entry and changes anything, the entry becomes small ones, and
// a flush makes sure that no TLB holds both sizes. True if it was split: the lock was not held
// while CPUs were asked.
bool SplitFor(uint64_t pfn, uint64_t end, bool valid, const Call& caller) {
  uint64_t block = pfn / kPageblockPages;
  if (g_split[block] || !AnyRun(pfn, end, !valid)) return false;
  const Call call = caller.Internal(FLUSHDEP_WHY_SPLIT);
  if (DirectMapPresent(pfn))
    EmitPte(FLUSHDEP_EV_PTE_SPLIT, {block * kPageblockPages, kPageblockPages}, caller);
  g_split[block] = true;
  g_lock.Unlock();
  FlushAll(call);
  g_lock.Lock();
  return true;
}

// Of a range: up to where its first entry ends if it takes only a part of that, and
// from where its last one begins if it takes only a part of that.
uint64_t HeadEnd(uint64_t pfn, uint64_t end) {
  uint64_t stop = (pfn / kPageblockPages + 1) * kPageblockPages;
  if (stop >= end) return Cuts(pfn) || Cuts(end) ? end : pfn;
  return Cuts(pfn) ? stop : pfn;
}
uint64_t TailStart(uint64_t pfn, uint64_t end) {
  if (HeadEnd(pfn, end) == end) return end;
  return end / kPageblockPages * kPageblockPages;
}

void SplitHead(uint64_t pfn, uint64_t end, bool valid, const Call& call) {
  uint64_t stop = HeadEnd(pfn, end);
  if (stop != pfn) SplitFor(pfn, stop, valid, call);
}
bool SplitTail(uint64_t pfn, uint64_t end, bool valid, const Call& call) {
  uint64_t start = TailStart(pfn, end);
  return start != end && SplitFor(start, end, valid, call);
}

// After a failure half way: what is recorded is what was.
void Undo(uint64_t pfn, uint64_t end) {
  for (bool present : {true, false})
    for (Run run = NextRun(pfn, end, present); run.npages > 0;
         run = NextRun(run.pfn + run.npages, end, present))
      GetBackend().set_direct(run.pfn, run.npages, present);
}

void RecordCleared(uint64_t pfn, uint64_t end, const Call& call) {
  for (Run run = NextRun(pfn, end, true); run.npages > 0; run = NextRun(run.pfn, end, true)) {
    g_direct_map.absent.Set(run.pfn, run.pfn + run.npages);
    ForgetPlain(run.pfn, run.npages);
    EmitPte(FLUSHDEP_EV_PTE_CLEAR, run, call);
  }
}

bool TakeOut(uint64_t pfn, uint64_t end) {
  if (GetBackend().set_direct(pfn, end - pfn, false) == 0) return true;
  Undo(pfn, end);
  return false;
}

// As Linux, from the first page to the last: the flush of a split at the end comes when
// everything before it is cleared already, and so covers that.
int Clear(uint64_t pfn, uint64_t end, const Call& call) {
  SplitHead(pfn, end, false, call);
  if (!TakeOut(pfn, end)) return -ENOMEM;
  uint64_t tail = TailStart(pfn, end);
  RecordCleared(pfn, tail, call);
  // Meanwhile another thread may have set pages around it, and these, not yet recorded, with them.
  if (SplitTail(pfn, end, false, call) && !TakeOut(tail, end)) return -ENOMEM;
  RecordCleared(tail, end, call);
  return 0;
}

void EmitAbsentRuns(uint16_t kind, uint64_t pfn, uint64_t end, const Call& call) {
  for (Run run = NextRun(pfn, end, false); run.npages > 0;
       run = NextRun(run.pfn + run.npages, end, false))
    EmitPte(kind, run, call);
}

int Set(uint64_t pfn, uint64_t end, const Call& call) {
  SplitHead(pfn, end, true, call);
  SplitTail(pfn, end, true, call);
  EmitAbsentRuns(FLUSHDEP_EV_PTE_SET, pfn, end, call);
  if (GetBackend().set_direct(pfn, end - pfn, true) != 0) {
    Undo(pfn, end);
    Call undone = call.Internal(call.reason);
    undone.flags |= FLUSHDEP_F_FAILED;
    EmitAbsentRuns(FLUSHDEP_EV_PTE_CLEAR, pfn, end, undone);
    return -ENOMEM;
  }
  g_direct_map.absent.Clear(pfn, end);
  return 0;
}

}  // namespace

void BootDirectMap(uint64_t pfns) {
  g_direct_map.absent = PageBits(MapTable<PageBits::Word>(PageBits::Words(pfns)));
  g_direct_map.pfns = pfns;
  g_split = MapTable<bool>(pfns / kPageblockPages + 1);
}

bool CanSetDirectMap() { return GetOptions().direct_map; }

int SetDirectMap(uint64_t pfn, uint64_t npages, bool valid, const Call& call) {
  const uint64_t pfns = g_direct_map.pfns;
  if (npages == 0 || pfn >= pfns || npages > pfns - pfn) return -EINVAL;
  if (!CanSetDirectMap()) return -EOPNOTSUPP;
  uint64_t end = pfn + npages;
  MutexLock lock(g_lock);
  if (!AnyRun(pfn, end, !valid)) return 0;
  if (InjectFailure(InjectPoint::DirectMap, call)) return -ENOMEM;
  return valid ? Set(pfn, end, call) : Clear(pfn, end, call);
}

void RestoreDirectMap() {
  const PageBits& absent = g_direct_map.absent;
  const uint64_t end = g_direct_map.pfns;
  for (uint64_t pfn = absent.Next(0, end, true); pfn < end;) {
    uint64_t stop = absent.Next(pfn, end, false);
    if (GetBackend().set_direct(pfn, stop - pfn, false) != 0)
      Die(4, "the host's limit of mappings was reached while rebuilding the direct map after fork");
    pfn = absent.Next(stop, end, true);
  }
}

}  // namespace flushdep
