// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The direct map: which pages are present in it, and changing that. It starts with
// everything present, global, readable and writable, in 2 MiB entries.
// Changing part of a 2 MiB entry splits it for good (PTE_SPLIT); the flush
// that Linux makes after a split is not simulated.
//
// Emits only what changes: pages that are already as wanted cause no event.
#ifndef FLUSHDEP_RUNTIME_MEMORY_DIRECT_MAP_H_
#define FLUSHDEP_RUNTIME_MEMORY_DIRECT_MAP_H_

#include "runtime/machine/call.h"

namespace flushdep {

void BootDirectMap(uint64_t pfns);

bool DirectMapPresent(uint64_t pfn);

// No flush. 0, -EINVAL (not within memory), or -ENOMEM at the host's limit of
// mappings; then nothing is changed. O(pages). Clearing emits after the
// operation, setting before it; a set that then fails is followed by a clear.
int SetDirectMap(uint64_t pfn, uint64_t npages, bool valid, const Call& call);

// The child of a fork: takes away from a wholly present direct map what is absent.
void RestoreDirectMap();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_DIRECT_MAP_H_
