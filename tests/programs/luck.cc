// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD004 lucky-flush: nothing is stale at the free, but only because of what the hardware happened
// to do. Never an FD001.
#include <atomic>

#include "tests/programs/cache.h"

namespace flushdep::programs {
namespace {

// Waits in real time and orders nothing: what a race that is won looks like.
class Luck {
 public:
  void Happens() { happened_.store(true, std::memory_order_relaxed); }
  void Await() const {
    while (!happened_.load(std::memory_order_relaxed)) flushdep_cond_resched();
  }

 private:
  std::atomic<bool> happened_{false};
};

// Two removers, one stale bit: whoever clears it flushes, the other relies on that. The flush
// counts when it has completed, not when the bit was claimed.
template <bool kOrdered>
void StaleBit() {
  Prepare();
  const Pfn mine = AllocPage(FLUSHDEP_ALLOC_UNMAPPED), others = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  Zero(mine);
  Zero(others);
  flushdep_atomic stale = FLUSHDEP_ATOMIC(1);
  flushdep_completion flushed = FLUSHDEP_COMPLETION;
  // The second is there before the first begins: one that took over its CPU would be ordered.
  Luck there, luck, returned;
  Threads threads;
  threads.Start("first", [&] {
    there.Await();
    Anywhere();
    Require(flushdep_atomic_xchg(&stale, 0) == 1, "the bit");
    luck.Happens();
    flushdep_flush_all();
    returned.Happens();
    flushdep_complete(&flushed);
    flushdep_page_put(mine);
  });
  threads.Start("second", [&] {
    flushdep_cpu_current();
    there.Happens();
    luck.Await();
    Require(flushdep_atomic_xchg(&stale, 0) == 0, "the bit again");
    if (kOrdered)
      flushdep_completion_wait(&flushed);
    else
      returned.Await();
    flushdep_page_put(others);
  });
}
PROGRAM(stale_bit_race, "FD004") { StaleBit<false>(); }
PROGRAM(stale_bit_waits, "") { StaleBit<true>(); }

// The mermap's own wrap flushed this CPU.
template <bool kFlush>
void Wrap() {
  flushdep_migrate_disable();
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  Zero(pfn);
  std::vector<Pfn> others;
  for (int i = 0; i < 600; i++) {
    others.push_back(AllocPage(FLUSHDEP_ALLOC_UNMAPPED));
    Zero(others.back());
  }
  if (kFlush) flushdep_flush_all();
  flushdep_page_put(pfn);
  flushdep_flush_all();
  for (Pfn other : others) flushdep_page_put(other);
  flushdep_migrate_enable();
}
PROGRAM(wrap_as_flush, "FD004") { Wrap<false>(); }
PROGRAM(wrap_and_flush, "") { Wrap<true>(); }

// Other mms took the CPU's context ids, which drops what they held.
template <bool kFlush>
void Switches() {
  flushdep_migrate_disable();
  Prepare();
  flushdep_mm* own = flushdep_mm_current();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  Zero(pfn);
  flushdep_mm* others[8];
  for (flushdep_mm*& mm : others) flushdep_mm_switch(mm = flushdep_mm_create());
  flushdep_mm_switch(own);
  if (kFlush) flushdep_flush_mm(own);
  flushdep_page_put(pfn);
  for (flushdep_mm* mm : others) flushdep_mm_put(mm);
  flushdep_migrate_enable();
}
PROGRAM(switches_as_flush, "FD004") { Switches<false>(); }
PROGRAM(switches_and_flush, "") { Switches<true>(); }

// Asked for some addresses; so many that the machine flushed the mm instead.
template <bool kAskedFor>
void Promotion() {
  flushdep_migrate_disable();
  Prepare();
  flushdep_mm* mm = flushdep_mm_current();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  const auto at = reinterpret_cast<uintptr_t>(flushdep_mermap_addr(mapping));
  flushdep_mermap_put(mapping);
  const uintptr_t start = kAskedFor ? at : at + kPage;
  flushdep_flush_mm_range(mm, start, start + 40 * kPage);
  flushdep_page_put(pfn);
  flushdep_migrate_enable();
}
PROGRAM(promoted_range, "FD004") { Promotion<false>(); }
PROGRAM(covering_range, "") { Promotion<true>(); }

// Splitting a large entry of the direct map flushes everything, if it happens to be needed.
template <bool kFlush>
void Split() {
  const Pfn block = flushdep_page_alloc(9, 0), other = flushdep_page_alloc(9, 0);
  Require(block != FLUSHDEP_PFN_NONE && other != FLUSHDEP_PFN_NONE, "no blocks");
  Require(flushdep_direct_map_set(block, 512, false) == 0, "take out");
  flushdep_direct_map_set(other, 1, false);
  flushdep_direct_map_set(other, 1, true);
  if (kFlush) flushdep_flush_all();
  flushdep_page_free(block, 9);
}
PROGRAM(split_as_flush, "FD004") { Split<false>(); }
PROGRAM(split_and_flush, "") { Split<true>(); }

// Somebody flushed everything, for reasons of his own.
template <bool kOrdered>
void SomebodyElses() {
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  Luck put, flushed;
  flushdep_completion done = FLUSHDEP_COMPLETION;
  Threads threads;
  threads.Start("owner", [&] {
    Zero(pfn);
    put.Happens();
    if (kOrdered)
      flushdep_completion_wait(&done);
    else
      flushed.Await();
    flushdep_page_put(pfn);
  });
  threads.Start("other", [&] {
    put.Await();
    Anywhere();
    flushdep_flush_all();
    flushed.Happens();
    flushdep_complete(&done);
  });
}
PROGRAM(somebody_elses_flush, "FD004") { SomebodyElses<false>(); }
PROGRAM(somebody_told_to_flush, "") { SomebodyElses<true>(); }

}  // namespace
}  // namespace flushdep::programs
