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
// Cost: one cache line of the side table each; a mapping one of the address table too. No
// atomic read-modify-write in a process of one thread, nor on the CPU that was given the
// page (bias.h); else one each, but for Alloc().
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
  const std::atomic<Epoch>* now;
  const std::atomic<Epoch>* flushed_through;  // by space; see tlb.h
  const std::atomic<Epoch>* dropped;          // by space and CPU
  uint32_t cpus;
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

inline Epoch Now() { return g_hot.now->load(std::memory_order_acquire); }

// See TlbModel::DroppedAt().
inline Epoch DroppedAt(uint32_t cpu, SpaceIndex space) {
  return g_hot.dropped[size_t{space} * g_hot.cpus + cpu].load(std::memory_order_relaxed);
}

// What the entry holds was flushed everywhere.
inline bool IsSettled(uint64_t state, uint64_t times) {
  const SpaceIndex space = static_cast<SpaceIndex>((state & kSpace) >> kSpaceShift);
  return (times & kClear) < g_hot.flushed_through[space].load(std::memory_order_acquire);
}

// An entry on its way to being changed by plain stores: in a process of one thread, or by the
// page's owner with its hand up (bias.h).
class Plain {
 public:
  Plain(PageEntry& page, uint32_t)
      : page_(page),
        state(page.state.load(std::memory_order_relaxed)),
        times(page.times.load(std::memory_order_relaxed)) {}

  bool Change(uint64_t to) {
    page_.state.store(to, std::memory_order_release);
    return true;
  }
  bool Change(uint64_t to, uint64_t new_times) {
    page_.times.store(new_times, std::memory_order_relaxed);
    return Change(to);
  }

 private:
  PageEntry& page_;

 public:
  const uint64_t state, times;
};

// Anybody's: by compare and exchange.
class Shared {
 public:
  Shared(PageEntry& page, uint32_t)
      : page_(page),
        state(page.state.load(std::memory_order_acquire)),
        times(page.times.load(std::memory_order_relaxed)) {
    // An owner's, and not to be changed so.
    if (OwnerIn(times) != 0) state |= kLock;
  }

  // To `to`, or false if it is not `state` any more.
  bool Change(uint64_t to) { return Exchange(state, to); }
  // Both words: under the entry's lock.
  bool Change(uint64_t to, uint64_t new_times) {
    if (!Exchange(state, state | kLock)) return false;
    page_.times.store(new_times, std::memory_order_relaxed);
    page_.state.store(to, std::memory_order_release);
    return true;
  }

 private:
  bool Exchange(uint64_t from, uint64_t to) {
    return page_.state.compare_exchange_strong(from, to, std::memory_order_acq_rel,
                                               std::memory_order_relaxed);
  }

  PageEntry& page_;

 public:
  uint64_t state;  // kLock: for others to change
  const uint64_t times;
};

// The way to an entry by plain stores, for the life of this; among other threads with the hand of
// `runner` up.
class PlainWay {
 public:
  __attribute__((always_inline)) PlainWay(const PageEntry& page, uint32_t runner) {
    if (__libc_single_threaded) return;
    up_ = &g_bias.hands[runner].up;
    up_->store(true, std::memory_order_relaxed);
    // The barrier of whoever takes the page away makes a real one of this.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    // The state first: it is what he writes last.
    const uint64_t state = page.state.load(std::memory_order_acquire);
    open_ =
        (state & kLock) == 0 && OwnerIn(page.times.load(std::memory_order_relaxed)) == runner + 1;
  }
  __attribute__((always_inline)) ~PlainWay() {
    if (up_ != nullptr) up_->store(false, std::memory_order_release);
  }
  PlainWay(const PlainWay&) = delete;
  PlainWay& operator=(const PlainWay&) = delete;

  bool open() const { return open_; }

 private:
  std::atomic<bool>* up_ = nullptr;
  bool open_ = true;
};

// Entries of the address table that are fetched ahead: a cache line or more.
inline constexpr unsigned kAhead = 8;

// A page that will be allocated soon. Of a table that is not there it fetches nothing.
inline void Expect(uint64_t pfn) {
  const auto table = reinterpret_cast<uintptr_t>(g_hot.pages);
  __builtin_prefetch(reinterpret_cast<const void*>(table + pfn * sizeof(PageEntry)), 1);
}

// What is common is a part of its caller, all else a call.
#define FLUSHDEP_HOT inline __attribute__((always_inline))
#define FLUSHDEP_APART inline __attribute__((noinline))

template <typename Entry>
FLUSHDEP_HOT bool MapAs(uint64_t va, uint64_t pfn, SpaceIndex space, uint32_t cpu) {
  Address& address = AddressOf(va);
  const Address::Times last = address.Get();
  if (last.IsLive() || DroppedAt(cpu, space) <= last.ClearedAt()) {
    const uint64_t held = address.page.load(std::memory_order_relaxed);
    if (held != 0 && held != pfn + 1) return false;
  }
  Entry entry(g_hot.pages[pfn], cpu);
  // One more, unless the count is full: then it would become 0.
  const uint64_t next = entry.state + (1ull << kLiveShift);
  if ((entry.state & (kLife | kLock)) != kAllocated || (next & kLive) == 0 || !entry.Change(next))
    return false;
  address.page.store(pfn + 1, std::memory_order_relaxed);
  address.SetLive(Now());
  // The addresses of a slice are handed out in order.
  __builtin_prefetch(&address + kAhead, 1);
  return true;
}

