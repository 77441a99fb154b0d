// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The direct map: which pages are present in it, and changing that. It starts with
// everything present, global, readable and writable, in 2 MiB entries.
//
// Changing part of a 2 MiB entry splits it first, for good, and a split flushes every TLB by itself
// (FLUSHDEP_WHY_SPLIT), as __split_large_page() of Linux 6.12 does. Nothing is ever merged back.
//
// Emits only what changes: pages that are already as wanted cause no event.
#ifndef FLUSHDEP_RUNTIME_MEMORY_DIRECT_MAP_H_
#define FLUSHDEP_RUNTIME_MEMORY_DIRECT_MAP_H_

#include "runtime/machine/call.h"
#include "runtime/memory/page_bits.h"

namespace flushdep {

// Written under the direct map's lock, read by anyone.
struct DirectMap {
  uint64_t pfns;
  PageBits absent;
};
extern constinit DirectMap g_direct_map;

void BootDirectMap(uint64_t pfns);

inline bool DirectMapPresent(uint64_t pfn) {
  return pfn < g_direct_map.pfns && !g_direct_map.absent.Test(pfn);
}

// Is this a machine that can take pages out of its direct map (option direct_map)?
bool CanSetDirectMap();

// No flush but a split's. 0, -EINVAL (not within memory), -EOPNOTSUPP (see above), or -ENOMEM at a
// limit of the host's; then nothing is changed, though an entry may have been split. One operation
// of the backend, O(pages / 64), an event for each run of pages within a 2 MiB entry.
// Clearing emits after the operation, setting before it; a set that then fails is
// followed by a clear.
int SetDirectMap(uint64_t pfn, uint64_t npages, bool valid, const Call& call);

// The child of a fork: takes away from a wholly present direct map what is absent.
void RestoreDirectMap();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_DIRECT_MAP_H_
