// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/regions.h"

namespace flushdep {

// Addresses of the window may come back with another mm: they start anew.
bool RegionTable::GiveTable(Region* region) {
  const uint64_t pages = (region->end - region->start) >> FLUSHDEP_PAGE_SHIFT;
  if (region->start < kWindowStart || region->end > kWindowEnd) {
    region->table = &region->own;
    return region->own.Init(region->start, pages, keep_history_);
  }
  region->table = &window_;
  window_.addresses.Clear(window_.Index(region->start), pages);
  window_.flushed.Clear(window_.Index(region->start), pages);
  if (keep_history_) window_.history.Clear(window_.Index(region->start), pages);
  return true;
}

Region* RegionTable::Add(const flushdep_event_region& wanted, SpaceIndex space) {
  if (wanted.end <= wanted.start) return nullptr;
  SpinGuard guard(lock_);
  const uint32_t count = count_.load(std::memory_order_relaxed);
  if (count == max_) {
    limits_.Hit(Limit::Regions);
    return nullptr;
  }
  Region& region = regions_[count];
  region.start = wanted.start;
  region.end = wanted.end;
  region.space = space;
  region.mm = wanted.mm;
  region.type = static_cast<flushdep_region_type>(wanted.type);
  region.policy = static_cast<flushdep_policy>(wanted.policy);
  region.slice_pages = wanted.slice_pages;
  region.table = nullptr;
  if (region.type != FLUSHDEP_REGION_DIRECT_MAP && !GiveTable(&region)) {
    limits_.Hit(Limit::Regions);
    return nullptr;
  }
  count_.store(count + 1, std::memory_order_release);
  return &region;
}

void RegionTable::End(uint64_t start, SpaceIndex space) {
  ForEach([&](Region& region) {
    if (region.start == start && region.space == space)
      region.ended.store(true, std::memory_order_release);
  });
}

// A program has a handful of regions (one a mm, and the direct map), and the
// newest is the likeliest.
Region* RegionTable::Find(uint64_t va) {
  for (uint32_t i = count_.load(std::memory_order_acquire); i-- > 0;)
    if (regions_[i].Has(va)) return &regions_[i];
  return nullptr;
}

uint64_t RegionTable::NextStart(uint64_t va) {
  uint64_t next = kNoRegion;
  ForEach([&](const Region& region) {
    if (region.start > va && region.start < next) next = region.start;
  });
  return next;
}

}  // namespace flushdep
