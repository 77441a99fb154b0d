// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The side table of pages: 16 bytes a page frame, indexed by pfn, never in
// the page descriptor. It knows of each page whether it is allocated, how many
// ephemeral mappings are live, and which old translations may still be cached:
// (space, address, present from, cleared at).
//
// The common page has at most one old translation, held in its entry. More of
// them, or one that does not fit, spill into a shared pool as a list. Past
// the limit TranslationsPerPage, or when the pool is full, a record grows to cover the new one as
// well: the debt is never forgotten, but a report may then name CPUs that hold nothing.
//
// Locking: one bit in each entry, held by a Guard; never lock two pages at
// once. Cost: one cache line per operation on a page without spilled records,
// and one atomic read-modify-write, which a process of one thread is spared (as
// in glibc's malloc; docs/benchmarks.md has what that saves). A page with an owner (bias.h)
// costs the first guard a barrier, if it is somebody else's.
#ifndef FLUSHDEP_CHECKER_MODEL_SHADOW_H_
#define FLUSHDEP_CHECKER_MODEL_SHADOW_H_

#include <sys/single_threaded.h>

#include <atomic>
#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/bias.h"
#include "checker/model/epoch.h"
#include "checker/model/flat_table.h"
#include "checker/model/limits.h"
#include "checker/model/spinlock.h"
#include "checker/model/tlb.h"

namespace flushdep {

enum class Life : uint8_t { Never, Free, Allocated };

// The address of a record that stands for several: no ranged flush covers it.
inline constexpr uint64_t kManyAddresses = ~0ull;

// What an old translation is, beside an entry of one page that was removed.
enum StaleKind : uint8_t {
  kLargeEntry = 1u << 0,      // of 2 MiB: invalidating any address of it drops it
  kTableEntry = 1u << 1,      // an upper level's: the page is a page-table page
  kLostPermission = 1u << 2,  // the mapping stays, with less permission
};
// Above them, of a lost permission: which, as enum flushdep_prot.
inline constexpr int kLostShift = 3;
inline constexpr uint16_t kPermissions =
    FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE | FLUSHDEP_PROT_EXEC | FLUSHDEP_PROT_USER;
static_assert(kPermissions << kLostShift <= 0xff, "fits StaleTranslation::kind");

// An old translation: cleared, and possibly cached.
struct StaleTranslation {
  SpaceIndex space = kKernelSpace;
  uint64_t va = 0;
  Epoch set = 0;
  Epoch clear = 0;
  uint8_t kind = 0;

  // How much of the address space its entry translates.
  uint64_t Bytes() const {
    return (kind & (kLargeEntry | kTableEntry)) != 0 ? 512 * FLUSHDEP_PAGE_SIZE
                                                     : FLUSHDEP_PAGE_SIZE;
  }
};

struct PageEntry {
  std::atomic<uint64_t> state;
  std::atomic<uint64_t> times;
};
static_assert(sizeof(PageEntry) == 16, "the common case of a page");

class Shadow {
 public:
  explicit Shadow(LimitCounts& limits) : limits_(limits) {}
  bool Init(uint64_t pfns);

  bool Has(uint64_t pfn) const { return pages_.Has(pfn); }
  uint64_t size() const { return pages_.size(); }

  // What a page's entry says: its two words, by value. What is rare works on a copy of them, so
  // that the compiler may keep those of a Guard in registers.
  class Guard;
  class Words {
   public:
    Life life() const;
    // Was the page the first of its allocation, and of which order?
    bool is_head() const;
    uint32_t order() const;
    void SetAllocated(bool head, uint32_t order);
    void SetFree();

    uint32_t live_mappings() const;
    void AddLiveMapping();
    void RemoveLiveMapping();

    // Is the page taken out of the direct map?
    bool direct_map_absent() const;
    void SetDirectMapAbsent(bool absent);

    // Is it a page-table page that an upper entry leads to?
    bool is_table() const;
    void SetTable(bool table);

    bool any_stale() const;
    void AddStale(const StaleTranslation& stale);
    // Calls keep(stale) for each old translation; drops those it says no to.
    template <typename Keep>
    void FilterStale(Keep&& keep);
    void ClearStale() {
      FilterStale([](const StaleTranslation&) { return false; });
    }

   private:
    friend Guard;
    Words(Shadow& shadow, uint64_t state, uint64_t times)
        : shadow_(&shadow), state_(state), times_(times) {}

    void AddStaleSlowly(const StaleTranslation& stale);
    void Spill();
    bool PushSpilled(const StaleTranslation& stale);
    void Widen(const StaleTranslation& stale);
    void SetInline(const StaleTranslation& stale);
    uint32_t SpilledCount() const;
    StaleTranslation Inline() const;

    Shadow* shadow_;
    uint64_t state_;
    uint64_t times_;
  };

