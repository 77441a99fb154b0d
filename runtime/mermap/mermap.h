// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mermap: CPU-local ephemeral mappings in the page tables of an mm. What it promises is
// said in flushdep.h; docs/machine.md lists the events of each call.
//
// Locking: a slice belongs to its CPU, whose threads run one at a time, so its lock costs them no
// atomic instruction; a put on the wrong CPU and the end of the mm pay for that. Events of one
// slice are submitted under it.
#ifndef FLUSHDEP_RUNTIME_MERMAP_MERMAP_H_
#define FLUSHDEP_RUNTIME_MERMAP_MERMAP_H_

#include "runtime/machine/call.h"
#include "runtime/mermap/slice.h"

namespace flushdep {

void BootMermap();

// 0, or -EINVAL for null or an mm that has ended. (The window is reserved at boot, so
// there is nothing left that -ENOMEM could be about.)
int MermapPrepare(Mm* mm, const Call& call);
bool MermapReady();
Mapping* MermapGet(uint64_t pfn, size_t size, unsigned prot, const Call& call);
Mapping* MermapGetReserved(uint64_t pfn, unsigned prot, const Call& call);
void MermapPut(Mapping* mapping, const Call& call);

uint64_t MappingAddress(const Mapping* mapping);
uint64_t SliceStart(const Mm* mm, uint32_t cpu);

// End of an mm: what is still mapped is cleared, but not put (no MAP_END), so that
// the checker sees what leaked; then the region ends.
void MermapTeardown(Mm* mm, const Call& call);

// The child of a fork: makes the live mappings of `mm` again.
void RestoreMermap(Mm* mm);

flushdep_mermap_stats ReadMermapStats();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MERMAP_MERMAP_H_
