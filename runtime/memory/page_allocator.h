// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page allocator: buddy lists by freetype; a pageblock is flipped as a whole when
// the lists of the wanted kind run dry (see flip in the source). One zone, one
// lock, which is not held while the direct map changes, a CPU is flushed, or
// a page is zeroed. Thread safe.
//
// Unmapped pages are zeroed by the host, through no simulated translation: a caller
// that never maps such a page owes no flush for it.
#ifndef FLUSHDEP_RUNTIME_MEMORY_PAGE_ALLOCATOR_H_
#define FLUSHDEP_RUNTIME_MEMORY_PAGE_ALLOCATOR_H_

#include "runtime/machine/call.h"
#include "runtime/memory/page.h"

namespace flushdep {

void BootPageAllocator(uint64_t pfns);

// `flags` as FLUSHDEP_ALLOC_*. FLUSHDEP_PFN_NONE when out of memory of the
// kind, or when only a flip would help and the context forbids one.
uint64_t AllocPages(unsigned order, unsigned flags, const Call& call);
// Emits PAGE_FREE always; with REFUSED, and without effect, for what the
// allocator did not hand out like this.
void FreePages(uint64_t pfn, unsigned order, const Call& call);

// References. GetPage of a page without an owner is a FAILED event. PutPage says
// whether it was the last, and frees then: with the order of the allocation, or with
// `order` if that is not negative.
void GetPage(uint64_t pfn, const Call& call);
bool PutPage(uint64_t pfn, int order, const Call& call);
int PageRefs(uint64_t pfn);

bool PageUnmapped(uint64_t pfn);
uint64_t NumPages();

// For tests and statistics; exact while nothing else runs.
struct AllocatorStats {
  uint64_t free_blocks[kNumFreeTypes][kMaxOrder + 1];
  uint64_t free_pages[kNumFreeTypes];
  uint64_t flips_to[kNumFreeTypes];
  uint64_t flip_failures;
  uint64_t refused_frees;
};
AllocatorStats ReadAllocatorStats();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_PAGE_ALLOCATOR_H_