  // One page, locked for the guard's life.
  class Guard : public Words {
   public:
    Guard(Shadow& shadow, uint64_t pfn);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    // Locks the entry; its state without the lock.
    static uint64_t Lock(PageEntry& entry);
    // Takes a locked entry from its owner; the words that it has then.
    static Words TakenFrom(Owner owner, PageEntry& entry, Words words);

    PageEntry& entry_;
  };

  // Has the page an old translation? A glance without its lock.
  bool MayOwe(uint64_t pfn) const;

  PageEntry* entries() { return &pages_[0]; }

  // Spilled records in use.
  uint64_t spilled() const { return spilled_in_use_.load(std::memory_order_relaxed); }

 private:
  struct Spilled {
    uint64_t va;  // and the kind in its low bits
    Epoch set;
    Epoch clear;
    SpaceIndex space;
    uint32_t next;
  };
  static_assert(sizeof(Spilled) == 32);
  static constexpr uint64_t kKindBits = FLUSHDEP_PAGE_SIZE - 1;
  static StaleTranslation Unpack(const Spilled& s) {
    if (s.va == kManyAddresses) return {s.space, s.va, s.set, s.clear, 0};
    return {s.space, s.va & ~kKindBits, s.set, s.clear, static_cast<uint8_t>(s.va & kKindBits)};
  }

  uint32_t TakeSpilled();  // 0: none left
  void GiveSpilled(uint32_t index);

