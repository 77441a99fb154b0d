// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/direct_map.h"

#include <errno.h>

#include "runtime/machine/arena.h"
#include "runtime/machine/inject.h"
#include "runtime/machine/layout.h"
#include "runtime/machine/limits.h"
#include "runtime/memory/backend.h"

namespace flushdep {
namespace {

// All under g_lock; `absent` is also read without it.
constinit Mutex g_lock;
constinit uint64_t g_pfns = 0;
constinit std::atomic<uint64_t>* g_absent = nullptr;  // a bit per pfn
constinit bool* g_split = nullptr;                    // per pageblock

bool Present(uint64_t pfn) {
  return (g_absent[pfn / 64].load(std::memory_order_relaxed) >> (pfn % 64) & 1) == 0;
}

void Record(uint64_t pfn, uint64_t npages, bool valid) {
  for (uint64_t i = pfn; i < pfn + npages; i++) {
    uint64_t bit = 1ull << (i % 64);
    if (valid)
      g_absent[i / 64].fetch_and(~bit, std::memory_order_relaxed);
    else
      g_absent[i / 64].fetch_or(bit, std::memory_order_relaxed);
  }
}

struct Run {
  uint64_t pfn;
  uint64_t npages;
};

// The first run of pages at or after `pfn` that are (not) present, within one
// pageblock, as a 2 MiB entry never spans two. Empty at `end`.
Run NextRun(uint64_t pfn, uint64_t end, bool present) {
  while (pfn < end && Present(pfn) != present) pfn++;
  uint64_t stop = (pfn / kPageblockPages + 1) * kPageblockPages;
  if (stop > end) stop = end;
  uint64_t last = pfn;
  while (last < stop && Present(last) == present) last++;
  return {pfn, last - pfn};
}

// Of the entry that is there now, so before a split is recorded.
uint8_t LevelOf(uint64_t pfn) {
  if (g_split[pfn / kPageblockPages]) return FLUSHDEP_LEVEL_PTE;
  return FLUSHDEP_LEVEL_PMD;
}

void EmitPte(uint16_t kind, const Run& run, const Call& call) {
  constexpr uint16_t kProt = FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE | FLUSHDEP_PROT_GLOBAL;
  bool set = kind == FLUSHDEP_EV_PTE_SET;
  flushdep_event event = NewEvent(kind, call);
  flushdep_event_pte& pte = event.u.pte;
  pte.va = DirectMapAddress(run.pfn);
  pte.pfn = run.pfn;
  pte.old_pfn = set ? FLUSHDEP_NO_PFN : run.pfn;
  pte.mm = FLUSHDEP_SPACE_KERNEL;
  pte.npages = static_cast<uint32_t>(run.npages);
  pte.prot = kProt;
  pte.old_prot = set ? 0 : kProt;
  pte.level = kind == FLUSHDEP_EV_PTE_SPLIT ? uint8_t{FLUSHDEP_LEVEL_PTE} : LevelOf(run.pfn);
  pte.old_level = set ? uint8_t{0} : LevelOf(run.pfn);
  Emit(event);
}

// A 2 MiB entry of which only a part is to change is split first.
void SplitEnds(uint64_t pfn, uint64_t end, const Call& call) {
  for (uint64_t edge : {pfn, end}) {
    uint64_t block = edge / kPageblockPages;
    if (edge % kPageblockPages == 0 || g_split[block]) continue;
    if (Present(edge))
      EmitPte(FLUSHDEP_EV_PTE_SPLIT, {block * kPageblockPages, kPageblockPages}, call);
    g_split[block] = true;
  }
}

// After a failure half way: what is recorded is what was.
void Undo(uint64_t pfn, uint64_t end) {
  for (bool present : {true, false})
    for (Run run = NextRun(pfn, end, present); run.npages > 0;
         run = NextRun(run.pfn + run.npages, end, present))
      GetBackend().set_direct(run.pfn, run.npages, present);
}

int Clear(uint64_t pfn, uint64_t end, const Call& call) {
  if (GetBackend().set_direct(pfn, end - pfn, false) != 0) {
    Undo(pfn, end);
    return -ENOMEM;
  }
  for (Run run = NextRun(pfn, end, true); run.npages > 0;
       run = NextRun(run.pfn + run.npages, end, true)) {
    EmitPte(FLUSHDEP_EV_PTE_CLEAR, run, call);
    Record(run.pfn, run.npages, false);
  }
  return 0;
}

void EmitAbsentRuns(uint16_t kind, uint64_t pfn, uint64_t end, const Call& call) {
  for (Run run = NextRun(pfn, end, false); run.npages > 0;
       run = NextRun(run.pfn + run.npages, end, false))
    EmitPte(kind, run, call);
}

int Set(uint64_t pfn, uint64_t end, const Call& call) {
  EmitAbsentRuns(FLUSHDEP_EV_PTE_SET, pfn, end, call);
  if (GetBackend().set_direct(pfn, end - pfn, true) != 0) {
    Undo(pfn, end);
    Call undone = call.Internal(call.reason);
    undone.flags |= FLUSHDEP_F_FAILED;
    EmitAbsentRuns(FLUSHDEP_EV_PTE_CLEAR, pfn, end, undone);
    return -ENOMEM;
  }
  Record(pfn, end - pfn, true);
  return 0;
}

}  // namespace

void BootDirectMap(uint64_t pfns) {
  g_pfns = pfns;
  g_absent = MapTable<std::atomic<uint64_t>>(pfns / 64 + 1);
  g_split = MapTable<bool>(pfns / kPageblockPages + 1);
}

bool DirectMapPresent(uint64_t pfn) { return pfn < g_pfns && Present(pfn); }

int SetDirectMap(uint64_t pfn, uint64_t npages, bool valid, const Call& call) {
  if (npages == 0 || pfn >= g_pfns || npages > g_pfns - pfn) return -EINVAL;
  uint64_t end = pfn + npages;
  MutexLock lock(g_lock);
  if (NextRun(pfn, end, !valid).npages == 0) return 0;
  if (InjectFailure(InjectPoint::DirectMap, call)) return -ENOMEM;
  SplitEnds(pfn, end, call);
  return valid ? Set(pfn, end, call) : Clear(pfn, end, call);
}

void RestoreDirectMap() {
  for (Run run = NextRun(0, g_pfns, false); run.npages > 0;
       run = NextRun(run.pfn + run.npages, g_pfns, false))
    if (GetBackend().set_direct(run.pfn, run.npages, false) != 0)
      Die(4, "the host's limit of mappings was reached while rebuilding the direct map after fork");
}

}  // namespace flushdep
