// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buddy free lists, one set per freetype. Splits and merges; never merges
// pageblocks of different freetypes, flags included. A block of order kMaxOrder spans two
// pageblocks, which have the same freetype as long as it exists.
//
// No locking, no events, no memory of its own: the caller gives the tables and serialises. Take
// and Give cost O(kMaxOrder); TakeFallback and Retype also O(pages of a block). Only TypeOf()
// may be called without the caller's lock.
#ifndef FLUSHDEP_RUNTIME_MEMORY_BUDDY_H_
#define FLUSHDEP_RUNTIME_MEMORY_BUDDY_H_

#include <cstdint>

#include "runtime/machine/limits.h"
#include "runtime/memory/freetype.h"
#include "runtime/memory/page.h"

namespace flushdep {

class Buddy {
 public:
  using BlockType = std::atomic<uint8_t>;
  // How a fallback was served.
  enum class Fallback : uint8_t {
    None,     // not at all
    Claimed,  // the pageblock is the asker's now
    Stolen,   // a single block out of somebody else's pageblock
  };

  constexpr Buddy() = default;

  // All frames but 0 become free, movable and mapped, by whole blocks. `pages` (npages) must
  // be zero, `types` has one entry per pageblock; npages is a multiple of kPageblockPages.
  // Records of high memory are not touched before that is needed, as with deferred struct pages.
  void Init(PageInfo* pages, BlockType* types, uint64_t npages);

  // The first frame of a block of 2^order, in state None; 0 if there is none.
  // Takes from the smallest sufficient block.
  uint64_t Take(Freetype type, unsigned order);
  // The free block that starts with the pageblock at `pfn`, if it is of at least that size: its
  // order, and it is off the lists in state None; else 0.
  unsigned TakeWhole(uint64_t pfn);
  // When Take() found nothing: from the lists of other migratetypes, as the kernel does: the
  // largest block whose pageblock can be claimed, else the smallest one that serves.
  uint64_t TakeFallback(Freetype type, unsigned order, Fallback* how);
  // Frees a block that is on no list to its pageblock's freetype.
  void Give(uint64_t pfn, unsigned order);
  // Of a block of 2^from that is on no list keeps the first 2^to and frees the rest.
  void Carve(uint64_t pfn, unsigned from, unsigned to);

  Freetype TypeOf(uint64_t pfn) const {
    return Freetype::FromBits(types_[pfn >> kPageblockOrder].load(std::memory_order_relaxed));
  }
  // Only for whole pageblocks that are on no list.
  void SetType(uint64_t pfn, uint64_t npages, Freetype type);
  // The pageblock at `pfn` and its free pages go to another freetype. No free block may
  // reach beyond it.
  void Retype(uint64_t pfn, Freetype type);

  uint64_t free_blocks(Freetype type, unsigned order) const { return count_[Index(type)][order]; }
  uint64_t free_pages(Freetype type) const { return free_[Index(type)]; }
  uint64_t npages() const { return npages_; }

 private:
  void CountFree(uint64_t npages, unsigned order, Freetype type);
  void Link(uint64_t pfn, unsigned order, Freetype type);
  void Unlink(uint64_t pfn, unsigned order, Freetype type);
  void Expose();
  static unsigned Index(Freetype type) { return static_cast<unsigned>(type.index()); }
  void Push(uint64_t pfn, unsigned order, Freetype type);
  void Remove(uint64_t pfn, Freetype type);
  bool CanMerge(uint64_t pfn, uint64_t buddy, unsigned order) const;
  uint64_t FindFallback(Freetype type, unsigned order, Freetype* from) const;
  bool TryClaim(uint64_t pfn, unsigned order, Freetype from, Freetype to);
  bool WorthClaiming(uint64_t block, Freetype from, Freetype to) const;

  PageInfo* pages_ = nullptr;
  BlockType* types_ = nullptr;
  uint64_t npages_ = 0;
  // [deferred_, deferred_end_) is free and counted, in blocks of the largest order, but not yet on
  // its list, which never runs empty before.
  uint64_t deferred_ = 0, deferred_end_ = 0;
  uint32_t head_[kNumFreetypes][kMaxOrder + 1] = {};
  uint64_t count_[kNumFreetypes][kMaxOrder + 1] = {};
  uint64_t free_[kNumFreetypes] = {};
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_BUDDY_H_
