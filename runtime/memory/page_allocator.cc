// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/page_allocator.h"

#include "checker/model/hot.h"
#include "runtime/access/access.h"
#include "runtime/machine/arena.h"
#include "runtime/machine/flush.h"
#include "runtime/machine/inject.h"
#include "runtime/machine/layout.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/buddy.h"
#include "runtime/memory/direct_map.h"

namespace flushdep {
namespace {

constinit uint64_t g_pfns = 0;
constinit PageInfo* g_pages = nullptr;

// The zone: lists and freetypes, under its lock.
constinit Mutex g_zone_lock;
constinit Buddy g_buddy;

// A count and the event that tells it change together, under one of these, so that
// drops from several threads are told in the order in which they happened.
constexpr uint64_t kRefStripes = 64;
constinit Mutex g_ref_locks[kRefStripes];

constinit std::atomic<uint64_t> g_flips_to[kNumFreeTypes] = {};
constinit std::atomic<uint64_t> g_flip_failures{0};
constinit std::atomic<uint64_t> g_refused_frees{0};

void Count(std::atomic<uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }

FreeType Other(FreeType type) {
  return type == FreeType::Mapped ? FreeType::Unmapped : FreeType::Mapped;
}

uint64_t TakeLocked(FreeType type, unsigned order, PageState state) {
  MutexLock lock(g_zone_lock);
  uint64_t pfn = g_buddy.Take(type, order);
  if (pfn != 0) g_pages[pfn].state.store(state, std::memory_order_relaxed);
  return pfn;
}

void EmitRetype(uint64_t pfn, unsigned order, FreeType type, const Call& call) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_PAGE_RETYPE, call);
  event.u.page.pfn = pfn;
  event.u.page.npages = 1u << order;
  event.u.page.order = static_cast<uint8_t>(order);
  event.u.page.flags = FlagIf(type == FreeType::Unmapped, FLUSHDEP_PAGE_UNMAPPED);
  Emit(event);
}

// Out of the direct map, and out of every TLB, before anyone can get a page of it.
bool UnmapBlock(uint64_t pfn, uint64_t npages, const Call& call) {
  if (SetDirectMap(pfn, npages, false, call) != 0) return false;
  FlushKernelRange(DirectMapAddress(pfn), DirectMapAddress(pfn + npages), call);
  return true;
}

// What was secret must not show in the direct map. Becoming present needs no flush.
bool MapBlock(uint64_t pfn, uint64_t npages, const Call& call) {
  GetBackend().zero(pfn, npages);
  return SetDirectMap(pfn, npages, true, call) == 0;
}

// Moves a free block of at least a pageblock from the other freetype to `to`.
// On error the block is freed with the type that it had. False: no such block, or error.
bool FlipBlock(FreeType to, unsigned order, const Call& caller) {
  if (order < kPageblockOrder) order = kPageblockOrder;
  bool unmap = to == FreeType::Unmapped;
  const Call call = caller.Internal(unmap ? FLUSHDEP_WHY_BLOCK_UNMAP : FLUSHDEP_WHY_BLOCK_MAP);
  uint64_t pfn = TakeLocked(Other(to), order, PageState::Flipping);
  if (pfn == 0) return false;
  uint64_t npages = 1ull << order;
  bool done = unmap ? UnmapBlock(pfn, npages, call) : MapBlock(pfn, npages, call);
  if (done) EmitRetype(pfn, order, to, call);
  MutexLock lock(g_zone_lock);
  if (done) g_buddy.SetType(pfn, npages, to);
  g_buddy.Give(pfn, order);
  Count(done ? g_flips_to[static_cast<unsigned>(to)] : g_flip_failures);
  return done;
}

// A flip changes page tables and may have to interrupt every CPU, so not from
// where the caller may not block.
bool MayFlip(unsigned flags) {
  return (flags & FLUSHDEP_ALLOC_ATOMIC) == 0 && t_thread.context.preempt == 0;
}

uint64_t TakeOrFlip(FreeType type, unsigned order, unsigned flags, const Call& call) {
  for (;;) {
    uint64_t pfn = TakeLocked(type, order, PageState::None);
    if (pfn != 0) return pfn;
    // Another thread may take the flipped block first; then the next flip is tried, and the
    // supply of blocks ends this.
    if (!MayFlip(flags) || !FlipBlock(type, order, call)) return 0;
  }
}

flushdep_event PageEvent(uint16_t kind, uint64_t pfn, unsigned order, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.u.page.pfn = pfn;
  event.u.page.npages = 1u << (order <= kMaxOrder ? order : kMaxOrder);
  event.u.page.mm = MmId(t_thread.mm);
  event.u.page.order = static_cast<uint8_t>(order);
  return event;
}

void ZeroPages(uint64_t pfn, unsigned order, bool unmapped, const Call& call) {
  if (unmapped)
    GetBackend().zero(pfn, 1ull << order);
  else
    FillSimulated(DirectMapAddress(pfn), 0, kPageBytes << order, {call.site, 0, true, true});
}

// Exactly one free of an allocation gets this; it alone may go on to the lists.
bool ClaimForFree(uint64_t pfn, unsigned order) {
  if (pfn >= g_pfns) return false;
  PageInfo& page = g_pages[pfn];
  PageState expected = PageState::Allocated;
  if (page.state.load(std::memory_order_acquire) != expected || page.order != order) return false;
  return page.state.compare_exchange_strong(expected, PageState::Freeing);
}

bool HasOwner(uint64_t pfn) {
  return pfn < g_pfns && g_pages[pfn].state.load(std::memory_order_acquire) == PageState::Allocated;
}

