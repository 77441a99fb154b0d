// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page allocator's own record of a page frame, 16 bytes, flat by pfn. A
// block (free or allocated) is described by its first page; the others are None.
#ifndef FLUSHDEP_RUNTIME_MEMORY_PAGE_H_
#define FLUSHDEP_RUNTIME_MEMORY_PAGE_H_

#include <atomic>
#include <cstdint>

namespace flushdep {

enum class PageState : uint8_t {
  None = 0,   // not the first page of anything
  Free,       // on a free list
  Allocated,  // has an owner
  Freeing,    // claimed by exactly one free, not yet on a list
  Flipping,   // its block is being moved to the other freetype
};

// Which free lists a pageblock's pages belong to.
enum class FreeType : uint8_t { Mapped = 0, Unmapped = 1 };
inline constexpr unsigned kNumFreeTypes = 2;

struct PageInfo {
  uint32_t next;  // free list, by pfn; 0 ends it, as pfn 0 is never free
  uint32_t prev;
  std::atomic<int32_t> refs;
  std::atomic<PageState> state;
  uint8_t order;
  uint8_t reserved[2];
};
static_assert(sizeof(PageInfo) == 16, "the side table costs 16 bytes a page");

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_PAGE_H_
