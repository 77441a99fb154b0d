// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buddy free lists, one set per freetype. Splits and merges; never merges
// pageblocks of different freetypes. No locking, no events, no memory of its
// own: the caller gives the tables and serialises. Take and Give cost O(kMaxOrder).
#ifndef FLUSHDEP_RUNTIME_MEMORY_BUDDY_H_
#define FLUSHDEP_RUNTIME_MEMORY_BUDDY_H_

#include <cstdint>

#include "runtime/machine/limits.h"
#include "runtime/memory/page.h"

namespace flushdep {

class Buddy {
 public:
  constexpr Buddy() = default;

  // All frames but 0 become free and mapped. `pages` (npages) and `types` (one per
  // pageblock) must be zero; npages is a multiple of kPageblockPages.
  void Init(PageInfo* pages, FreeType* types, uint64_t npages);

  // The first frame of a block of 2^order, in state None; 0 if there is none.
  // Takes from the smallest sufficient block.
  uint64_t Take(FreeType type, unsigned order);
  // Frees a block, in state None or Freeing or Flipping, to its pageblock's freetype.
  void Give(uint64_t pfn, unsigned order);

  FreeType TypeOf(uint64_t pfn) const { return types_[pfn >> kPageblockOrder]; }
  // Only for whole pageblocks that are not on a list.
  void SetType(uint64_t pfn, uint64_t npages, FreeType type);

  uint64_t free_blocks(FreeType type, unsigned order) const { return count_[Index(type)][order]; }
  uint64_t free_pages(FreeType type) const;

 private:
  static unsigned Index(FreeType type) { return static_cast<unsigned>(type); }
  void Push(uint64_t pfn, unsigned order);
  void Remove(uint64_t pfn);
  bool CanMerge(uint64_t pfn, uint64_t buddy, unsigned order) const;

  PageInfo* pages_ = nullptr;
  FreeType* types_ = nullptr;
  uint64_t npages_ = 0;
  uint32_t head_[kNumFreeTypes][kMaxOrder + 1] = {};
  uint64_t count_[kNumFreeTypes][kMaxOrder + 1] = {};
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_BUDDY_H_