void EmitRef(uint16_t kind, uint64_t pfn, int delta, int count, bool failed, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  if (failed) event.flags |= FLUSHDEP_F_FAILED;
  event.u.ref.pfn = pfn;
  event.u.ref.delta = delta;
  event.u.ref.count = count;
  Emit(event);
}

}  // namespace

void BootPageAllocator(uint64_t pfns) {
  g_pfns = pfns;
  g_pages = MapTable<PageInfo>(pfns);
  g_buddy.Init(g_pages, MapTable<FreeType>(pfns / kPageblockPages), pfns);
}

namespace {

void TellAlloc(uint64_t pfn, unsigned order, unsigned flags, const Call& call) {
  if (kHooks && order == 0 && hot::Alloc(pfn)) return;
  flushdep_event event = PageEvent(FLUSHDEP_EV_PAGE_ALLOC, pfn, order, call);
  event.u.page.flags = FlagIf((flags & FLUSHDEP_ALLOC_UNMAPPED) != 0, FLUSHDEP_PAGE_UNMAPPED) |
                       FlagIf((flags & FLUSHDEP_ALLOC_ZERO) != 0, FLUSHDEP_PAGE_ZEROED);
  event.u.page.gfp = flags;
  Emit(event);
}

void TellFree(uint64_t pfn, unsigned order, bool accepted, const Call& call) {
  if (kHooks && accepted && order == 0 && hot::Free(pfn)) return;
  flushdep_event event = PageEvent(FLUSHDEP_EV_PAGE_FREE, pfn, order, call);
  if (pfn < g_pfns) {
    const bool allocated = accepted || HasOwner(pfn);
    event.u.page.old_order = allocated ? g_pages[pfn].order : 0;
    if (PageUnmapped(pfn)) event.u.page.flags |= FLUSHDEP_PAGE_UNMAPPED;
  }
  if (!accepted) event.u.page.flags |= FLUSHDEP_PAGE_REFUSED;
  Emit(event);
}

}  // namespace

uint64_t AllocPages(unsigned order, unsigned flags, const Call& call) {
  if (order > kMaxOrder || InjectFailure(InjectPoint::Alloc, call)) return FLUSHDEP_PFN_NONE;
  bool unmapped = (flags & FLUSHDEP_ALLOC_UNMAPPED) != 0;
  bool zero = (flags & FLUSHDEP_ALLOC_ZERO) != 0;
  uint64_t pfn = TakeOrFlip(unmapped ? FreeType::Unmapped : FreeType::Mapped, order, flags, call);
  if (pfn == 0) return FLUSHDEP_PFN_NONE;
  TellAlloc(pfn, order, flags, call);
  if (zero) ZeroPages(pfn, order, unmapped, call);
  PageInfo& page = g_pages[pfn];
  page.order = static_cast<uint8_t>(order);
  page.refs.store(1, std::memory_order_relaxed);
  page.state.store(PageState::Allocated, std::memory_order_release);
  return pfn;
}

void FreePages(uint64_t pfn, unsigned order, const Call& call) {
  bool accepted = ClaimForFree(pfn, order);
  TellFree(pfn, order, accepted, call);
  if (!accepted) return Count(g_refused_frees);
  g_pages[pfn].refs.store(0, std::memory_order_relaxed);
  MutexLock lock(g_zone_lock);
  g_buddy.Give(pfn, order);
}

void GetPage(uint64_t pfn, const Call& call) {
  MutexLock lock(g_ref_locks[pfn % kRefStripes]);
  bool owned = HasOwner(pfn);
  int count = owned ? g_pages[pfn].refs.fetch_add(1, std::memory_order_relaxed) + 1 : 0;
  EmitRef(FLUSHDEP_EV_REF_GET, pfn, 1, count, !owned, call);
}

bool PutPage(uint64_t pfn, int order, const Call& call) {
  int count = -1;
  {
    MutexLock lock(g_ref_locks[pfn % kRefStripes]);
    if (HasOwner(pfn) && g_pages[pfn].refs.load(std::memory_order_relaxed) > 0)
      count = g_pages[pfn].refs.fetch_sub(1, std::memory_order_acq_rel) - 1;
    if (count >= 0) EmitRef(FLUSHDEP_EV_REF_PUT, pfn, -1, count, false, call);
  }
  if (count > 0) return false;
  // A drop that nobody was owed is a free that the allocator refuses.
  unsigned allocated = HasOwner(pfn) ? g_pages[pfn].order : 0;
  FreePages(pfn, order >= 0 ? static_cast<unsigned>(order) : allocated, call);
  return count == 0;
}

int PageRefs(uint64_t pfn) {
  return HasOwner(pfn) ? g_pages[pfn].refs.load(std::memory_order_relaxed) : 0;
}

bool PageUnmapped(uint64_t pfn) {
  if (pfn >= g_pfns) return false;
  MutexLock lock(g_zone_lock);
  return g_buddy.TypeOf(pfn) == FreeType::Unmapped;
}

uint64_t NumPages() { return g_pfns; }

AllocatorStats ReadAllocatorStats() {
  AllocatorStats stats = {};
  MutexLock lock(g_zone_lock);
  for (unsigned i = 0; i < kNumFreeTypes; i++) {
    FreeType type = static_cast<FreeType>(i);
    for (unsigned order = 0; order <= kMaxOrder; order++)
      stats.free_blocks[i][order] = g_buddy.free_blocks(type, order);
    stats.free_pages[i] = g_buddy.free_pages(type);
    stats.flips_to[i] = g_flips_to[i].load(std::memory_order_relaxed);
  }
  stats.flip_failures = g_flip_failures.load(std::memory_order_relaxed);
  stats.refused_frees = g_refused_frees.load(std::memory_order_relaxed);
  return stats;
}

}  // namespace flushdep
