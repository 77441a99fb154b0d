// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declared ranges of addresses, and for the mermap's what each address maps.
//
// A direct map needs no table: its address is the pfn. In a mermap region the same
// address maps one page after the other, so each address has an entry: the page mapped now or last,
// and until when translations of the address were flushed everywhere by ranged flushes.
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

// One page of addresses in a mermap region. Zeros: never mapped.
struct Address {
  std::atomic<uint64_t> page;  // pfn + 1 of the page mapped now or last; 0: none
  std::atomic<Epoch> set;      // since when it is or was mapped
  std::atomic<uint64_t> live;  // 1 while it is mapped
  std::atomic<Epoch> flushed;  // ranged flushes dropped all entries older than this
  AtomicMoment map;
  AtomicMoment put;
};

struct Region {
  uint64_t start;
  uint64_t end;
  SpaceIndex space;
  uint32_t mm;
  flushdep_region_type type;
  flushdep_policy policy;
  uint64_t slice_pages;
  std::atomic<bool> ended;
  FlatTable<Address> addresses;  // MERMAP only

  bool Has(uint64_t va) const { return va >= start && va < end; }
  Address& At(uint64_t va) { return addresses[(va - start) >> FLUSHDEP_PAGE_SHIFT]; }
  // Whose slice `va` is in.
  uint32_t OwnerCpu(uint64_t va) const {
    if (slice_pages == 0) return FLUSHDEP_NO_CPU;
    return static_cast<uint32_t>(((va - start) >> FLUSHDEP_PAGE_SHIFT) / slice_pages);
  }
};

class RegionTable {
 public:
  explicit RegionTable(LimitCounts& limits) : limits_(limits) {}
  bool Init() {
    ForEach([](Region& region) { region.addresses.Reset(); });
    count_.store(0, std::memory_order_release);
    return regions_.Init(kMaxRegions);
  }

  // Null when the table is full, the range is empty, or memory is out.
  Region* Add(const flushdep_event_region& region, SpaceIndex space);
  void End(uint64_t start, SpaceIndex space);

  // The region that holds `va`, ended ones included (an access may come late);
  // the newest, if an address was declared again.
  Region* Find(uint64_t va);

  template <typename F>
  void ForEach(F&& f) {
    const uint32_t count = count_.load(std::memory_order_acquire);
    for (uint32_t i = 0; i < count; ++i) f(regions_[i]);
  }

 private:
  LimitCounts& limits_;
  SpinLock lock_;
  std::atomic<uint32_t> count_{0};
  FlatTable<Region> regions_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_REGIONS_H_
