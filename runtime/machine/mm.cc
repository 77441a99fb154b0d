// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/mm.h"

#include <unistd.h>

#include "checker/model/hot.h"
#include "checker/report/reporter.h"
#include "runtime/machine/call.h"
#include "runtime/machine/limits.h"
#include "runtime/machine/text.h"
#include "runtime/memory/page_table.h"
#include "runtime/mermap/mermap.h"

namespace flushdep {
namespace {

constinit Mutex g_table_lock;
constinit Mm g_mms[kMaxMms] = {};
constinit uint32_t g_last_id = 0;
constinit uint32_t g_next_slot = 0;
constinit bool g_full_reported = false;

// Slots are handed out in turn, so that addresses of a dead mm come back late.
Mm* TakeSlot() {
  MutexLock lock(g_table_lock);
  for (uint32_t i = 0; i < kMaxMms; i++) {
    uint32_t slot = (g_next_slot + i) % kMaxMms;
    Mm& mm = g_mms[slot];
    if (mm.in_use) continue;
    g_next_slot = (slot + 1) % kMaxMms;
    mm.in_use = true;
    mm.slot = slot;
    mm.id = ++g_last_id;
    // Still under the lock: a late FreeSlotIfUnused() for the slot's last mm must find it used.
    mm.users.store(1);
    return &mm;
  }
  return nullptr;
}

void ReportFull() {
  {
    MutexLock lock(g_table_lock);
    if (g_full_reported) return;
    g_full_reported = true;
  }
  Text text;
  text << "flushdep: out of address spaces [max: " << kMaxMms
       << "]; flushdep_mm_create() fails until one ends\n";
  if (write(STDERR_FILENO, text.view().data(), text.view().size()) < 0) return;
}

void EmitMm(uint16_t kind, const Mm* mm, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.u.mm.mm = mm->id;
  event.u.mm.ctx_id = mm->id;
  event.u.mm.tlb_gen = mm->tlb_gen.load(std::memory_order_relaxed);
  Emit(event);
}

// Exactly one caller gets true: an ended mm can only lose loads.
bool ClaimUnused(Mm* mm) {
  MutexLock lock(g_table_lock);
  if (!mm->in_use || mm->dying || mm->users.load() != 0 || mm->loads.load() != 0) return false;
  mm->dying = true;
  return true;
}

void FreeSlotIfUnused(Mm* mm) {
  if (!ClaimUnused(mm)) return;
  TablesFree(mm, {0, FLUSHDEP_WHY_MERMAP_TEARDOWN, FLUSHDEP_F_INTERNAL});
  MutexLock lock(g_table_lock);
  mm->dying = false;
  mm->in_use = false;
}

}  // namespace

Mm* MmCreate(const Call& call) {
  Mm* mm = TakeSlot();
  if (mm == nullptr) {
    ReportFull();
    return nullptr;
  }
  mm->mermap_ready.store(false);
  mm->area_told.store(false);
  mm->slices_by_hand.store(false);
  mm->tlb_gen.store(1);
  EmitMm(FLUSHDEP_EV_MM_CREATE, mm, call);
  if (kHooks && g_hot.open()) mm->space = g_hot.space_of(mm->id);
  return mm;
}

void MmGet(Mm* mm) {
  if (mm->users.fetch_add(1) == 0) Die(2, "a reference was taken to an address space that ended");
}

void MmPut(Mm* mm, const Call& call) {
  // The end counts as a load, so that the slot stays while it is told.
  MmLoad(mm);
  uint32_t before = mm->users.fetch_sub(1);
  if (before == 0) Die(2, "flushdep_mm_put() of an address space that ended");
  if (before == 1) {
    AreaTeardown(mm, call.Internal(FLUSHDEP_WHY_AREA_CLOSE));
    MermapTeardown(mm, call.Internal(FLUSHDEP_WHY_MERMAP_TEARDOWN));
    EmitMm(FLUSHDEP_EV_MM_END, mm, call);
  }
  MmUnload(mm);
}

void MmLoad(Mm* mm) { mm->loads.fetch_add(1); }

void MmUnload(Mm* mm) {
  if (mm->loads.fetch_sub(1) == 1) FreeSlotIfUnused(mm);
}

Mm* MmOfSlot(uint32_t slot) { return &g_mms[slot]; }

void ForEachMm(void (*fn)(Mm* mm)) {
  for (Mm& mm : g_mms)
    if (mm.in_use) fn(&mm);
}

}  // namespace flushdep
