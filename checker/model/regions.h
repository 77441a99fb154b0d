// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declared ranges of addresses, and what each address maps.
//
// A direct map needs no table: its address is the pfn. In other regions the same
// address maps one page after the other, so each address has an entry: the page mapped now or last,
// and until when translations of the address were flushed everywhere by ranged flushes.
// Entries of the simulated window (docs/contract.md) lie in one flat table, so that an address
// leads to its entry without its region; a region elsewhere (a foreign machine, a trace) has a
// table of its own. When an address was mapped and put, for reports, is kept beside them, if at
// all.
//
// Find() is O(regions), newest first, and lock-free against Add(): regions are
// only ever added (published by count) or marked as ended.
#ifndef FLUSHDEP_CHECKER_MODEL_REGIONS_H_
#define FLUSHDEP_CHECKER_MODEL_REGIONS_H_

#include <atomic>
#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/flat_table.h"
#include "checker/model/history.h"
#include "checker/model/limits.h"
#include "checker/model/spinlock.h"
#include "checker/model/tlb.h"

namespace flushdep {

// One page of addresses in a region with a table. Zeros: never mapped.
struct Address {
  std::atomic<uint64_t> page;   // pfn + 1 of the page mapped now or last; 0: none
  std::atomic<uint64_t> times;  // see Times

  // When it was mapped, and when that ended.
  struct Times {
    // From the low bit: is it mapped, then `set`; or when that ended, and how long it had lasted.
    static constexpr int kClearBits = 40;
    static constexpr uint64_t kClear = (1ull << kClearBits) - 1;
    static constexpr uint64_t kLongest = (1ull << (63 - kClearBits)) - 1;
    uint64_t bits;

    bool IsLive() const { return (bits & 1) != 0; }
    Epoch ClearedAt() const { return (bits >> 1) & kClear; }
    // Too long for the field: as if it had been mapped always.
    Epoch SetAt() const {
      if (IsLive()) return bits >> 1;
      const uint64_t lasted = bits >> (kClearBits + 1);
      return lasted == kLongest ? kNever : ClearedAt() - lasted;
    }
  };

  Times Get() const { return {times.load(std::memory_order_acquire)}; }
  bool IsLive() const { return Get().IsLive(); }
  void SetLive(Epoch set) { times.store(set << 1 | 1, std::memory_order_release); }
  void SetCleared(Epoch set, Epoch at) {
    SetClearedAfter(at - set < Times::kLongest ? at - set : Times::kLongest, at);
  }
  // `lasted` fits the field.
  void SetClearedAfter(uint64_t lasted, Epoch at) {
    times.store(lasted << (Times::kClearBits + 1) | at << 1, std::memory_order_release);
  }
};
static_assert(sizeof(Address) == 16, "four addresses a cache line");

struct AddressHistory {
  AtomicMoment map;
  AtomicMoment put;
};

// One entry for each page of addresses in [start, start + pages). History only if asked for.
struct AddressTable {
  uint64_t start = 0;
  FlatTable<Address> addresses;
  // Ranged flushes dropped all entries older than this.
  FlatTable<std::atomic<Epoch>> flushed;
  FlatTable<AddressHistory> history;

  bool Init(uint64_t first, uint64_t pages, bool keep_history) {
    start = first;
    return addresses.Init(pages) && flushed.Init(pages) && (!keep_history || history.Init(pages));
  }
  void Reset() {
    addresses.Reset();
    flushed.Reset();
    history.Reset();
  }
  uint64_t Index(uint64_t va) const { return (va - start) >> FLUSHDEP_PAGE_SHIFT; }
};

// The window of simulated addresses.
inline constexpr uint64_t kWindowStart = 0x7e8000000000ull;
inline constexpr uint64_t kWindowEnd = kWindowStart + (256ull << 30);

struct Region {
  uint64_t start;
  uint64_t end;
  SpaceIndex space;
  uint32_t mm;
  flushdep_region_type type;
  flushdep_policy policy;
  uint64_t slice_pages;
  std::atomic<bool> ended;
  AddressTable* table;  // the window's, or its own; null for a direct map
  AddressTable own;

  bool Has(uint64_t va) const { return va >= start && va < end; }
  bool HasTable() const { return table != nullptr; }
  Address& At(uint64_t va) { return table->addresses[table->Index(va)]; }
  std::atomic<Epoch>& FlushedAt(uint64_t va) { return table->flushed[table->Index(va)]; }
  // Null if none is kept.
  AddressHistory* HistoryAt(uint64_t va) {
    if (table == nullptr) return nullptr;
    const uint64_t index = table->Index(va);
    return table->history.Has(index) ? &table->history[index] : nullptr;
  }
  // Whose slice `va` is in.
  uint32_t OwnerCpu(uint64_t va) const {
    if (slice_pages == 0) return FLUSHDEP_NO_CPU;
    return static_cast<uint32_t>(((va - start) >> FLUSHDEP_PAGE_SHIFT) / slice_pages);
  }
};

inline constexpr uint64_t kNoRegion = ~uint64_t{0};

class RegionTable {
 public:
  explicit RegionTable(LimitCounts& limits) : limits_(limits) {}
  bool Init(bool keep_history) {
    ForEach([](Region& region) { region.own.Reset(); });
    count_.store(0, std::memory_order_release);
    keep_history_ = keep_history;
    max_ = limits_.Max(Limit::Regions);
    return regions_.Init(max_) &&
           window_.Init(kWindowStart, (kWindowEnd - kWindowStart) >> FLUSHDEP_PAGE_SHIFT,
                        keep_history);
  }

  uint32_t count() const { return count_.load(std::memory_order_acquire); }

  // The entry of an address in the window, whatever region it is in.
  Address* window() { return &window_.addresses[0]; }
  // Its history; null if none is kept.
  AddressHistory* window_history() {
    return window_.history.size() != 0 ? &window_.history[0] : nullptr;
  }

  // Null when the table is full, the range is empty, or memory is out.
  Region* Add(const flushdep_event_region& region, SpaceIndex space);
  void End(uint64_t start, SpaceIndex space);

  // The region that holds `va`, ended ones included (an access may come late);
  // the newest, if an address was declared again.
  Region* Find(uint64_t va);
  // Where the first region above `va` starts; kNoRegion if there is none. O(regions).
  uint64_t NextStart(uint64_t va);

  template <typename F>
  void ForEach(F&& f) {
    const uint32_t count = count_.load(std::memory_order_acquire);
    for (uint32_t i = 0; i < count; ++i) f(regions_[i]);
  }

 private:
  LimitCounts& limits_;
  SpinLock lock_;
  std::atomic<uint32_t> count_{0};
  bool keep_history_ = false;
  uint32_t max_ = 0;
  AddressTable window_;
  FlatTable<Region> regions_;

  bool GiveTable(Region* region);
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_REGIONS_H_
