// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The short way in: four things that happen to nearly every page, told by a producer in
// the same process without an event. Closed where books are kept of each flush.
//
// Each function does for the common case what State::Apply*() does for its event, and
// nothing at all otherwise: false means "submit the event". The common case is a page that is as
// it should be (allocated when it is mapped, one mapping, at most one old translation,
// which was flushed in the meantime): so whatever is worth a report goes the long way. A
// test feeds both ways the same operations and compares all they know.
//
// With history, the moment is asked of the live checker, which knows stacks and has a clock.
// With inference, what is common besides is a life that others had before (hot_lives.h): a step
// that is new goes the long way, which learns it; so does what needs an atomic operation.
//
// Cost: one cache line of the side table each; a mapping one of the address table too, inference
// one of the lives. No atomic read-modify-write in a process of one thread, nor on the CPU that
// was given the page (bias.h); else one each, but for Alloc().
//
// Locking: as in shadow.h. Where an entry is locked by someone else, the answer is false.
#ifndef FLUSHDEP_CHECKER_MODEL_HOT_H_
#define FLUSHDEP_CHECKER_MODEL_HOT_H_

#include <sys/single_threaded.h>

#include "checker/model/hot_lives.h"
#include "checker/model/regions.h"
#include "checker/model/shadow.h"
#include "checker/model/tlb.h"

