// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page allocator and the direct map: events of each call, flips, refusals.
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "runtime/include/flushdep.h"
#include "runtime/memory/page_allocator.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

class MemoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // So that the flip of the first unmapped block is not part of every test.
    flushdep_page_free(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), 0);
    Clear();
  }
};

char* Direct(flushdep_pfn_t pfn) { return static_cast<char*>(flushdep_page_address(pfn)); }

TEST_F(MemoryTest, AllocAndFreeOfAMappedPage) {
  flushdep_pfn_t pfn = flushdep_page_alloc(2, 0);
  ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
  EXPECT_NE(pfn, 0u);
  EXPECT_EQ(pfn % 4, 0u);
  EXPECT_EQ(flushdep_page_refcount(pfn), 1);
  EXPECT_FALSE(flushdep_page_unmapped(pfn));
  memset(Direct(pfn), 1, 4 * 4096);
  flushdep_page_free(pfn, 2);
  EXPECT_EQ(flushdep_page_refcount(pfn), 0);
  EXPECT_THAT(Kinds(), ElementsAre("PAGE_ALLOC", "PAGE_FREE"));
  std::vector<flushdep_event> events = Events();
  for (const flushdep_event& event : events) {
    EXPECT_EQ(event.u.page.pfn, pfn);
    EXPECT_EQ(event.u.page.order, 2u);
    EXPECT_EQ(event.u.page.npages, 4u);
    EXPECT_EQ(event.u.page.mm, 1u);
    EXPECT_EQ(event.u.page.flags, 0u);
    EXPECT_NE(event.site, 0u);
  }
  EXPECT_EQ(events[1].u.page.old_order, 2u);
  EXPECT_EQ(events[1].reason, FLUSHDEP_WHY_FREE);
}

TEST_F(MemoryTest, ZeroReallyZeroesMappedPages) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  memset(Direct(pfn), 0x5a, 4096);
  flushdep_page_free(pfn, 0);
  flushdep_pfn_t again = flushdep_page_alloc(0, FLUSHDEP_ALLOC_ZERO);
  EXPECT_EQ(again, pfn);  // last in, first out
  EXPECT_THAT(std::string(Direct(again), 4096), Each('\0'));
  EXPECT_EQ(Events().back().u.page.flags, static_cast<uint32_t>(FLUSHDEP_PAGE_ZEROED));
  flushdep_page_free(again, 0);
}

TEST_F(MemoryTest, ZeroingAnUnmappedPageLeavesNoTranslation) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO);
  ASSERT_TRUE(flushdep_page_unmapped(pfn));
  EXPECT_THAT(Kinds(), ElementsAre("PAGE_ALLOC"));
  EXPECT_EQ(Events()[0].u.page.flags,
            static_cast<uint32_t>(FLUSHDEP_PAGE_UNMAPPED | FLUSHDEP_PAGE_ZEROED));
  flushdep_page_free(pfn, 0);
  EXPECT_EQ(Events()[1].u.page.flags, static_cast<uint32_t>(FLUSHDEP_PAGE_UNMAPPED));
}

TEST_F(MemoryTest, ADryListFlipsAWholeBlockInThisOrder) {
  // A block of order 9 does not fit into what is left of the first flipped one.
  flushdep_pfn_t small = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  Clear();
  flushdep_pfn_t pfn = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED);
  ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
  EXPECT_THAT(Kinds(),
              ElementsAre("PTE_CLEAR", "FLUSH_ISSUE", "FLUSH_ACK", "FLUSH_ACK", "FLUSH_ACK",
                          "FLUSH_ACK", "FLUSH_RETURN", "PAGE_RETYPE", "PAGE_ALLOC"));
  std::vector<flushdep_event> events = Events();
  const flushdep_event_pte& clear = events[0].u.pte;
  EXPECT_EQ(clear.pfn, pfn);
  EXPECT_EQ(clear.va, reinterpret_cast<uint64_t>(Direct(pfn)));
  EXPECT_EQ(clear.npages, 512u);
  EXPECT_EQ(clear.level, FLUSHDEP_LEVEL_PMD);
  EXPECT_EQ(clear.mm, FLUSHDEP_SPACE_KERNEL);
  EXPECT_EQ(clear.prot, FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE | FLUSHDEP_PROT_GLOBAL);
  EXPECT_EQ(events[1].u.flush.req_what, FLUSHDEP_FLUSH_KERNEL_RANGE);
  EXPECT_EQ(events[1].u.flush.req_who, FLUSHDEP_CPUS_ALL);
  EXPECT_EQ(events[1].u.flush.end - events[1].u.flush.start, 2u << 20);
  EXPECT_EQ(events[7].u.page.npages, 512u);
  EXPECT_EQ(events[7].u.page.flags, static_cast<uint32_t>(FLUSHDEP_PAGE_UNMAPPED));
  for (size_t i = 0; i < 8; i++) {
    EXPECT_EQ(events[i].flags, FLUSHDEP_F_INTERNAL);
    EXPECT_EQ(events[i].reason, FLUSHDEP_WHY_BLOCK_UNMAP);
    EXPECT_EQ(events[i].site, events[8].site);
  }
  for (uint64_t i = 0; i < 512; i++) ASSERT_FALSE(flushdep_direct_map_present(pfn + i));
  EXPECT_EQ(flushdep_direct_map_present(pfn - 1), !flushdep_page_unmapped(pfn - 1));
  flushdep_page_free(pfn, 9);
  flushdep_page_free(small, 0);
}

