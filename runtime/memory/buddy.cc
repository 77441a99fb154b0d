// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/buddy.h"

namespace flushdep {

void Buddy::Init(PageInfo* pages, FreeType* types, uint64_t npages) {
  pages_ = pages;
  types_ = types;
  npages_ = npages;
  // The largest aligned blocks that tile [1, npages).
  uint64_t pfn = 1;
  while (pfn < npages) {
    unsigned order = static_cast<unsigned>(__builtin_ctzll(pfn));
    if (order > kMaxOrder) order = kMaxOrder;
    while (pfn + (1ull << order) > npages) order--;
    Push(pfn, order);
    pfn += 1ull << order;
  }
}

void Buddy::Push(uint64_t pfn, unsigned order) {
  unsigned type = Index(TypeOf(pfn));
  PageInfo& page = pages_[pfn];
  page.order = static_cast<uint8_t>(order);
  page.prev = 0;
  page.next = head_[type][order];
  if (page.next != 0) pages_[page.next].prev = static_cast<uint32_t>(pfn);
  head_[type][order] = static_cast<uint32_t>(pfn);
  count_[type][order]++;
  page.state.store(PageState::Free, std::memory_order_release);
}

void Buddy::Remove(uint64_t pfn) {
  PageInfo& page = pages_[pfn];
  unsigned type = Index(TypeOf(pfn));
  if (page.next != 0) pages_[page.next].prev = page.prev;
  if (page.prev != 0)
    pages_[page.prev].next = page.next;
  else
    head_[type][page.order] = page.next;
  count_[type][page.order]--;
  page.state.store(PageState::None, std::memory_order_relaxed);
}

uint64_t Buddy::Take(FreeType type, unsigned order) {
  for (unsigned from = order; from <= kMaxOrder; from++) {
    uint64_t pfn = head_[Index(type)][from];
    if (pfn == 0) continue;
    Remove(pfn);
    while (from > order) {
      from--;
      Push(pfn + (1ull << from), from);
    }
    return pfn;
  }
  return 0;
}

bool Buddy::CanMerge(uint64_t pfn, uint64_t buddy, unsigned order) const {
  if (buddy == 0 || buddy + (1ull << order) > npages_) return false;
  const PageInfo& page = pages_[buddy];
  return page.state.load(std::memory_order_relaxed) == PageState::Free && page.order == order &&
         TypeOf(buddy) == TypeOf(pfn);
}

void Buddy::Give(uint64_t pfn, unsigned order) {
  pages_[pfn].state.store(PageState::None, std::memory_order_relaxed);
  while (order < kMaxOrder) {
    uint64_t buddy = pfn ^ (1ull << order);
    if (!CanMerge(pfn, buddy, order)) break;
    Remove(buddy);
    pfn &= ~(1ull << order);
    order++;
  }
  Push(pfn, order);
}

void Buddy::SetType(uint64_t pfn, uint64_t npages, FreeType type) {
  for (uint64_t i = pfn; i < pfn + npages; i += kPageblockPages)
    types_[i >> kPageblockOrder] = type;
}

uint64_t Buddy::free_pages(FreeType type) const {
  uint64_t total = 0;
  for (unsigned order = 0; order <= kMaxOrder; order++) total += free_blocks(type, order) << order;
  return total;
}

}  // namespace flushdep