  LimitCounts& limits_;
  uint32_t max_spilled_ = 0;
  uint32_t max_per_page_ = 0;
  FlatTable<PageEntry> pages_;
  FlatTable<Spilled> pool_;
  SpinLock pool_lock_;
  uint32_t pool_free_ = 0;  // list of returned records
  uint32_t pool_next_ = 1;  // never used from here on
  std::atomic<uint64_t> spilled_in_use_{0};
};

// Layout of PageEntry::state, from the low bit.
namespace shadow_bits {
inline constexpr uint64_t kLife = 3;
inline constexpr uint64_t kHead = 1u << 2;
inline constexpr uint64_t kAbsent = 1u << 3;
inline constexpr uint64_t kInline = 1u << 4;   // one old translation, in the entry
inline constexpr uint64_t kSpilled = 1u << 5;  // times is the first spilled record
inline constexpr uint64_t kLock = 1u << 6;
inline constexpr uint64_t kLarge = 1u << 7;  // the one in the entry is a kLargeEntry
inline constexpr int kOrderShift = 8;
inline constexpr uint64_t kOrder = 0xfull << kOrderShift;
inline constexpr int kLiveShift = 12;
inline constexpr uint64_t kLive = 0x7ffull << kLiveShift;
inline constexpr uint64_t kTable = 1u << 23;  // a page table that is linked
inline constexpr int kSpaceShift = 24;
inline constexpr uint64_t kSpace = 0xfffull << kSpaceShift;
inline constexpr int kVaShift = 36;  // page of the address, in a window of 2^28 pages
inline constexpr uint64_t kVaPages = 1ull << 28;
static_assert(kMaxSpaces <= 0x1000, "a space fits the entry");
// times: clear, clear - set, and whose the page is (bias.h); or, if kSpilled, an index.
inline constexpr int kClearBits = 36;
inline constexpr uint64_t kClear = (1ull << kClearBits) - 1;
inline constexpr uint64_t kMaxDelta = (1ull << 20) - 1;
inline constexpr int kOwnerShift = 56;
inline constexpr uint64_t kOwner = ~0ull << kOwnerShift;

// Nobody's if it is kSpilled: an index is small.
inline Owner OwnerIn(uint64_t times) { return static_cast<Owner>(times >> kOwnerShift); }
// Addresses that fit the entry: the window of simulated addresses
// (docs/contract.md), and whatever else lies in the same tebibyte.
inline constexpr uint64_t kVaBase = 0x7e8000000000ull;
inline constexpr int kVaPageShift = 12;

inline bool FitsInline(const StaleTranslation& s) {
  return ((s.va - kVaBase) >> kVaPageShift) < kVaPages && s.clear <= kClear &&
         s.clear - s.set <= kMaxDelta && (s.kind & ~kLargeEntry) == 0;
}
}  // namespace shadow_bits

inline bool Shadow::MayOwe(uint64_t pfn) const {
  using namespace shadow_bits;
  return (pages_[pfn].state.load(std::memory_order_acquire) & (kInline | kSpilled)) != 0;
}

inline Shadow::Guard::Guard(Shadow& shadow, uint64_t pfn)
    : Words(shadow, 0, 0), entry_(shadow.pages_[pfn]) {
  if (__libc_single_threaded) {
    state_ = entry_.state.load(std::memory_order_relaxed);
    times_ = entry_.times.load(std::memory_order_relaxed);
    return;
  }
  state_ = Lock(entry_);
  times_ = entry_.times.load(std::memory_order_relaxed);
  if (const Owner owner = shadow_bits::OwnerIn(times_); owner != 0)
    Words::operator=(TakenFrom(owner, entry_, *this));
}

inline uint64_t Shadow::Guard::Lock(PageEntry& entry) {
  unsigned spins = 0;
  while (true) {
    uint64_t state = entry.state.load(std::memory_order_relaxed) & ~shadow_bits::kLock;
    if (entry.state.compare_exchange_weak(state, state | shadow_bits::kLock,
                                          std::memory_order_acquire, std::memory_order_relaxed))
      return state;
    SpinPause(spins);
  }
}

inline Shadow::Guard::~Guard() {
  entry_.times.store(times_, std::memory_order_relaxed);
  entry_.state.store(state_, std::memory_order_release);
}

inline Life Shadow::Words::life() const { return static_cast<Life>(state_ & shadow_bits::kLife); }

inline bool Shadow::Words::is_head() const { return (state_ & shadow_bits::kHead) != 0; }

inline uint32_t Shadow::Words::order() const {
  return static_cast<uint32_t>((state_ & shadow_bits::kOrder) >> shadow_bits::kOrderShift);
}

inline void Shadow::Words::SetAllocated(bool head, uint32_t order) {
  using namespace shadow_bits;
  state_ &= ~(kLife | kHead | kOrder);
  state_ |= static_cast<uint64_t>(Life::Allocated) | (head ? kHead : 0) |
            ((uint64_t{order} << kOrderShift) & kOrder);
}

inline void Shadow::Words::SetFree() {
  using namespace shadow_bits;
  state_ = (state_ & ~(kLife | kHead | kOrder)) | static_cast<uint64_t>(Life::Free);
}

inline uint32_t Shadow::Words::live_mappings() const {
  return static_cast<uint32_t>((state_ & shadow_bits::kLive) >> shadow_bits::kLiveShift);
}

// Saturates rather than wraps; four mappings a CPU and mm stay far below.
inline void Shadow::Words::AddLiveMapping() {
  using namespace shadow_bits;
  if ((state_ & kLive) != kLive) state_ += 1ull << kLiveShift;
}

inline void Shadow::Words::RemoveLiveMapping() {
  using namespace shadow_bits;
  if ((state_ & kLive) != 0) state_ -= 1ull << kLiveShift;
}

inline bool Shadow::Words::direct_map_absent() const {
  return (state_ & shadow_bits::kAbsent) != 0;
}

inline void Shadow::Words::SetDirectMapAbsent(bool absent) {
  state_ = absent ? state_ | shadow_bits::kAbsent : state_ & ~shadow_bits::kAbsent;
}

inline bool Shadow::Words::is_table() const { return (state_ & shadow_bits::kTable) != 0; }

inline void Shadow::Words::SetTable(bool table) {
  state_ = table ? state_ | shadow_bits::kTable : state_ & ~shadow_bits::kTable;
}

inline bool Shadow::Words::any_stale() const {
  return (state_ & (shadow_bits::kInline | shadow_bits::kSpilled)) != 0;
}

inline StaleTranslation Shadow::Words::Inline() const {
  using namespace shadow_bits;
  StaleTranslation stale;
  stale.space = static_cast<SpaceIndex>((state_ & kSpace) >> kSpaceShift);
  stale.va = kVaBase + ((state_ >> kVaShift) << kVaPageShift);
  stale.clear = times_ & kClear;
  stale.set = stale.clear - ((times_ & ~kOwner) >> kClearBits);
  stale.kind = (state_ & kLarge) != 0 ? kLargeEntry : 0;
  return stale;
}

inline void Shadow::Words::SetInline(const StaleTranslation& stale) {
  using namespace shadow_bits;
  state_ = (state_ & ((1ull << kSpaceShift) - 1) & ~kLarge) | kInline |
           (stale.kind != 0 ? kLarge : 0) | uint64_t{stale.space} << kSpaceShift |
           (stale.va - kVaBase) >> kVaPageShift << kVaShift;
  times_ = stale.clear | (stale.clear - stale.set) << kClearBits;
}

inline void Shadow::Words::AddStale(const StaleTranslation& stale) {
  if (!any_stale() && shadow_bits::FitsInline(stale)) [[likely]]
    return SetInline(stale);
  Words copy(*this);
  copy.AddStaleSlowly(StaleTranslation(stale));
  *this = copy;
}

template <typename Keep>
void Shadow::Words::FilterStale(Keep&& keep) {
  using namespace shadow_bits;
  if ((state_ & kInline) != 0) {
    if (!keep(Inline())) state_ &= ~kInline;
    return;
  }
  if ((state_ & kSpilled) == 0) return;
  uint64_t kept = 0;
  for (uint32_t i = static_cast<uint32_t>(times_); i != 0;) {
    Spilled& record = shadow_->pool_[i];
    const uint32_t next = record.next;
    if (keep(Unpack(record))) {
      record.next = static_cast<uint32_t>(kept);
      kept = i;
    } else {
      shadow_->GiveSpilled(i);
    }
    i = next;
  }
  times_ = kept;
  if (kept == 0) state_ &= ~kSpilled;
}

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_SHADOW_H_