TEST_F(MemoryTest, NoFlipWhereTheCallerMayNotBlock) {
  // Allocations that may not block use up what is left, without a flip.
  std::vector<flushdep_pfn_t> taken;
  for (;;) {
    flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ATOMIC);
    if (pfn == FLUSHDEP_PFN_NONE) break;
    taken.push_back(pfn);
  }
  ASSERT_FALSE(taken.empty());
  AllocatorStats before = ReadAllocatorStats();
  flushdep_preempt_disable();
  EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
  flushdep_preempt_enable();
  EXPECT_EQ(ReadAllocatorStats().flips_to[1], before.flips_to[1]);
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  EXPECT_NE(pfn, FLUSHDEP_PFN_NONE);
  EXPECT_EQ(ReadAllocatorStats().flips_to[1], before.flips_to[1] + 1);
  taken.push_back(pfn);
  for (flushdep_pfn_t page : taken) flushdep_page_free(page, 0);
}

TEST_F(MemoryTest, WrongFreesAreToldAndRefused) {
  flushdep_pfn_t pfn = flushdep_page_alloc(1, 0);
  flushdep_pfn_t past = flushdep_page_count();
  AllocatorStats before = ReadAllocatorStats();
  Clear();
  flushdep_page_free(pfn, 0);      // wrong order
  flushdep_page_free(pfn + 1, 0);  // not the first page
  flushdep_page_free(past, 0);     // no such page
  flushdep_page_free(pfn, 99);     // no such order
  flushdep_page_free(FLUSHDEP_PFN_NONE, 0);
  std::vector<flushdep_event> events = Events();
  ASSERT_EQ(events.size(), 5u);
  for (const flushdep_event& event : events) {
    EXPECT_EQ(event.kind, FLUSHDEP_EV_PAGE_FREE);
    EXPECT_NE(event.u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
  }
  EXPECT_EQ(events[0].u.page.old_order, 1u);
  EXPECT_EQ(flushdep_page_refcount(pfn), 1);
  EXPECT_EQ(ReadAllocatorStats().free_pages[0], before.free_pages[0]);
  Clear();
  flushdep_page_free(pfn, 1);
  flushdep_page_free(pfn, 1);  // twice
  events = Events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
  EXPECT_NE(events[1].u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
  EXPECT_EQ(ReadAllocatorStats().free_pages[0], before.free_pages[0] + 2);
}

TEST_F(MemoryTest, TheLastReferenceFrees) {
  flushdep_pfn_t pfn = flushdep_page_alloc(3, 0);
  Clear();
  flushdep_page_get(pfn);
  EXPECT_EQ(flushdep_page_refcount(pfn), 2);
  EXPECT_FALSE(flushdep_page_put(pfn));
  EXPECT_TRUE(flushdep_page_put(pfn));
  EXPECT_THAT(Kinds(), ElementsAre("REF_GET", "REF_PUT", "REF_PUT", "PAGE_FREE"));
  std::vector<flushdep_event> events = Events();
  EXPECT_EQ(events[0].u.ref.count, 2);
  EXPECT_EQ(events[1].u.ref.count, 1);
  EXPECT_EQ(events[2].u.ref.count, 0);
  EXPECT_EQ(events[3].u.page.order, 3u);
  EXPECT_EQ(events[3].u.page.flags, 0u);
  // Once more is a free of nothing.
  Clear();
  EXPECT_FALSE(flushdep_page_put(pfn));
  ASSERT_THAT(Kinds(), ElementsAre("PAGE_FREE"));
  EXPECT_NE(Events()[0].u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
  Clear();
  flushdep_page_get(pfn);
  EXPECT_NE(Events()[0].flags & FLUSHDEP_F_FAILED, 0);
  EXPECT_EQ(flushdep_page_refcount(pfn), 0);
}

TEST_F(MemoryTest, APutWithAnOrderFreesWithThatOrder) {
  flushdep_pfn_t pfn = flushdep_page_alloc(1, 0);
  Clear();
  EXPECT_TRUE(flushdep_page_put_order(pfn, 0));
  EXPECT_THAT(Kinds(), ElementsAre("REF_PUT", "PAGE_FREE"));
  EXPECT_NE(Events()[1].u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
  EXPECT_EQ(Events()[1].u.page.old_order, 1u);
  Clear();
  flushdep_page_free(pfn, 1);
  EXPECT_EQ(Events()[0].u.page.flags, 0u);
}

TEST_F(MemoryTest, ReferencesOfManyThreadsCountOnce) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  for (int i = 0; i < 300; i++) flushdep_page_get(pfn);
  Clear();
  auto drop = [pfn] {
    for (int i = 0; i < 100; i++) flushdep_page_put(pfn);
  };
  std::thread one(drop), two(drop), three(drop);
  one.join();
  two.join();
  three.join();
  int expected = 300;
  for (const flushdep_event& event : Events(FLUSHDEP_EV_REF_PUT))
    EXPECT_EQ(event.u.ref.count, expected--);
  EXPECT_EQ(flushdep_page_refcount(pfn), 1);
  flushdep_page_free(pfn, 0);
}

TEST_F(MemoryTest, DirectMapOfSinglePagesSplitsTheBlockOnce) {
  // A block whose entry nothing has split yet.
  flushdep_pfn_t pfn = flushdep_page_alloc(9, 0);
  Clear();
  EXPECT_EQ(flushdep_direct_map_set(pfn + 3, 2, false), 0);
  EXPECT_EQ(flushdep_direct_map_set(pfn + 3, 1, false), 0);  // nothing to change
  EXPECT_EQ(flushdep_direct_map_set(pfn + 2, 4, true), 0);
  // The split's own flush, on four CPUs, lies between; see direct_map_test.cc.
  EXPECT_THAT(Kinds(),
              ElementsAre("PTE_SPLIT", "FLUSH_ISSUE", "FLUSH_ACK", "FLUSH_ACK", "FLUSH_ACK",
                          "FLUSH_ACK", "FLUSH_RETURN", "PTE_CLEAR", "PTE_SET"));
  std::vector<flushdep_event> events = Events();
  EXPECT_EQ(events[0].u.pte.pfn, pfn);
  EXPECT_EQ(events[0].u.pte.npages, 512u);
  EXPECT_EQ(events[0].u.pte.old_level, FLUSHDEP_LEVEL_PMD);
  for (size_t i : {7u, 8u}) {
    EXPECT_EQ(events[i].u.pte.pfn, pfn + 3);
    EXPECT_EQ(events[i].u.pte.npages, 2u);
    EXPECT_EQ(events[i].u.pte.level, FLUSHDEP_LEVEL_PTE);
    EXPECT_EQ(events[i].reason, FLUSHDEP_WHY_DIRECT_MAP);
  }
  flushdep_page_free(pfn, 9);
}

TEST_F(MemoryTest, DirectMapBoundsAreChecked) {
  uint64_t pages = flushdep_page_count();
  EXPECT_EQ(flushdep_direct_map_set(pages, 1, false), -EINVAL);
  EXPECT_EQ(flushdep_direct_map_set(pages - 1, 2, false), -EINVAL);
  EXPECT_EQ(flushdep_direct_map_set(5, ~0ull, false), -EINVAL);
  EXPECT_EQ(flushdep_direct_map_set(5, 0, false), -EINVAL);
  EXPECT_TRUE(Events().empty());
  EXPECT_EQ(flushdep_page_address(pages), nullptr);
  EXPECT_EQ(flushdep_virt_to_pfn(&pages), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(flushdep_virt_to_pfn(Direct(77) + 5), 77u);
}

TEST_F(MemoryTest, AllBackToMappedMemoryIsScrubbed) {
  // All memory unmapped, then all of it mapped: every block flips there and back.
  std::vector<flushdep_pfn_t> pages;
  flushdep_mermap_prepare(flushdep_mm_current());
  for (flushdep_pfn_t pfn;
       (pfn = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED)) != FLUSHDEP_PFN_NONE;)
    pages.push_back(pfn);
  ASSERT_GT(pages.size(), flushdep_page_count() / 512 / 2);
  for (flushdep_pfn_t pfn : pages) {
    flushdep_mapping* mapping = flushdep_mermap_get(pfn, 4096, 3);
    ASSERT_NE(mapping, nullptr);
    flushdep_fill(flushdep_mermap_addr(mapping), 0x77, 4096);
    flushdep_mermap_put(mapping);
  }
  for (flushdep_pfn_t pfn : pages) flushdep_page_free(pfn, 9);
  size_t count = pages.size();
  pages.clear();
  Clear();
  for (flushdep_pfn_t pfn; (pfn = flushdep_page_alloc(9, 0)) != FLUSHDEP_PFN_NONE;)
    pages.push_back(pfn);
  EXPECT_EQ(pages.size(), count);
  std::vector<std::string> kinds = Kinds();
  ASSERT_GE(kinds.size(), 3u);
  EXPECT_THAT(std::vector<std::string>(kinds.begin(), kinds.begin() + 3),
              ElementsAre("PTE_SET", "PAGE_RETYPE", "PAGE_ALLOC"));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), 0u);
  for (flushdep_pfn_t pfn : pages) {
    EXPECT_FALSE(flushdep_page_unmapped(pfn));
    EXPECT_EQ(Direct(pfn)[0], 0);
    flushdep_page_free(pfn, 9);
  }
}

}  // namespace
}  // namespace flushdep::testing
