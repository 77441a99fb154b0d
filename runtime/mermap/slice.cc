// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/mermap/slice.h"

namespace flushdep {

static_assert(kHandlesPerSlice > kLivePerSlice, "a free handle is always found");

uint32_t Slice::HighestLive() const {
  uint32_t highest = 0;
  for (uint32_t i = 0; i < kHandlesPerSlice; i++) {
    const Mapping& mapping = mappings_[i];
    uint32_t end = mapping.page + mapping.npages;
    if (mapping.live && end > highest) highest = end;
  }
  return highest;
}

Slice::Plan Slice::Prepare(uint64_t npages) const {
  if (live_ >= kLivePerSlice) return {Fit::Slots, 0, next_};
  // Differences of what was handed out could underflow; sums of 64 bits cannot.
  if (next_ + npages <= kSliceUsablePages) return {Fit::Ok, 0, next_};
  uint32_t floor = HighestLive();
  if (floor + npages <= kSliceUsablePages) return {Fit::Wrap, floor, next_};
  return {Fit::Space, floor, next_};
}

Mapping* Slice::Take(uint32_t npages) {
  while (mappings_[next_handle_].live) next_handle_ = (next_handle_ + 1) % kHandlesPerSlice;
  Mapping& mapping = mappings_[next_handle_];
  next_handle_ = (next_handle_ + 1) % kHandlesPerSlice;
  mapping.page = next_;
  mapping.npages = npages;
  mapping.reserved = false;
  mapping.live = true;
  next_ += npages;
  live_++;
  return &mapping;
}

Mapping* Slice::TakeReserved() {
  Mapping& mapping = mappings_[kHandlesPerSlice];
  if (mapping.live) return nullptr;
  mapping.page = kSliceUsablePages;
  mapping.npages = 1;
  mapping.reserved = true;
  mapping.live = true;
  return &mapping;
}

void Slice::Release(Mapping* mapping) {
  mapping->live = false;
  if (!mapping->reserved) live_--;
}

bool Slice::Contains(const Mapping* mapping) const {
  uint64_t offset = reinterpret_cast<uint64_t>(mapping) - reinterpret_cast<uint64_t>(mappings_);
  return offset < sizeof(mappings_) && offset % sizeof(Mapping) == 0;
}

}  // namespace flushdep
