// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compaction: empties a mapped pageblock for an unmapped request, by moving movable pages out of
// it. One direction only: nothing in an unmapped block can be moved.
//
// A page is movable if its owner registered how (struct flushdep_movable_ops, like the kernel's
// movable_operations). One that nobody registered, that has an extra reference, or that its owner
// took out of the direct map, stays where it is, and so its block is no candidate.
//
//   isolate(old)   the owner stops using, freeing and mapping it, or says no
//                  PAGE_ALLOC of the target, contents copied
//   migrate        the owner has the new page, or says no
//                  PAGE_FREE of the old one; or putback(old), PAGE_FREE of the target
//
// Events have F_INTERNAL. The owner's functions are called on the asking thread between two API
// calls, so to speak: they may use the API, but not allocate so that compaction would be needed.
//
// Locking: one compaction at a time; who comes second waits as a sleeper does. No lock is held
// around the owner's functions but that one.
#ifndef FLUSHDEP_RUNTIME_MEMORY_COMPACTION_H_
#define FLUSHDEP_RUNTIME_MEMORY_COMPACTION_H_

#include "runtime/machine/call.h"
#include "runtime/memory/zone.h"

namespace flushdep {

void BootCompaction(uint64_t npages);

// 0; -EINVAL if nobody owns the page, or it is unmapped; -EBUSY while it is being moved.
int SetMovable(uint64_t pfn, const flushdep_movable_ops* ops, void* arg);

// Empties a block for an unmapped `request`, flips it and takes what is asked for; 0: no block
// could be emptied.
uint64_t CompactAndTake(const Request& request, const Call& call);

// The child of a fork: ends a compaction of a thread that only the parent has.
void RecoverCompactionAfterFork();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_COMPACTION_H_
