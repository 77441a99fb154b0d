// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/compaction.h"

#include <errno.h>
#include <sched.h>

#include "runtime/access/access.h"
#include "runtime/machine/arena.h"
#include "runtime/machine/layout.h"
#include "runtime/memory/direct_map.h"
#include "runtime/memory/flip.h"
#include "runtime/memory/page_allocator.h"
#include "runtime/memory/sleep_lock.h"
#include "runtime/memory/tell.h"

namespace flushdep {
namespace {

constexpr Freetype kIsolate(Migratetype::Isolate);

// How the owner moves a page; valid while the page has kPageHasOps. Under the page's lock.
struct Registration {
  const flushdep_movable_ops* ops;
  void* arg;
};
constinit Registration* g_registrations = nullptr;

// The one compaction under way.
constinit SleepLock g_compact_lock("the allocator's compaction lock");
struct Range {
  uint64_t pfn = 0;
  unsigned order = 0;
  Freetype old;  // of all its pageblocks
  uint64_t end() const { return pfn + (1ull << order); }
};
constinit Range g_range;          // under g_compact_lock; order 0: nothing isolated
constinit uint64_t g_source = 0;  // the page that is being moved

// The owner's functions run outside of the API call, so that they can make some.
class OutsideApi {
 public:
  OutsideApi() { Api::Leave(); }
  ~OutsideApi() { Api::Enter(); }
  OutsideApi(const OutsideApi&) = delete;
  OutsideApi& operator=(const OutsideApi&) = delete;
};

bool PresentInDirectMap(uint64_t pfn, unsigned order) {
  for (uint64_t i = 0; i < 1ull << order; i++)
    if (!DirectMapPresent(pfn + i)) return false;
  return true;
}

bool LooksMovable(uint64_t pfn) {
  const PageInfo& page = g_zone.pages[pfn];
  return page.State() == PageState::Allocated && (page.Flags() & kPageHasOps) != 0 &&
         page.refs.load(std::memory_order_relaxed) == 1 && PresentInDirectMap(pfn, page.Order());
}

// --- The choice of a block ------------------------------------------------------

constexpr uint64_t kNever = ~0ull;

// Pages to be moved out of a pageblock, or kNever.
uint64_t CostLocked(uint64_t block) {
  Freetype type = g_zone.buddy.TypeOf(block);
  if (block == 0 || !HasFallbacks(type)) return kNever;
  uint64_t cost = 0;
  for (uint64_t pfn = block; pfn < block + kPageblockPages;) {
    const PageInfo& page = g_zone.pages[pfn];
    uint64_t pages = 1ull << page.Order();
    if (page.State() != PageState::Free && page.State() != PageState::Pcp) {
      if (!LooksMovable(pfn)) return kNever;
      cost += pages;
    }
    pfn += pages;
    if (pfn > block + kPageblockPages) return kNever;  // of the largest order
  }
  return cost;
}

uint64_t CostOfRange(uint64_t pfn, unsigned order) {
  MutexLock lock(g_zone.lock);
  uint64_t cost = 0;
  for (uint64_t block = pfn; block < pfn + (1ull << order); block += kPageblockPages) {
    uint64_t of_block = CostLocked(block);
    if (of_block == kNever || g_zone.buddy.TypeOf(block) != g_zone.buddy.TypeOf(pfn)) return kNever;
    cost += of_block;
  }
  return cost;
}

bool FindRange(unsigned order, Range* range) {
  uint64_t best = kNever;
  for (uint64_t pfn = 0; pfn < g_zone.npages && best > kCompactGoodEnough; pfn += 1ull << order) {
    uint64_t cost = CostOfRange(pfn, order);
    if (cost >= best) continue;
    best = cost;
    *range = {pfn, order, g_zone.buddy.TypeOf(pfn)};
  }
  return best != kNever;
}

// --- Moving one page -------------------------------------------------------------

// Claims it for the move; a free of it is then finished by whoever holds the claim.
bool Isolate(uint64_t pfn, Registration* owner) {
  PageInfo& page = g_zone.pages[pfn];
  PageLock lock(page);
  if (!LooksMovable(pfn) || !page.Claim(PageState::Allocated, PageState::Isolated)) return false;
  *owner = g_registrations[pfn];
  g_source = pfn;
  return true;
}

// Back to its owner, or to the lists if that freed it.
void PutBack(uint64_t pfn) {
  PageInfo& page = g_zone.pages[pfn];
  unsigned order = page.Order();
  g_source = 0;
  if (page.Claim(PageState::Isolated, PageState::Allocated)) return;
  if (page.Claim(PageState::IsolatedFreed, PageState::Freeing)) FinishFree(pfn, order);
}

bool AskToIsolate(uint64_t pfn, const Registration& owner) {
  OutsideApi outside;
  return owner.ops->isolate == nullptr || owner.ops->isolate(pfn, owner.arg);
}

bool TellMoved(uint64_t pfn, uint64_t target, const Registration& owner) {
  OutsideApi outside;
  return owner.ops->migrate(pfn, target, owner.arg) == 0;
}

void TellPutBack(uint64_t pfn, const Registration& owner) {
  if (owner.ops->putback == nullptr) return;
  OutsideApi outside;
  owner.ops->putback(pfn, owner.arg);
}

bool StillMovable(uint64_t pfn) {
  const PageInfo& page = g_zone.pages[pfn];
  return page.State() == PageState::Isolated && page.refs.load(std::memory_order_relaxed) == 1 &&
         PresentInDirectMap(pfn, page.Order());
}

// A target is owned as its source is, from PAGE_ALLOC on.
uint64_t TakeTarget(uint64_t source, const Registration& owner, const Call& call) {
  unsigned order = g_zone.pages[source].Order();
  uint64_t pfn = ZoneTake({Freetype(Migratetype::Movable), order, Reserve::All});
  if (pfn == 0) return 0;
  g_registrations[pfn] = owner;
  HandOverTarget(pfn, source, call);
  return pfn;
}

void FreeMoved(uint64_t pfn, PageState from, const Call& call) {
  PageInfo& page = g_zone.pages[pfn];
  unsigned order = page.Order();
  // Of the old page, a free by the owner has been told already.
  if (!page.Claim(from, PageState::Freeing)) return PutBack(pfn);
  TellFree(pfn, order, true, call);
  FinishFree(pfn, order);
}

// To `target`; false if the owner, or what it did meanwhile, says no.
bool MoveTo(uint64_t pfn, uint64_t target, const Registration& owner, const Call& call) {
  unsigned order = g_zone.pages[pfn].Order();
  if (!StillMovable(pfn) || !PresentInDirectMap(target, order)) return false;
  CopySimulated(DirectMapAddress(target), DirectMapAddress(pfn), kPageBytes << order,
                {call.site, 0, true, true});
  return TellMoved(pfn, target, owner);
}

bool Migrate(uint64_t pfn, const Call& caller) {
  const Call call = caller.Internal(caller.reason);
  Registration owner;
  if (!Isolate(pfn, &owner)) return false;
  if (!AskToIsolate(pfn, owner)) {
    PutBack(pfn);
    return false;
  }
  uint64_t target = TakeTarget(pfn, owner, call);
  if (target != 0 && MoveTo(pfn, target, owner, call)) {
    FreeMoved(pfn, PageState::Isolated, call);
    g_source = 0;
    return true;
  }
  TellPutBack(pfn, owner);
  if (target != 0) FreeMoved(target, PageState::Allocated, call);
  PutBack(pfn);
  return false;
}

// --- Emptying a range --------------------------------------------------------------

void SetTypeOfRange(const Range& range, Freetype type) {
  MutexLock lock(g_zone.lock);
  for (uint64_t block = range.pfn; block < range.end(); block += kPageblockPages)
    g_zone.buddy.Retype(block, type);
}

// Nobody is served from the range any more, and what is freed in it stays there.
bool IsolateRange(const Range& range) {
  if (CostOfRange(range.pfn, range.order) == kNever) return false;
  g_range = range;
  SetTypeOfRange(range, kIsolate);
  return true;
}

void GiveUpRange() {
  SetTypeOfRange(g_range, g_range.old);
  g_range = {};
}

// Moves what can be moved; false as soon as something cannot.
bool MoveAll(const Range& range, const Call& call) {
  for (uint64_t pfn = range.pfn; pfn < range.end();) {
    const PageInfo& page = g_zone.pages[pfn];
    unsigned order = page.Order();
    PageState state = page.State();
    if (state == PageState::Allocated) {
      bool moved = Migrate(pfn, call);
      Count(moved ? AllocCounter::kMigrateSuccess : AllocCounter::kMigrateFail);
      // The owner may have freed it rather than have it moved.
      if (!moved && page.State() == PageState::Allocated) return false;
    }
    pfn += state == PageState::None || state == PageState::Tail ? 1 : 1ull << order;
  }
  return true;
}

// The range as one block, off the lists; false while a page of it is not free.
bool TakeRange(const Range& range) {
  MutexLock lock(g_zone.lock);
  if (g_zone.buddy.free_pages(kIsolate) != 1ull << range.order) return false;
  if (g_zone.buddy.Take(kIsolate, range.order) != range.pfn) return false;
  g_zone.pages[range.pfn].SetState(PageState::Flipping);
  return true;
}

// Frees of other threads may be on their way, or have gone to a CPU's list at the last moment.
bool Empty(const Range& range, const Call& call) {
  for (unsigned round = 0; round < kCompactRetries; round++) {
    DrainAll();
    if (!MoveAll(range, call)) return false;
    if (TakeRange(range)) return true;
    sched_yield();
  }
  return false;
}

uint64_t CompactLocked(const Request& request, const Call& call) {
  Count(AllocCounter::kCompactStall);
  unsigned order = request.order < kPageblockOrder ? kPageblockOrder : request.order;
  Range range;
  if (!FindRange(order, &range) || !IsolateRange(range)) return 0;
  if (!Empty(range, call)) {
    GiveUpRange();
    return 0;
  }
  g_range = {};
  return FlipEmptied(request, range.pfn, range.order, range.old, call);
}

// Mapped memory loses as many pages as the block has; moving alone loses none.
bool WorthTrying(const Request& request) {
  uint64_t npages = 1ull << (request.order < kPageblockOrder ? kPageblockOrder : request.order);
  uint64_t floor = request.reserve == Reserve::All ? 0 : g_zone.marks.min;
  MutexLock lock(g_zone.lock);
  return MappedFreeLocked() >= floor + npages;
}

}  // namespace

void BootCompaction(uint64_t npages) { g_registrations = MapTable<Registration>(npages); }

int SetMovable(uint64_t pfn, const flushdep_movable_ops* ops, void* arg) {
  if (pfn >= g_zone.npages || (ops != nullptr && ops->migrate == nullptr)) return -EINVAL;
  PageInfo& page = g_zone.pages[pfn];
  PageLock lock(page);
  if (page.State() == PageState::Isolated) return -EBUSY;
  if (page.State() != PageState::Allocated || g_zone.buddy.TypeOf(pfn).unmapped()) return -EINVAL;
  g_registrations[pfn] = {ops, arg};
  unsigned others = page.Flags() & ~static_cast<unsigned>(kPageHasOps);
  page.SetFlags(ops != nullptr ? others | kPageHasOps : others);
  return 0;
}

uint64_t CompactAndTake(const Request& request, const Call& call) {
  // Asked for by an owner's function: that is inside of the compaction that would be waited for.
  if (g_compact_lock.HeldByMe()) return 0;
  if (!WorthTrying(request)) return 0;
  SleepLockGuard compact(g_compact_lock, call);
  // The one that was waited for may have left something.
  bool error = false;
  uint64_t pfn = FlipAndTake(request, call, &error);
  if (pfn != 0 || error) return pfn;
  pfn = CompactLocked(request, call);
  Count(pfn != 0 ? AllocCounter::kCompactSuccess : AllocCounter::kCompactFail);
  return pfn;
}

void RecoverCompactionAfterFork() {
  if (g_compact_lock.LoseOthers()) return;
  if (g_source != 0) PutBack(g_source);
  if (g_range.order != 0) GiveUpRange();
}

}  // namespace flushdep