template <typename Entry>
FLUSHDEP_HOT bool UnmapAs(uint64_t va, uint64_t pfn, SpaceIndex space, uint32_t runner) {
  Address& address = AddressOf(va);
  const Address::Times since = address.Get();
  if (!since.IsLive()) return false;
  const Epoch clear = Now(), lasted = clear - since.SetAt();
  if (clear > kClear || lasted > kMaxDelta) return false;
  static_assert(kMaxDelta < Address::Times::kLongest);
  const uint64_t va_page = (va - kVaBase) >> kVaPageShift;
  static_assert(kWindowStart == kVaBase && (kWindowEnd - kVaBase) >> kVaPageShift <= kVaPages);
  Entry entry(g_hot.pages[pfn], runner);
  const uint64_t state = entry.state;
  if ((state & (kLife | kLock | kSpilled)) != kAllocated || (state & kLive) == 0) return false;
  if ((state & kInline) != 0 && !IsSettled(state, entry.times)) return false;
  const uint64_t kept = (state & ((1ull << kSpaceShift) - 1) & ~kLarge) - (1ull << kLiveShift);
  const uint64_t times = clear | lasted << kClearBits | (entry.times & kOwner);
  if (!entry.Change(kept | kInline | uint64_t{space} << kSpaceShift | va_page << kVaShift, times))
    return false;
  address.SetClearedAfter(lasted, clear);
  return true;
}

template <typename Entry>
FLUSHDEP_HOT bool FreeAs(uint64_t pfn, uint32_t runner) {
  Entry entry(g_hot.pages[pfn], runner);
  const uint64_t state = entry.state;
  constexpr uint64_t kCare = kLife | kHead | kOrder | kLive | kLock | kSpilled;
  if ((state & kCare) != (kAllocated | kHead)) return false;
  if ((state & kInline) != 0 && !IsSettled(state, entry.times)) return false;
  return entry.Change((state & ~(kLife | kHead | kInline | kLarge)) | kFree);
}

FLUSHDEP_APART bool MapShared(uint64_t va, uint64_t pfn, SpaceIndex space, uint32_t cpu) {
  return MapAs<Shared>(va, pfn, space, cpu);
}
FLUSHDEP_APART bool UnmapShared(uint64_t va, uint64_t pfn, SpaceIndex space, uint32_t runner) {
  return UnmapAs<Shared>(va, pfn, space, runner);
}
FLUSHDEP_APART bool FreeShared(uint64_t pfn, uint32_t runner) {
  return FreeAs<Shared>(pfn, runner);
}

// PAGE_ALLOC of one page. It becomes that of `runner`, the CPU that the caller runs on.
FLUSHDEP_HOT bool Alloc(uint64_t pfn, uint32_t runner) {
  if (!g_hot.open) return false;
  PageEntry& page = g_hot.pages[pfn];
  const uint64_t state = page.state.load(std::memory_order_relaxed);
  const uint64_t times = page.times.load(std::memory_order_relaxed);
  static_assert((kAllocated & (kFree | static_cast<uint64_t>(Life::Never))) == 0);
  if ((state & (kAllocated | kLock | kSpilled)) != 0) return false;
  // Out of the direct map, and perhaps not flushed: that is looked into.
  if ((state & kInline) != 0 && !IsSettled(state, times)) return false;
  // Nobody else has the page: the allocator hands it out now.
  if (!__libc_single_threaded) {
    const uint64_t owned = (times & ~kOwner) | uint64_t{NewOwner(runner)} << kOwnerShift;
    if (owned != times) page.times.store(owned, std::memory_order_relaxed);
  }
  page.state.store((state & ~(kLife | kHead | kOrder)) | kAllocated | kHead,
                   std::memory_order_release);
  return true;
}

// PTE_SET of one page at an address of the mermap slice of `cpu`, which the caller runs on, in
// `space`. The address maps nothing now, and what it mapped before is not in that CPU's TLB any
// more.
FLUSHDEP_HOT bool Map(uint64_t va, uint64_t pfn, SpaceIndex space, uint32_t cpu) {
  if (!g_hot.open) return false;
  const PlainWay way(g_hot.pages[pfn], cpu);
  return way.open() ? MapAs<Plain>(va, pfn, space, cpu) : MapShared(va, pfn, space, cpu);
}

// PTE_CLEAR of one page in a mermap slice of `space`, by whoever runs on `runner`.
FLUSHDEP_HOT bool Unmap(uint64_t va, uint64_t pfn, SpaceIndex space, uint32_t runner) {
  if (!g_hot.open) return false;
  const PlainWay way(g_hot.pages[pfn], runner);
  return way.open() ? UnmapAs<Plain>(va, pfn, space, runner) : UnmapShared(va, pfn, space, runner);
}

// PAGE_FREE of one page that is owed nothing, by whoever runs on `runner`.
FLUSHDEP_HOT bool Free(uint64_t pfn, uint32_t runner) {
  if (!g_hot.open) return false;
  const PlainWay way(g_hot.pages[pfn], runner);
  return way.open() ? FreeAs<Plain>(pfn, runner) : FreeShared(pfn, runner);
}

}  // namespace hot
}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_HOT_H_
