// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/page_allocator.h"

#include "runtime/machine/context.h"
#include "runtime/machine/inject.h"
#include "runtime/memory/compaction.h"
#include "runtime/memory/flip.h"
#include "runtime/memory/tell.h"
#include "runtime/memory/zeroing.h"
#include "runtime/memory/zone.h"

namespace flushdep {
namespace {

constinit thread_local unsigned t_scope = 0;

constexpr unsigned kKnownFlags =
    FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO | FLUSHDEP_ALLOC_ATOMIC | FLUSHDEP_ALLOC_MOVABLE |
    FLUSHDEP_ALLOC_RECLAIMABLE | FLUSHDEP_ALLOC_COMPOUND | FLUSHDEP_ALLOC_NOLOCK;
constexpr unsigned kKnownAllocFlags = FLUSHDEP_ALLOCF_UNMAPPED | FLUSHDEP_ALLOCF_NO_WATERMARKS;
constexpr unsigned kMobility = FLUSHDEP_ALLOC_MOVABLE | FLUSHDEP_ALLOC_RECLAIMABLE;

// Both at once is no type, as with gfp_migratetype().
Freetype TypeFor(unsigned flags) {
  bool movable = (flags & FLUSHDEP_ALLOC_MOVABLE) != 0;
  bool reclaimable = (flags & FLUSHDEP_ALLOC_RECLAIMABLE) != 0;
  if (movable && reclaimable) return Freetype::FromBits(~0u);
  Migratetype type = movable       ? Migratetype::Movable
                     : reclaimable ? Migratetype::Reclaimable
                                   : Migratetype::Unmovable;
  return Freetype(type, (flags & FLUSHDEP_ALLOC_UNMAPPED) != 0 ? kFreetypeUnmapped : 0);
}

bool MakeRequest(unsigned order, unsigned flags, unsigned alloc_flags, Request* request) {
  if (order > kMaxOrder || (flags & ~kKnownFlags) != 0 || (alloc_flags & ~kKnownAllocFlags) != 0)
    return false;
  request->type = TypeFor(flags);
  request->order = order;
  request->no_lock = (flags & FLUSHDEP_ALLOC_NOLOCK) != 0;
  if ((flags & FLUSHDEP_ALLOC_ATOMIC) != 0) request->reserve = Reserve::Dip;
  if ((alloc_flags & FLUSHDEP_ALLOCF_NO_WATERMARKS) != 0) request->reserve = Reserve::All;
  return request->type.index() >= 0 && !RefusesZero(flags);
}

// The CPU's own list did not serve. See the order in the header.
uint64_t AllocSlowly(const Request& request, unsigned flags, const Call& call) {
  bool may_flip = (flags & (FLUSHDEP_ALLOC_ATOMIC | FLUSHDEP_ALLOC_NOLOCK)) == 0 && MayFlip();
  bool error = false;
  if (uint64_t pfn = ZoneTake(request); pfn != 0) return pfn;
  if (may_flip)
    if (uint64_t pfn = FlipAndTake(request, call, &error); pfn != 0) return pfn;
  if (request.no_lock) return 0;
  DrainAll();
  if (uint64_t pfn = ZoneTake(request); pfn != 0) return pfn;
  if (!may_flip) {
    if (request.type.unmapped()) Count(AllocCounter::kFailContext);
    return 0;
  }
  if (error) return 0;
  if (uint64_t pfn = FlipAndTake(request, call, &error); pfn != 0) return pfn;
  return request.type.unmapped() && !error ? CompactAndTake(request, call) : 0;
}

void SetTails(uint64_t head, unsigned order, PageState state) {
  for (uint64_t pfn = head + 1; pfn < head + (1ull << order); pfn++) {
    g_zone.pages[pfn].SetNext(head);
    g_zone.pages[pfn].SetState(state);
  }
}

// From here on it has an owner.
void SetOwned(uint64_t pfn, unsigned order, unsigned page_flags, int refs) {
  PageInfo& page = g_zone.pages[pfn];
  if ((page_flags & kPageCompound) != 0) SetTails(pfn, order, PageState::Tail);
  page.SetOrder(order);
  page.SetFlags(page_flags);
  page.refs.store(refs, std::memory_order_relaxed);
  page.SetState(PageState::Allocated);
}

uint64_t Alloc(unsigned order, unsigned flags, unsigned alloc_flags, int refs, const Call& call) {
  if ((alloc_flags & FLUSHDEP_ALLOCF_UNMAPPED) != 0) flags |= FLUSHDEP_ALLOC_UNMAPPED;
  Request request;
  if (!MakeRequest(order, flags, alloc_flags, &request)) {
    Count(AllocCounter::kFailInvalid);
    return FLUSHDEP_PFN_NONE;
  }
  if (InjectFailure(InjectPoint::Alloc, call)) {
    Count(AllocCounter::kFailInjected);
    return FLUSHDEP_PFN_NONE;
  }
  uint64_t pfn = order <= kPcpMaxOrder ? PcpTake(request) : 0;
  if (__builtin_expect(pfn == 0, 0)) pfn = AllocSlowly(request, flags, call);
  if (pfn == 0) {
    Count(AllocCounter::kFail);
    return FLUSHDEP_PFN_NONE;
  }
  TellAlloc(pfn, order, flags, request.type, call);
  if ((flags & FLUSHDEP_ALLOC_ZERO) != 0) ZeroPages(pfn, order, request.type.unmapped(), call);
  SetOwned(pfn, order,
           FlagIf((flags & FLUSHDEP_ALLOC_COMPOUND) != 0, kPageCompound) |
               FlagIf((flags & FLUSHDEP_ALLOC_MOVABLE) != 0, kPageMovable),
           refs);
  Count(request.type.unmapped() ? AllocCounter::kAllocUnmapped : AllocCounter::kAlloc,
        1ull << order);
  return pfn;
}

// Exactly one free of an allocation gets this; it alone may go on to the lists. A page that
// is being moved is left to whoever moves it.
enum class Claimed : uint8_t { No, Yes, LeftToMover };
Claimed ClaimForFree(uint64_t pfn, unsigned order) {
  if (pfn >= g_zone.npages) return Claimed::No;
  PageInfo& page = g_zone.pages[pfn];
  if (!HasOwner(page) || page.Order() != order) return Claimed::No;
  if (page.Claim(PageState::Allocated, PageState::Freeing)) return Claimed::Yes;
  if (page.Claim(PageState::Isolated, PageState::IsolatedFreed)) return Claimed::LeftToMover;
  // The move ended in between.
  return page.Claim(PageState::Allocated, PageState::Freeing) ? Claimed::Yes : Claimed::No;
}

}  // namespace

void BootPageAllocator(uint64_t pfns) {
  BootZone(pfns);
  BootCompaction(pfns);
}

uint64_t AllocPages(unsigned order, unsigned flags, const Call& call) {
  return Alloc(order, flags, 0, 1, call);
}

uint64_t AllocFrozenPages(unsigned order, unsigned flags, unsigned alloc_flags, const Call& call) {
  return Alloc(order, flags, alloc_flags, 0, call);
}

void HandOverTarget(uint64_t pfn, uint64_t source, const Call& call) {
  const PageInfo& from = g_zone.pages[source];
  unsigned flags =
      FLUSHDEP_ALLOC_MOVABLE | FlagIf((from.Flags() & kPageCompound) != 0, FLUSHDEP_ALLOC_COMPOUND);
  TellAlloc(pfn, from.Order(), flags, Freetype(Migratetype::Movable), call);
  SetOwned(pfn, from.Order(), from.Flags(), 1);
}

void FinishFree(uint64_t pfn, unsigned order) {
  PageInfo& page = g_zone.pages[pfn];
  if ((page.Flags() & kPageCompound) != 0) SetTails(pfn, order, PageState::None);
  page.SetFlags(0);
  page.refs.store(0, std::memory_order_relaxed);
  GiveBack(pfn, order);
}

void FreePages(uint64_t pfn, unsigned order, const Call& call) {
  Claimed claimed = ClaimForFree(pfn, order);
  TellFree(pfn, order, claimed != Claimed::No, call);
  if (claimed == Claimed::No) return Count(AllocCounter::kFreeRefused);
  Count(AllocCounter::kFree, 1ull << order);
  if (claimed == Claimed::Yes) FinishFree(pfn, order);
}

unsigned EnterAllocScope(unsigned flags) {
  unsigned old = t_scope;
  t_scope |= flags & (FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ATOMIC);
  return old;
}

void LeaveAllocScope(unsigned old) { t_scope = old; }

// A scope is about the data of all that runs in it, so what a caller in it says about mobility
// gives way; a caller that asks for the impossible itself is told so.
unsigned WithScope(unsigned flags) {
  if ((t_scope & FLUSHDEP_ALLOC_UNMAPPED) != 0 && (flags & FLUSHDEP_ALLOC_UNMAPPED) == 0)
    flags &= ~kMobility;
  return flags | t_scope;
}

Freetype PageFreetype(uint64_t pfn) {
  return pfn < g_zone.npages ? g_zone.buddy.TypeOf(pfn) : Freetype::FromBits(~0u);
}

bool PageUnmapped(uint64_t pfn) {
  return pfn < g_zone.npages && g_zone.buddy.TypeOf(pfn).unmapped();
}

void RecoverAllocatorAfterFork() {
  RecoverFlipsAfterFork();
  RecoverCompactionAfterFork();
}

uint64_t NumPages() { return g_zone.npages; }

}  // namespace flushdep
