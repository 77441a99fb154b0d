// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flips: free pageblocks leave the direct map and come back, as a whole and several at a time.
//
// In this order, to the letter of the series: off the lists; the zone's lock dropped; the direct
// map changed, adjacent blocks by one operation; when unmapping, one flush of the kernel range on
// all CPUs, when mapping back, the pages scrubbed before; PAGE_RETYPE; the blocks' freetype set;
// what nobody asked for freed under it. A block whose direct map cannot be changed is freed with
// the freetype that it had, which was never touched. Becoming present needs no flush.
//
// Locking: one flip at a time, under a lock that waiters sleep for, so that a burst of askers
// causes one flip; it is held over the flush. The direct map's lock and the CPUs' locks are taken
// inside, the zone's lock never around them.
#ifndef FLUSHDEP_RUNTIME_MEMORY_FLIP_H_
#define FLUSHDEP_RUNTIME_MEMORY_FLIP_H_

#include "runtime/machine/call.h"
#include "runtime/memory/zone.h"

namespace flushdep {

// Where a flip is not possible: a shootdown is not (atomic context, IRQs off, preemption disabled),
// or the machine cannot change its direct map.
bool MayFlip();

// Flips what `request` needs, and by policy more, and takes it: a block in state None; 0: no such
// block, or `*error`, as the direct map could not be changed.
uint64_t FlipAndTake(const Request& request, const Call& call, bool* error);

// Flips until `npages` are free of that kind: 0, -EAGAIN (not in this context), -ENOMEM.
int ReserveUnmapped(uint64_t npages, const Call& call);
int ReserveMapped(uint64_t npages, const Call& call);

// Flips and takes a block that compaction has emptied and taken off the lists, in state Flipping;
// `old` is the freetype that it had before. On error it is back under `old`.
uint64_t FlipEmptied(const Request& request, uint64_t pfn, unsigned order, Freetype old,
                     const Call& call);

// The child of a fork: ends a flip of a thread that only the parent has, undone.
void RecoverFlipsAfterFork();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_FLIP_H_
