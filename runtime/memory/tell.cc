// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/tell.h"

#include "runtime/memory/page_allocator.h"
#include "runtime/memory/zone.h"

namespace flushdep {
namespace {

flushdep_event PageEvent(uint16_t kind, uint64_t pfn, unsigned order, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.u.page.pfn = pfn;
  event.u.page.npages = 1u << (order <= kMaxOrder ? order : kMaxOrder);
  event.u.page.order = static_cast<uint8_t>(order);
  return event;
}

}  // namespace

void EmitAlloc(uint64_t pfn, unsigned order, unsigned flags, Freetype type, const Call& call) {
  flushdep_event event = PageEvent(FLUSHDEP_EV_PAGE_ALLOC, pfn, order, call);
  event.u.page.mm = MmId(t_thread.mm);
  event.u.page.flags = FlagIf(type.unmapped(), FLUSHDEP_PAGE_UNMAPPED) |
                       FlagIf((flags & FLUSHDEP_ALLOC_ZERO) != 0, FLUSHDEP_PAGE_ZEROED) |
                       FlagIf((flags & FLUSHDEP_ALLOC_COMPOUND) != 0, FLUSHDEP_PAGE_COMPOUND);
  event.u.page.migratetype = static_cast<uint8_t>(type.migratetype());
  event.u.page.gfp = flags;
  Emit(event);
}

void EmitFree(uint64_t pfn, unsigned order, bool accepted, const Call& call) {
  flushdep_event event = PageEvent(FLUSHDEP_EV_PAGE_FREE, pfn, order, call);
  event.u.page.mm = MmId(t_thread.mm);
  if (pfn < g_zone.npages) {
    const PageInfo& page = g_zone.pages[pfn];
    event.u.page.old_order = static_cast<uint8_t>(accepted || HasOwner(page) ? page.Order() : 0);
    event.u.page.flags = FlagIf(PageUnmapped(pfn), FLUSHDEP_PAGE_UNMAPPED);
  }
  if (!accepted) event.u.page.flags |= FLUSHDEP_PAGE_REFUSED;
  Emit(event);
}

void EmitRef(uint16_t kind, uint64_t pfn, int delta, int count, bool failed, const Call& call) {
  // The invariant is about owners, not about how many hold a page.
  if (g_hot.InvariantOnly() && !failed) return;
  flushdep_event event = NewEvent(kind, call);
  if (failed) event.flags |= FLUSHDEP_F_FAILED;
  event.u.ref.pfn = pfn;
  event.u.ref.delta = delta;
  event.u.ref.count = count;
  Emit(event);
}

void EmitSplit(uint64_t pfn, unsigned order, const Call& call) {
  flushdep_event event = PageEvent(FLUSHDEP_EV_PAGE_SPLIT, pfn, order, call);
  event.u.page.mm = MmId(t_thread.mm);
  Emit(event);
}

void EmitRetype(uint64_t pfn, unsigned order, Freetype type, const Call& call) {
  flushdep_event event = PageEvent(FLUSHDEP_EV_PAGE_RETYPE, pfn, order, call);
  event.u.page.migratetype = static_cast<uint8_t>(type.migratetype());
  event.u.page.flags = FlagIf(type.unmapped(), FLUSHDEP_PAGE_UNMAPPED);
  Emit(event);
}

}  // namespace flushdep
