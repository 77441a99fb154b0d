// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/buddy.h"

#include "runtime/memory/policy.h"

namespace flushdep {
namespace {

constexpr Freetype kMovable(Migratetype::Movable);

constexpr uint64_t BlockOf(uint64_t pfn) { return pfn & ~(kPageblockPages - 1); }

}  // namespace

void Buddy::Init(PageInfo* pages, BlockType* types, uint64_t npages) {
  constexpr uint64_t kLargest = 1ull << kMaxOrder;
  pages_ = pages;
  types_ = types;
  npages_ = npages;
  SetType(0, npages, kMovable);
  // Frame 0 stays out, so the first largest block is in pieces; the last one may be half.
  for (unsigned order = 0; order < kMaxOrder && (1ull << order) < npages; order++)
    Push(1ull << order, order, kMovable);
  if (npages > kLargest && npages % kLargest != 0)
    Push(npages - kPageblockPages, kPageblockOrder, kMovable);
  if (npages < 2 * kLargest) return;
  deferred_ = kLargest;
  deferred_end_ = npages & ~(kLargest - 1);
  CountFree(deferred_end_ - deferred_, kMaxOrder, kMovable);
  Expose();
}

// The next blocks, from the top, so that the lowest is handed out first.
void Buddy::Expose() {
  constexpr uint64_t kAtOnce = kExposedBlocks << kMaxOrder;
  uint64_t end = deferred_end_ - deferred_ > kAtOnce ? deferred_ + kAtOnce : deferred_end_;
  for (uint64_t pfn = end; pfn > deferred_;) {
    pfn -= 1ull << kMaxOrder;
    Link(pfn, kMaxOrder, kMovable);
  }
  deferred_ = end;
}

void Buddy::CountFree(uint64_t npages, unsigned order, Freetype type) {
  count_[Index(type)][order] += npages >> order;
  free_[Index(type)] += npages;
}

void Buddy::Link(uint64_t pfn, unsigned order, Freetype type) {
  uint32_t& head = head_[Index(type)][order];
  PageInfo& page = pages_[pfn];
  page.SetOrder(order);
  page.prev = 0;
  page.SetNext(head);
  if (head != 0) pages_[head].prev = static_cast<uint32_t>(pfn);
  head = static_cast<uint32_t>(pfn);
  page.SetState(PageState::Free);
}

void Buddy::Unlink(uint64_t pfn, unsigned order, Freetype type) {
  uint32_t& head = head_[Index(type)][order];
  PageInfo& page = pages_[pfn];
  if (page.Next() != 0) pages_[page.Next()].prev = page.prev;
  if (page.prev != 0)
    pages_[page.prev].SetNext(page.Next());
  else
    head = static_cast<uint32_t>(page.Next());
  page.SetState(PageState::None);
  if (head == 0 && order == kMaxOrder && type == kMovable && deferred_ < deferred_end_) Expose();
}

void Buddy::Push(uint64_t pfn, unsigned order, Freetype type) {
  CountFree(1ull << order, order, type);
  Link(pfn, order, type);
}

void Buddy::Remove(uint64_t pfn, Freetype type) {
  unsigned order = pages_[pfn].Order();
  count_[Index(type)][order]--;
  free_[Index(type)] -= 1ull << order;
  Unlink(pfn, order, type);
}

void Buddy::Carve(uint64_t pfn, unsigned from, unsigned to) {
  while (from > to) {
    from--;
    uint64_t half = pfn + (1ull << from);
    Push(half, from, TypeOf(half));
  }
}

uint64_t Buddy::Take(Freetype type, unsigned order) {
  for (unsigned from = order; from <= kMaxOrder; from++) {
    uint64_t pfn = head_[Index(type)][from];
    if (pfn == 0) continue;
    Remove(pfn, type);
    Carve(pfn, from, order);
    return pfn;
  }
  return 0;
}

unsigned Buddy::TakeWhole(uint64_t pfn) {
  while (pfn >= deferred_ && pfn < deferred_end_) Expose();
  const PageInfo& page = pages_[pfn];
  if (page.State() != PageState::Free || page.Order() < kPageblockOrder) return 0;
  Remove(pfn, TypeOf(pfn));
  return page.Order();
}

bool Buddy::CanMerge(uint64_t pfn, uint64_t buddy, unsigned order) const {
  if (buddy == 0 || buddy + (1ull << order) > npages_) return false;
  const PageInfo& page = pages_[buddy];
  return page.State() == PageState::Free && page.Order() == order && TypeOf(buddy) == TypeOf(pfn);
}

void Buddy::Give(uint64_t pfn, unsigned order) {
  pages_[pfn].SetState(PageState::None);
  // The two pageblocks of the largest order may have gone different ways meanwhile.
  if (order > kPageblockOrder && TypeOf(pfn) != TypeOf(pfn + kPageblockPages)) {
    Push(pfn + kPageblockPages, kPageblockOrder, TypeOf(pfn + kPageblockPages));
    return Push(pfn, kPageblockOrder, TypeOf(pfn));
  }
  Freetype type = TypeOf(pfn);
  while (order < kMaxOrder) {
    uint64_t buddy = pfn ^ (1ull << order);
    if (!CanMerge(pfn, buddy, order)) break;
    Remove(buddy, type);
    pfn &= ~(1ull << order);
    order++;
  }
  Push(pfn, order, type);
}

void Buddy::SetType(uint64_t pfn, uint64_t npages, Freetype type) {
  for (uint64_t i = pfn; i < pfn + npages; i += kPageblockPages)
    types_[i >> kPageblockOrder].store(static_cast<uint8_t>(type.bits()),
                                       std::memory_order_relaxed);
}

void Buddy::Retype(uint64_t pfn, Freetype type) {
  Freetype from = TypeOf(pfn);
  for (uint64_t i = pfn; i < pfn + kPageblockPages;) {
    if (pages_[i].State() != PageState::Free) {
      i++;
      continue;
    }
    unsigned order = pages_[i].Order();
    Remove(i, from);
    Push(i, order, type);
    i += 1ull << order;
  }
  SetType(pfn, kPageblockPages, type);
  // A block that is free as a whole may have got a neighbour of its kind.
  if (pages_[pfn].State() == PageState::Free && pages_[pfn].Order() == kPageblockOrder) {
    Remove(pfn, type);
    Give(pfn, kPageblockOrder);
  }
}

uint64_t Buddy::FindFallback(Freetype type, unsigned order, Freetype* from) const {
  for (Migratetype other : kFallbacks[static_cast<unsigned>(type.migratetype())]) {
    *from = Freetype(other);
    if (uint64_t pfn = head_[Index(*from)][order]; pfn != 0) return pfn;
  }
  return 0;
}

// More than half of the pageblock is free or of a kind with the asker's pages.
bool Buddy::WorthClaiming(uint64_t block, Freetype from, Freetype to) const {
  uint64_t free = 0, movable = 0;
  for (uint64_t pfn = block; pfn < block + kPageblockPages;) {
    const PageInfo& page = pages_[pfn];
    PageState state = page.State();
    bool movable_page =
        (state == PageState::Allocated && (page.Flags() & (kPageMovable | kPageHasOps)) != 0);
    uint64_t pages = state == PageState::Free || movable_page ? 1ull << page.Order() : 1;
    if (state == PageState::Free) free += pages;
    if (movable_page) movable += pages;
    pfn += pages;
  }
  uint64_t alike = 0;
  if (to == kMovable)
    alike = movable;
  else if (from == kMovable)
    alike = kPageblockPages - (free + movable);
  return free + alike >= kPageblockPages / 2;
}

// Under the asker's freetype the pages are then found by Take().
bool Buddy::TryClaim(uint64_t pfn, unsigned order, Freetype from, Freetype to) {
  if (order >= kPageblockOrder) {
    Remove(pfn, from);
    SetType(pfn, 1ull << order, to);
    Give(pfn, order);
    return true;
  }
  if (!WorthClaiming(BlockOf(pfn), from, to)) return false;
  Retype(BlockOf(pfn), to);
  return true;
}

uint64_t Buddy::TakeFallback(Freetype type, unsigned order, Fallback* how) {
  *how = Fallback::None;
  if (!HasFallbacks(type)) return 0;
  Freetype from;
  for (unsigned at = kMaxOrder + 1; at-- > order;) {
    uint64_t pfn = FindFallback(type, at, &from);
    if (pfn == 0) continue;
    // Movable pages can always be moved out again: small blocks are only borrowed for them.
    if (at < kClaimOrder && type == kMovable) break;
    if (!TryClaim(pfn, at, from, type)) continue;
    *how = Fallback::Claimed;
    return Take(type, order);
  }
  for (unsigned at = order; at <= kMaxOrder; at++) {
    uint64_t pfn = FindFallback(type, at, &from);
    if (pfn == 0) continue;
    Remove(pfn, from);
    Carve(pfn, at, order);
    *how = Fallback::Stolen;
    return pfn;
  }
  return 0;
}

}  // namespace flushdep
