// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page allocator's own record of a page frame, 16 bytes, flat by pfn, all zeroes at boot and
// populated by use. A block (free or allocated) is described by its first page; the others
// are None, those of a compound page Tail.
#ifndef FLUSHDEP_RUNTIME_MEMORY_PAGE_H_
#define FLUSHDEP_RUNTIME_MEMORY_PAGE_H_

#include <sched.h>

#include <atomic>
#include <cstdint>

namespace flushdep {

enum class PageState : uint8_t {
  None = 0,       // not the first page of anything, or between two states
  Free,           // on a buddy list
  Pcp,            // on a list of a CPU
  Allocated,      // has an owner
  Tail,           // of a compound page; `next` is the head
  Freeing,        // claimed by exactly one free, not yet on a list
  Isolated,       // has an owner, and is being moved by compaction
  IsolatedFreed,  // its owner freed it meanwhile
  Flipping,       // its block is being moved to another freetype
};

enum PageFlag : uint8_t {
  kPageCompound = 1u << 0,
  kPageMovable = 1u << 1,  // asked for as movable: counts when a pageblock is claimed
  kPageHasOps = 1u << 2,   // its owner said how it is moved
};

struct PageInfo {
  // Buddy list: pfns; 0 ends it, as pfn 0 is never free. Of a tail, `next` is its head.
  std::atomic<uint32_t> next;
  uint32_t prev;
  std::atomic<int32_t> refs;
  std::atomic<PageState> state;
  std::atomic<uint8_t> order;
  std::atomic<uint8_t> flags;  // enum PageFlag; belongs to the owner
  std::atomic<uint8_t> lock;   // see PageLock

  PageState State() const { return state.load(std::memory_order_acquire); }
  void SetState(PageState to) { state.store(to, std::memory_order_release); }
  unsigned Order() const { return order.load(std::memory_order_relaxed); }
  void SetOrder(unsigned to) { order.store(static_cast<uint8_t>(to), std::memory_order_relaxed); }
  unsigned Flags() const { return flags.load(std::memory_order_relaxed); }
  void SetFlags(unsigned to) { flags.store(static_cast<uint8_t>(to), std::memory_order_relaxed); }
  uint64_t Next() const { return next.load(std::memory_order_relaxed); }
  void SetNext(uint64_t pfn) { next.store(static_cast<uint32_t>(pfn), std::memory_order_relaxed); }
  // Goes on from `from`, unless somebody else was first.
  bool Claim(PageState from, PageState to) {
    return state.compare_exchange_strong(from, to, std::memory_order_acq_rel);
  }
};
static_assert(sizeof(PageInfo) == 16, "the side table costs 16 bytes a page");

// Makes a change of a page's references or registration and the event that tells it one, so that
// drops from several threads are told in the order in which they happened. In the page itself, so
// that pages do not share it.
class PageLock {
 public:
  explicit PageLock(PageInfo& page) : page_(page) {
    while (page_.lock.exchange(1, std::memory_order_acquire) != 0) sched_yield();
  }
  ~PageLock() { page_.lock.store(0, std::memory_order_release); }
  PageLock(const PageLock&) = delete;
  PageLock& operator=(const PageLock&) = delete;

 private:
  PageInfo& page_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_PAGE_H_
