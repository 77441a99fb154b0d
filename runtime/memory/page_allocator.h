// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page allocator as its callers see it: owners get blocks and give them back, and the
// checker is told. Where blocks come from, in this order: the CPU's own list; the zone, which falls
// back between migratetypes (zone.h); a flip of pageblocks (flip.h); all CPUs' lists drained, and
// again; compaction for an unmapped request (compaction.h). Each only where the context allows it.
//
// Locking: none of its own. No lock is held while the direct map changes, a CPU is flushed, a page
// is zeroed, or an event is submitted, but for a page's lock around its references. Thread safe.
#ifndef FLUSHDEP_RUNTIME_MEMORY_PAGE_ALLOCATOR_H_
#define FLUSHDEP_RUNTIME_MEMORY_PAGE_ALLOCATOR_H_

#include "runtime/machine/call.h"
#include "runtime/memory/freetype.h"
#include "runtime/memory/page.h"

namespace flushdep {

void BootPageAllocator(uint64_t pfns);

// `flags` as FLUSHDEP_ALLOC_*. FLUSHDEP_PFN_NONE when out of
// memory of the kind, when only a flip would help and the context forbids one, and for
// flags that contradict each other.
uint64_t AllocPages(unsigned order, unsigned flags, const Call& call);
// Without a reference, and with the allocator's own flags (FLUSHDEP_ALLOCF_*) apart.
uint64_t AllocFrozenPages(unsigned order, unsigned flags, unsigned alloc_flags, const Call& call);
// Emits PAGE_FREE always; with REFUSED, and without effect, for what the
// allocator did not hand out like this.
void FreePages(uint64_t pfn, unsigned order, const Call& call);

// The calling thread's scope: flags added to each allocation that it asks for, not to those that
// the machine makes on the way (page tables). Returns what it was.
unsigned EnterAllocScope(unsigned flags);
void LeaveAllocScope(unsigned old);
unsigned WithScope(unsigned flags);

bool PageUnmapped(uint64_t pfn);
Freetype PageFreetype(uint64_t pfn);
inline bool HasOwner(const PageInfo& page) {
  PageState state = page.State();
  return state == PageState::Allocated || state == PageState::Isolated;
}
uint64_t NumPages();

// The gist of ReadMemStats() for tests, by kind: 0 mapped, 1 unmapped.
struct AllocatorStats {
  uint64_t free_blocks[2][kMaxOrder + 1];  // without the CPUs' lists
  uint64_t free_pages[2];                  // with them
  uint64_t flips_to[2];                    // pageblocks
  uint64_t flip_failures;
  uint64_t refused_frees;
};
AllocatorStats ReadAllocatorStats();

// The child of a fork: ends what threads that only the parent has had begun.
void RecoverAllocatorAfterFork();

// For compaction: the end of a free, once it is told; a target's hand-over.
void FinishFree(uint64_t pfn, unsigned order);
void HandOverTarget(uint64_t pfn, uint64_t source, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_PAGE_ALLOCATOR_H_