namespace flushdep {

// What the short way is to do.
enum class ShortWay : uint8_t {
  Closed,
  Invariant,  // nothing but the invariant is wanted: the least there is to do
  More,       // inference, or history, or both
};

struct HotPath {
  ShortWay way;
  PageEntry* pages;    // by pfn; producers name only pages that exist
  Address* addresses;  // of the window
  const std::atomic<Epoch>* now;
  const std::atomic<Epoch>* flushed_through;  // by space; see tlb.h
  const std::atomic<Epoch>* dropped;          // by space and CPU
  uint32_t cpus;
  SpaceIndex (*space_of)(uint32_t mm);      // what Unmap() wants to know of an mm
  Inference* inference;                     // null: the invariant alone
  const std::atomic<uint64_t>* full_flush;  // by space; see State::NoteFullFlush()
  PageHistory* history;                     // by pfn; null: none is kept
  AddressHistory* address_history;          // of the window
  Moment (*moment)(Who who);                // of an event, with its stack
  // Events that say nothing of the hardware (references, who called for what) may be left out.
  bool InvariantOnly() const { return open() && inference == nullptr; }
  bool open() const { return way != ShortWay::Closed; }
};
// Closed unless a live checker opens it; constant once the machine has booted.
extern constinit HotPath g_hot;

// What is common is a part of its caller, all else a call.
#define FLUSHDEP_HOT inline __attribute__((always_inline))
#define FLUSHDEP_APART inline __attribute__((noinline))

namespace hot {

using namespace shadow_bits;

inline Address& AddressOf(uint64_t va) {
  return g_hot.addresses[(va - kWindowStart) >> FLUSHDEP_PAGE_SHIFT];
}

inline constexpr uint64_t kAllocated = static_cast<uint64_t>(Life::Allocated);
inline constexpr uint64_t kFree = static_cast<uint64_t>(Life::Free);

inline Epoch Now() { return g_hot.now->load(std::memory_order_acquire); }

// For reports, as HistoryTable::Store().
FLUSHDEP_HOT void Remember(uint64_t pfn, AtomicMoment PageHistory::* which, Who who) {
  if (g_hot.history != nullptr) (g_hot.history[pfn].*which).Store(g_hot.moment(who));
}
FLUSHDEP_HOT void Remember(uint64_t pfn, AtomicMoment PageHistory::* which, uint64_t va,
                           AtomicMoment AddressHistory::* of_address, Who who) {
  if (g_hot.history == nullptr) return;
  const Moment now = g_hot.moment(who);
  (g_hot.history[pfn].*which).Store(now);
  (g_hot.address_history[(va - kWindowStart) >> FLUSHDEP_PAGE_SHIFT].*of_address).Store(now);
}

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
  if (g_hot.history != nullptr) __builtin_prefetch(&g_hot.history[pfn].alloc, 1);
}

template <typename Entry, bool kMore>
FLUSHDEP_HOT bool MapAs(uint64_t va, uint64_t pfn, SpaceIndex space, Who who) {
  Address& address = AddressOf(va);
  const Address::Times last = address.Get();
  if (last.IsLive() || DroppedAt(who.cpu, space) <= last.ClearedAt()) {
    const uint64_t held = address.page.load(std::memory_order_relaxed);
    if (held != 0 && held != pfn + 1) return false;
  }
  Entry entry(g_hot.pages[pfn], who.cpu);
  // One more, unless the count is full: then it would become 0.
  const uint64_t next = entry.state + (1ull << kLiveShift);
  if ((entry.state & (kLife | kLock)) != kAllocated || (next & kLive) == 0) return false;
  LifeStep step;
  if (kMore && g_hot.inference != nullptr &&
      ((entry.state & (kInline | kSpilled)) != 0 ||
       !step.Find(*g_hot.inference, pfn, who, FLUSHDEP_EV_PTE_SET, /*open=*/false)))
    return false;
  if (!entry.Change(next)) return false;
  if (kMore && g_hot.inference != nullptr) step.Take();
  address.page.store(pfn + 1, std::memory_order_relaxed);
  address.SetLive(Now());
  if (kMore) Remember(pfn, &PageHistory::map, va, &AddressHistory::map, who);
  // The addresses of a slice are handed out in order.
  __builtin_prefetch(&address + kAhead, 1);
  return true;
}

template <typename Entry, bool kMore>
FLUSHDEP_HOT bool UnmapAs(uint64_t va, uint64_t pfn, SpaceIndex space, Who who) {
  Address& address = AddressOf(va);
  const Address::Times since = address.Get();
  if (!since.IsLive()) return false;
  const Epoch clear = Now(), lasted = clear - since.SetAt();
  if (clear > kClear || lasted > kMaxDelta) return false;
  static_assert(kMaxDelta < Address::Times::kLongest);
  const uint64_t va_page = (va - kVaBase) >> kVaPageShift;
  static_assert(kWindowStart == kVaBase && (kWindowEnd - kVaBase) >> kVaPageShift <= kVaPages);
  Entry entry(g_hot.pages[pfn], who.cpu);
  const uint64_t state = entry.state;
  if ((state & (kLife | kLock | kSpilled)) != kAllocated || (state & kLive) == 0) return false;
  LifeStep step;
  if (kMore && g_hot.inference != nullptr) {
    // What was owed before is not settled by hardware alone.
    if ((state & kInline) != 0 ||
        !step.Find(*g_hot.inference, pfn, who, FLUSHDEP_EV_PTE_CLEAR, /*open=*/true) ||
        !step.FindPut(*g_hot.inference, who))
      return false;
  } else if ((state & kInline) != 0 && !IsSettled(state, entry.times)) {
    return false;
  }
  const uint64_t kept = (state & ((1ull << kSpaceShift) - 1) & ~kLarge) - (1ull << kLiveShift);
  const uint64_t times = clear | lasted << kClearBits | (entry.times & kOwner);
  if (!entry.Change(kept | kInline | uint64_t{space} << kSpaceShift | va_page << kVaShift, times))
    return false;
  if (kMore && g_hot.inference != nullptr) step.TakePut();
  address.SetClearedAfter(lasted, clear);
  if (kMore) Remember(pfn, &PageHistory::put, va, &AddressHistory::put, who);
  return true;
}

// Did the thread itself flush what the entry holds, wherever it may be? Mappings only: what
// the direct map owes may be granted again.
inline bool HasFlushed(uint64_t state, uint64_t times, uint32_t thread) {
  const SpaceIndex space = static_cast<SpaceIndex>((state & kSpace) >> kSpaceShift);
  const uint64_t mark = g_hot.full_flush[space].load(std::memory_order_acquire);
  return space != kKernelSpace && mark >> 16 > (times & kClear) && (mark & 0xffff) == thread &&
         thread != 0;
}

template <typename Entry, bool kMore>
FLUSHDEP_HOT bool FreeAs(uint64_t pfn, Who who) {
  Entry entry(g_hot.pages[pfn], who.cpu);
  const uint64_t state = entry.state;
  constexpr uint64_t kCare = kLife | kHead | kOrder | kLive | kTable | kLock | kSpilled;
  if ((state & kCare) != (kAllocated | kHead)) return false;
  const bool owed = (state & kInline) != 0;
  if (owed && !IsSettled(state, entry.times)) return false;
  LifeStep step;
  if (kMore && g_hot.inference != nullptr &&
      ((owed && !HasFlushed(state, entry.times, who.thread)) ||
       !step.FindEnd(*g_hot.inference, pfn, who, owed)))
    return false;
  if (!entry.Change((state & ~(kLife | kHead | kInline | kLarge)) | kFree)) return false;
  if (kMore && g_hot.inference != nullptr) step.TakeEnd();
  if (kMore) Remember(pfn, &PageHistory::free, who);
  return true;
}

// One of the four by the way that there is: plain stores where possible.
FLUSHDEP_APART bool MapShared(uint64_t va, uint64_t pfn, SpaceIndex space, Who who) {
  return MapAs<Shared, false>(va, pfn, space, who);
}
FLUSHDEP_APART bool UnmapShared(uint64_t va, uint64_t pfn, SpaceIndex space, Who who) {
  return UnmapAs<Shared, false>(va, pfn, space, who);
}
FLUSHDEP_APART bool FreeShared(uint64_t pfn, Who who) { return FreeAs<Shared, false>(pfn, who); }

// Nobody else has the page: the allocator hands it out now.
template <bool kMore>
FLUSHDEP_HOT bool AllocAs(uint64_t pfn, Who who) {
  PageEntry& page = g_hot.pages[pfn];
  const uint64_t state = page.state.load(std::memory_order_relaxed);
  static_assert((kAllocated & (kFree | static_cast<uint64_t>(Life::Never))) == 0);
  // Out of the direct map, and perhaps not flushed: that is looked into.
  if ((state & (kAllocated | kInline | kSpilled | kLock)) != 0) return false;
  LifeStep step;
  if (kMore && g_hot.inference != nullptr && !step.FindBegin(*g_hot.inference, pfn, who))
    return false;
  if (!__libc_single_threaded) {
    const uint64_t times = page.times.load(std::memory_order_relaxed);
    const uint64_t owned = (times & ~kOwner) | uint64_t{NewOwner(who.cpu)} << kOwnerShift;
    if (owned != times) page.times.store(owned, std::memory_order_relaxed);
  }
  if (kMore && g_hot.inference != nullptr) step.TakeBegin();
  if (kMore) Remember(pfn, &PageHistory::alloc, who);
  page.state.store((state & ~(kLife | kHead | kOrder)) | kAllocated | kHead,
                   std::memory_order_release);
  return true;
}

// With more to do than the invariant asks for. A life is changed by plain stores only.
FLUSHDEP_APART bool AllocMore(uint64_t pfn, Who who) { return AllocAs<true>(pfn, who); }
FLUSHDEP_APART bool MapMore(uint64_t va, uint64_t pfn, SpaceIndex space, Who who) {
  const PlainWay way(g_hot.pages[pfn], who.cpu);
  return way.open() && MapAs<Plain, true>(va, pfn, space, who);
}
FLUSHDEP_APART bool UnmapMore(uint64_t va, uint64_t pfn, SpaceIndex space, Who who) {
  const PlainWay way(g_hot.pages[pfn], who.cpu);
  return way.open() && UnmapAs<Plain, true>(va, pfn, space, who);
}
FLUSHDEP_APART bool FreeMore(uint64_t pfn, Who who) {
  const PlainWay way(g_hot.pages[pfn], who.cpu);
  return way.open() && FreeAs<Plain, true>(pfn, who);
}

// PAGE_ALLOC of one page. It becomes that of the CPU that the caller runs on.
FLUSHDEP_HOT bool Alloc(uint64_t pfn, Who who) {
  if (g_hot.way == ShortWay::Invariant) return AllocAs<false>(pfn, who);
  return g_hot.way == ShortWay::More && AllocMore(pfn, who);
}

// PTE_SET of one page at an address of the mermap slice of the CPU that the caller runs on, in
// `space`. The address maps nothing now, and what it mapped before is not in that CPU's TLB any
// more.
FLUSHDEP_HOT bool Map(uint64_t va, uint64_t pfn, SpaceIndex space, Who who) {
  if (g_hot.way != ShortWay::Invariant)
    return g_hot.way == ShortWay::More && MapMore(va, pfn, space, who);
  const PlainWay way(g_hot.pages[pfn], who.cpu);
  return way.open() ? MapAs<Plain, false>(va, pfn, space, who) : MapShared(va, pfn, space, who);
}

// PTE_CLEAR of one page in a mermap slice of `space`.
FLUSHDEP_HOT bool Unmap(uint64_t va, uint64_t pfn, SpaceIndex space, Who who) {
  // A mapping that was still there at the end of its mm is a finding (FD013).
  if (__builtin_expect(who.reason == FLUSHDEP_WHY_MERMAP_TEARDOWN, 0)) return false;
  if (g_hot.way != ShortWay::Invariant)
    return g_hot.way == ShortWay::More && UnmapMore(va, pfn, space, who);
  const PlainWay way(g_hot.pages[pfn], who.cpu);
  return way.open() ? UnmapAs<Plain, false>(va, pfn, space, who) : UnmapShared(va, pfn, space, who);
}

// PAGE_FREE of one page that is owed nothing.
FLUSHDEP_HOT bool Free(uint64_t pfn, Who who) {
  if (g_hot.way != ShortWay::Invariant) return g_hot.way == ShortWay::More && FreeMore(pfn, who);
  const PlainWay way(g_hot.pages[pfn], who.cpu);
  return way.open() ? FreeAs<Plain, false>(pfn, who) : FreeShared(pfn, who);
}

}  // namespace hot
}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_HOT_H_
