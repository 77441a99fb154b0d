// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The address arithmetic of one CPU's slice in one mm: which pages of it a get is
// handed, and what a wrap reclaims. Pure bookkeeping in page offsets: no mappings, no events, no
// locking (the slice's lock is here for its users). All zeroes is an unused slice.
//
//   0            next_            kSliceUsablePages   kSlicePages
//   |  handed out  |      free      |    reserved page     |
//
// Handing out bumps next_. When a request does not fit, everything above the
// highest live mapping can be reclaimed, at the price of one local flush.
#ifndef FLUSHDEP_RUNTIME_MERMAP_SLICE_H_
#define FLUSHDEP_RUNTIME_MERMAP_SLICE_H_

#include <cstdint>

#include "runtime/include/flushdep.h"
#include "runtime/machine/limits.h"
#include "runtime/memory/owner_lock.h"

// A handle. It stays in its slice; `live` says whether it is a mapping.
struct flushdep_mapping {
  uint64_t id;  // of the events; new with every get
  uint64_t pfn;
  flushdep_mm* mm;
  uint32_t page;  // offset in the slice
  uint32_t npages;
  uint32_t cpu;
  uint32_t thread;
  uint16_t prot;  // enum flushdep_prot
  bool live;
  bool reserved;
};

namespace flushdep {

using Mapping = flushdep_mapping;

class alignas(kApart) Slice {
 public:
  enum class Fit : uint8_t {
    Ok,
    Wrap,   // fits once [floor, next) is reclaimed
    Slots,  // kLivePerSlice are live
    Space,  // too large, or what is live is in the way
  };
  struct Plan {
    Fit fit;
    uint32_t floor;  // Wrap: end of the highest live mapping
    uint32_t next;   // Wrap: end of what was handed out
  };

  // Could a get of `npages` (>= 1) be served, and how?
  Plan Prepare(uint64_t npages) const;
  // Goes on at `floor`. Only after the local flush that a Wrap plan asks for.
  void Rewind(uint32_t floor) { next_ = floor; }
  // Only after Prepare() said Ok, or Wrap and Rewind() was done.
  Mapping* Take(uint32_t npages);
  // The reserved page's handle; null while it is live.
  Mapping* TakeReserved();
  // The handle is no mapping any more; its pages wait for a wrap.
  void Release(Mapping* mapping);

  // How many handles were made so far, this one included.
  uint64_t CountHandle() { return ++handles_made_; }

  bool Contains(const Mapping* mapping) const;
  Mapping* begin() { return mappings_; }
  Mapping* end() { return mappings_ + kHandlesPerSlice + 1; }
  uint32_t live() const { return live_; }

  // The slice's CPU is nearly always who takes it.
  OwnerLock lock;
  // The slice's CPU plus one, once it was used.
  std::atomic<uint32_t> owner{0};
  // May this CPU's TLB hold what the reserved page last mapped?
  bool reserve_used = false;

 private:
  uint32_t HighestLive() const;

  uint64_t handles_made_ = 0;
  uint32_t next_ = 0;
  uint32_t live_ = 0;                            // the reserved one is not counted
  uint32_t next_handle_ = 0;                     // handles are used in turn
  Mapping mappings_[kHandlesPerSlice + 1] = {};  // the last is the reserve's
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MERMAP_SLICE_H_
