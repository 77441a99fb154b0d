// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The short way in: four things that happen to nearly every page, told by a producer in
// the same process without an event. Open only while nothing but the invariant is
// wanted (no stacks, no inference); then an event would say nothing more.
//
// Each function does for the common case what State::Apply*() does for its event, and
// nothing at all otherwise: false means "submit the event". The common case is a page that is as
// it should be (allocated when it is mapped, one mapping, at most one old translation,
// which was flushed in the meantime): so whatever is worth a report goes the long way. A
// test feeds both ways the same operations and compares all they know.
//
// Cost: one cache line of the side table each; a mapping one of the address table too. One
// atomic read-modify-write each but for Alloc(), which a process of one thread is spared.
//
// Locking: as in shadow.h. Where an entry is locked by someone else, the answer is false.
#ifndef FLUSHDEP_CHECKER_MODEL_HOT_H_
#define FLUSHDEP_CHECKER_MODEL_HOT_H_

#include <sys/single_threaded.h>

#include "checker/model/regions.h"
#include "checker/model/shadow.h"
#include "checker/model/tlb.h"

namespace flushdep {

struct HotPath {
  bool open;
  PageEntry* pages;    // by pfn; producers name only pages that exist
  Address* addresses;  // of the window
  const EpochClock* clock;
  const TlbModel* tlb;
  SpaceIndex (*space_of)(uint32_t mm);  // what Unmap() wants to know of an mm
};
// Closed unless a live checker opens it; constant once the machine has booted.
extern constinit HotPath g_hot;

namespace hot {

using namespace shadow_bits;

inline Address& AddressOf(uint64_t va) {
  return g_hot.addresses[(va - kWindowStart) >> FLUSHDEP_PAGE_SHIFT];
}

inline constexpr uint64_t kAllocated = static_cast<uint64_t>(Life::Allocated);
inline constexpr uint64_t kFree = static_cast<uint64_t>(Life::Free);

// From `from` to `to`, or false if it is not `from` any more.
inline bool Change(PageEntry& page, uint64_t from, uint64_t to) {
  if (__libc_single_threaded) {
    page.state.store(to, std::memory_order_relaxed);
    return true;
  }
  return page.state.compare_exchange_strong(from, to, std::memory_order_acq_rel,
                                            std::memory_order_relaxed);
}

// What the entry holds was flushed everywhere.
inline bool IsSettled(const PageEntry& page, uint64_t state) {
  const SpaceIndex space = static_cast<SpaceIndex>((state & kSpace) >> kSpaceShift);
  return (page.times.load(std::memory_order_relaxed) & kClear) < g_hot.tlb->FlushedThrough(space);
}

// PAGE_ALLOC of one page.
inline bool Alloc(uint64_t pfn) {
  if (!g_hot.open) return false;
  PageEntry& page = g_hot.pages[pfn];
  const uint64_t state = page.state.load(std::memory_order_relaxed);
  if ((state & kLife) == kAllocated || (state & (kLock | kSpilled)) != 0) return false;
  // Out of the direct map, and perhaps not flushed: that is looked into.
  if ((state & kInline) != 0 && !IsSettled(page, state)) return false;
  // Nobody else has the page: the allocator hands it out now.
  page.state.store((state & ~(kLife | kHead | kOrder)) | kAllocated | kHead,
                   std::memory_order_release);
  return true;
}

// PTE_SET of one page at an address of `cpu`'s mermap slice in `space` that maps nothing now,
// and what it mapped before is not in that CPU's TLB any more.
inline bool Map(uint64_t va, uint64_t pfn, SpaceIndex space, uint32_t cpu) {
  if (!g_hot.open) return false;
  PageEntry& page = g_hot.pages[pfn];
  Address& address = AddressOf(va);
  const uint64_t held = address.page.load(std::memory_order_relaxed);
  if (held != 0 && held != pfn + 1 &&
      (address.IsLive() || g_hot.tlb->DroppedAt(cpu, space) <= address.ClearedAt()))
    return false;
  const uint64_t state = page.state.load(std::memory_order_relaxed);
  if ((state & kLife) != kAllocated || (state & kLock) != 0 || (state & kLive) == kLive)
    return false;
  if (!Change(page, state, state + (1ull << kLiveShift))) return false;
  address.page.store(pfn + 1, std::memory_order_relaxed);
  address.set.store(g_hot.clock->Now(), std::memory_order_relaxed);
  address.SetLive();
  return true;
}

// PTE_CLEAR of one page in a mermap slice of `space`.
inline bool Unmap(uint64_t va, uint64_t pfn, SpaceIndex space) {
  if (!g_hot.open) return false;
  PageEntry& page = g_hot.pages[pfn];
  const uint64_t state = page.state.load(std::memory_order_relaxed);
  if ((state & kLife) != kAllocated || (state & (kLock | kSpilled)) != 0 || (state & kLive) == 0)
    return false;
  if ((state & kInline) != 0 && !IsSettled(page, state)) return false;
  Address& address = AddressOf(va);
  StaleTranslation stale{space, va, address.set.load(std::memory_order_relaxed),
                         g_hot.clock->Now()};
  if (!FitsInline(stale)) return false;
  const uint64_t kept = (state & ((1ull << kSpaceShift) - 1) & ~kLarge) - (1ull << kLiveShift);
  const uint64_t next =
      kept | kInline | uint64_t{space} << kSpaceShift | (va - kVaBase) >> kVaPageShift << kVaShift;
  const uint64_t times = stale.clear | (stale.clear - stale.set) << kClearBits;
  // Two words: under the entry's lock, where there is anybody to lock out.
  if (__libc_single_threaded) {
    page.times.store(times, std::memory_order_relaxed);
    page.state.store(next, std::memory_order_relaxed);
  } else {
    if (!Change(page, state, state | kLock)) return false;
    page.times.store(times, std::memory_order_relaxed);
    page.state.store(next, std::memory_order_release);
  }
  address.SetCleared(stale.clear);
  return true;
}

// PAGE_FREE of one page that is owed nothing.
inline bool Free(uint64_t pfn) {
  if (!g_hot.open) return false;
  PageEntry& page = g_hot.pages[pfn];
  const uint64_t state = page.state.load(std::memory_order_relaxed);
  constexpr uint64_t kCare = kLife | kHead | kOrder | kLive | kLock | kSpilled;
  if ((state & kCare) != (kAllocated | kHead)) return false;
  if ((state & kInline) != 0 && !IsSettled(page, state)) return false;
  return Change(page, state, (state & ~(kLife | kHead | kInline | kLarge)) | kFree);
}

}  // namespace hot
}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_HOT_H_
