// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/page_refs.h"

#include <errno.h>

#include "runtime/memory/page_allocator.h"
#include "runtime/memory/tell.h"
#include "runtime/memory/zone.h"

namespace flushdep {
namespace {

// Under the page's lock: one more, unless there is none. 0: there was none.
int AddRef(PageInfo& page) {
  if (!HasOwner(page)) return 0;
  int count = page.refs.load(std::memory_order_relaxed);
  if (count <= 0) return 0;
  page.refs.store(count + 1, std::memory_order_relaxed);
  return count + 1;
}

// Under the page's lock: the count afterwards; -1: nobody was owed this.
int DropRef(PageInfo& page) {
  if (!HasOwner(page)) return -1;
  int count = page.refs.load(std::memory_order_relaxed);
  if (count <= 0) return -1;
  page.refs.store(count - 1, std::memory_order_relaxed);
  return count - 1;
}

// Drops and tells: the count afterwards; -1: nobody was owed this, and nothing was told.
int Drop(uint64_t pfn, unsigned* allocated, const Call& call) {
  if (pfn >= g_zone.npages) return -1;
  PageInfo& page = g_zone.pages[pfn];
  PageLock lock(page);
  if (HasOwner(page)) *allocated = page.Order();
  int count = DropRef(page);
  if (count >= 0) EmitRef(FLUSHDEP_EV_REF_PUT, pfn, -1, count, false, call);
  return count;
}

// A drop that nobody was owed is a free that the allocator refuses.
void RefuseDrop(uint64_t pfn, unsigned order, const Call& call) {
  EmitFree(pfn, order, false, call);
  Count(AllocCounter::kFreeRefused);
}

void SplitInto(uint64_t pfn, unsigned order, int refs) {
  for (uint64_t i = pfn; i < pfn + (1ull << order); i++) {
    PageInfo& page = g_zone.pages[i];
    page.SetOrder(0);
    page.refs.store(refs, std::memory_order_relaxed);
    page.SetFlags(0);
    page.SetState(PageState::Allocated);
  }
}

}  // namespace

uint64_t HeadOf(uint64_t pfn) {
  if (pfn >= g_zone.npages) return pfn;
  const PageInfo& page = g_zone.pages[pfn];
  return page.State() == PageState::Tail ? page.Next() : pfn;
}

void GetPage(uint64_t pfn, const Call& call) {
  pfn = HeadOf(pfn);
  if (pfn >= g_zone.npages) return EmitRef(FLUSHDEP_EV_REF_GET, pfn, 1, 0, true, call);
  PageLock lock(g_zone.pages[pfn]);
  int count = AddRef(g_zone.pages[pfn]);
  EmitRef(FLUSHDEP_EV_REF_GET, pfn, 1, count, count == 0, call);
}

bool TryGetPage(uint64_t pfn, const Call& call) {
  pfn = HeadOf(pfn);
  if (pfn >= g_zone.npages) return false;
  PageLock lock(g_zone.pages[pfn]);
  int count = AddRef(g_zone.pages[pfn]);
  if (count > 0) EmitRef(FLUSHDEP_EV_REF_GET, pfn, 1, count, false, call);
  return count > 0;
}

bool PutPage(uint64_t pfn, int order, const Call& call) {
  pfn = HeadOf(pfn);
  unsigned allocated = 0;
  int count = Drop(pfn, &allocated, call);
  unsigned freed = order >= 0 ? static_cast<unsigned>(order) : allocated;
  if (count < 0) RefuseDrop(pfn, freed, call);
  if (count == 0) FreePages(pfn, freed, call);
  return count == 0;
}

bool DropPage(uint64_t pfn, const Call& call) {
  pfn = HeadOf(pfn);
  unsigned allocated = 0;
  int count = Drop(pfn, &allocated, call);
  if (count < 0) RefuseDrop(pfn, allocated, call);
  return count == 0;
}

bool FreezePage(uint64_t pfn, int count, const Call& call) {
  pfn = HeadOf(pfn);
  if (pfn >= g_zone.npages || count <= 0) return false;
  PageInfo& page = g_zone.pages[pfn];
  PageLock lock(page);
  if (!HasOwner(page) || page.refs.load(std::memory_order_relaxed) != count) return false;
  page.refs.store(0, std::memory_order_relaxed);
  EmitRef(FLUSHDEP_EV_REF_PUT, pfn, -count, 0, false, call);
  return true;
}

bool UnfreezePage(uint64_t pfn, int count, const Call& call) {
  if (pfn >= g_zone.npages) return false;
  PageInfo& page = g_zone.pages[pfn];
  PageLock lock(page);
  bool frozen = HasOwner(page) && page.refs.load(std::memory_order_relaxed) == 0;
  if (frozen) page.refs.store(count, std::memory_order_relaxed);
  EmitRef(FLUSHDEP_EV_REF_GET, pfn, count, frozen ? count : 0, !frozen, call);
  return frozen;
}

int PageRefs(uint64_t pfn) {
  pfn = HeadOf(pfn);
  if (pfn >= g_zone.npages || !HasOwner(g_zone.pages[pfn])) return 0;
  return g_zone.pages[pfn].refs.load(std::memory_order_relaxed);
}

int AllocatedOrder(uint64_t pfn) {
  pfn = HeadOf(pfn);
  if (pfn >= g_zone.npages || !HasOwner(g_zone.pages[pfn])) return -1;
  return static_cast<int>(g_zone.pages[pfn].Order());
}

int SplitPage(uint64_t pfn, const Call& call) {
  if (pfn >= g_zone.npages) return -EINVAL;
  PageInfo& page = g_zone.pages[pfn];
  PageLock lock(page);
  if (page.State() == PageState::Isolated) return -EBUSY;
  if (page.State() != PageState::Allocated) return -EINVAL;
  int refs = page.refs.load(std::memory_order_relaxed);
  if (refs > 1) return -EBUSY;
  unsigned order = page.Order();
  // Told before a part of it can be freed.
  EmitSplit(pfn, order, call);
  SplitInto(pfn, order, refs);
  return 0;
}

}  // namespace flushdep
