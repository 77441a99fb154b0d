// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Zeroed unmapped pages, in each of the ways that the revisions of the series had.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

constexpr unsigned kZeroUnmapped = FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO;

uint64_t Vmstat(const char* name) {
  uint64_t value = ~0ull;
  EXPECT_TRUE(flushdep_vmstat(name, &value)) << name;
  return value;
}

// Through a mapping of the test's own, which it flushes.
std::string Contents(flushdep_pfn_t pfn, bool fill) {
  flushdep_mapping* mapping = flushdep_mermap_get(pfn, 4096, 3);
  char* addr = static_cast<char*>(flushdep_mermap_addr(mapping));
  std::string text(4096, '?');
  flushdep_copy_from(text.data(), addr, text.size());
  if (fill) flushdep_fill(addr, 0x77, text.size());
  flushdep_mermap_put(mapping);
  flushdep_flush_all();
  return text;
}

class ZeroingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(flushdep_mermap_prepare(flushdep_mm_current()), 0);
    ASSERT_EQ(flushdep_unmap_reserve(4096), 0);
  }
  void TearDown() override {
    flushdep_set_unmapped_zero(FLUSHDEP_ZERO_HOST);
    Clear();
  }
  // A block that was written to while it was out of the direct map.
  static void Dirty(unsigned order) {
    flushdep_pfn_t pfn = flushdep_page_alloc(order, FLUSHDEP_ALLOC_UNMAPPED);
    for (uint64_t i = 0; i < 1ull << order; i++) Contents(pfn + i, true);
    flushdep_page_free(pfn, order);
  }
  static void ExpectZero(flushdep_pfn_t pfn, unsigned order) {
    ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
    EXPECT_TRUE(flushdep_page_unmapped(pfn));
    for (uint64_t i = 0; i < 1ull << order; i++) ASSERT_THAT(Contents(pfn + i, false), Each('\0'));
  }
};

// The mistake of zeroing an unmapped page through the direct map, where it is not: that would trap.
TEST_F(ZeroingTest, ByTheHostLeavesNoTranslationAndNoEvent) {
  Dirty(2);
  Clear();
  flushdep_pfn_t pfn = flushdep_page_alloc(2, kZeroUnmapped);
  EXPECT_THAT(Kinds(), ElementsAre("PAGE_ALLOC"));
  ExpectZero(pfn, 2);
  flushdep_page_free(pfn, 2);
}

// PTE_SET and PTE_CLEAR of the allocator's own mappings come after the page has its owner, and
// one flush of everything on all CPUs after the last.
void ExpectMappedThenFlushed(flushdep_pfn_t pfn, uint64_t npages) {
  std::vector<flushdep_event> events = Events();
  ASSERT_EQ(events[0].kind, FLUSHDEP_EV_PAGE_ALLOC);
  uint64_t set = 0, cleared = 0, global_flushes = 0;
  for (size_t i = 1; i < events.size(); i++) {
    const flushdep_event& event = events[i];
    EXPECT_NE(event.flags & FLUSHDEP_F_INTERNAL, 0) << i;
    if (event.kind == FLUSHDEP_EV_PTE_SET) {
      EXPECT_EQ(event.u.pte.pfn, pfn + set);
      EXPECT_EQ(global_flushes, 0u);
      set += event.u.pte.npages;
    }
    if (event.kind == FLUSHDEP_EV_PTE_CLEAR) cleared += event.u.pte.npages;
    if (event.kind == FLUSHDEP_EV_FLUSH_ISSUE && event.u.flush.req_who == FLUSHDEP_CPUS_ALL) {
      EXPECT_EQ(event.u.flush.req_what, FLUSHDEP_FLUSH_EVERYTHING);
      EXPECT_EQ(cleared, npages);
      global_flushes++;
    }
  }
  EXPECT_EQ(set, npages);
  EXPECT_EQ(cleared, npages);
  EXPECT_EQ(global_flushes, 1u);
  // Then nothing is owed for these pages, and that is said.
  ASSERT_GE(events.size(), 2u);
  EXPECT_EQ(events[events.size() - 2].kind, FLUSHDEP_EV_FLUSH_RETURN);
  EXPECT_EQ(events.back().kind, FLUSHDEP_EV_DEBT_CANCEL);
  EXPECT_EQ(events.back().u.page.pfn, pfn);
  EXPECT_EQ(events.back().u.page.npages, npages);
}

TEST_F(ZeroingTest, ThroughTheMermapAtOnceAndTheAllocatorFlushes) {
  flushdep_set_unmapped_zero(FLUSHDEP_ZERO_MERMAP);
  Dirty(4);
  Clear();
  uint64_t before = Vmstat("zero_unmapped_mermap");
  flushdep_pfn_t pfn = flushdep_page_alloc(4, kZeroUnmapped);
  ExpectMappedThenFlushed(pfn, 16);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_MAP_BEGIN), 1u);
  EXPECT_EQ(Vmstat("zero_unmapped_mermap"), before + 16);
  ExpectZero(pfn, 4);
  flushdep_page_free(pfn, 4);
}

TEST_F(ZeroingTest, PageByPageThroughTheReserveWhenFourAreLive) {
  flushdep_set_unmapped_zero(FLUSHDEP_ZERO_MERMAP);
  Dirty(2);
  flushdep_pfn_t held = flushdep_page_alloc(2, 0);
  flushdep_mapping* live[4];
  for (unsigned i = 0; i < 4; i++) live[i] = flushdep_mermap_get(held + i, 4096, 3);
  ASSERT_NE(live[3], nullptr);
  Clear();
  uint64_t before = Vmstat("zero_unmapped_mermap_reserved");
  flushdep_pfn_t pfn = flushdep_page_alloc(2, kZeroUnmapped);
  ExpectMappedThenFlushed(pfn, 4);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_MAP_FAIL), 1u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_MAP_BEGIN), 4u);
  EXPECT_EQ(Vmstat("zero_unmapped_mermap_reserved"), before + 4);
  EXPECT_EQ(flushdep_preempt_count(), 0);
  EXPECT_EQ(flushdep_migrate_count(), 4);
  for (flushdep_mapping* mapping : live) flushdep_mermap_put(mapping);
  ExpectZero(pfn, 2);
  flushdep_flush_all();
  flushdep_page_free(held, 2);
  flushdep_page_free(pfn, 2);
}

TEST_F(ZeroingTest, ABlockLargerThanASliceGoesPageByPage) {
  flushdep_set_unmapped_zero(FLUSHDEP_ZERO_MERMAP);
  Dirty(9);
  uint64_t before = Vmstat("zero_unmapped_mermap_reserved");
  Clear();
  flushdep_pfn_t pfn = flushdep_page_alloc(9, kZeroUnmapped);
  EXPECT_EQ(Vmstat("zero_unmapped_mermap_reserved"), before + 512);
  ExpectMappedThenFlushed(pfn, 512);
  SetRecording(false);
  ExpectZero(pfn, 9);
  SetRecording(true);
  flushdep_page_free(pfn, 9);
}

TEST_F(ZeroingTest, ByTheHostWhereTheMermapOrItsFlushIsNotPossible) {
  flushdep_set_unmapped_zero(FLUSHDEP_ZERO_MERMAP);
  Dirty(0);
  flushdep_preempt_disable();
  Clear();
  flushdep_pfn_t pfn = flushdep_page_alloc(0, kZeroUnmapped);
  EXPECT_THAT(Kinds(), ElementsAre("PAGE_ALLOC"));
  flushdep_preempt_enable();
  ExpectZero(pfn, 0);
  flushdep_page_free(pfn, 0);
  flushdep_mm* mm = flushdep_mm_current();
  flushdep_mm_get(mm);
  flushdep_mm_switch(nullptr);
  Clear();
  pfn = flushdep_page_alloc(0, kZeroUnmapped);
  EXPECT_THAT(Kinds(), ElementsAre("PAGE_ALLOC"));
  flushdep_mm_switch(mm);
  flushdep_mm_put(mm);
  ExpectZero(pfn, 0);
  flushdep_page_free(pfn, 0);
}

TEST_F(ZeroingTest, TheNewestRevisionRefusesBothTogether) {
  flushdep_set_unmapped_zero(FLUSHDEP_ZERO_REFUSE);
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(flushdep_page_alloc(0, kZeroUnmapped), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(flushdep_page_alloc(0, kZeroUnmapped), FLUSHDEP_PFN_NONE);
  std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("exclude each other"), std::string::npos);
  EXPECT_EQ(text.find('\n'), text.size() - 1);  // once
  for (unsigned flags : {unsigned{FLUSHDEP_ALLOC_UNMAPPED}, unsigned{FLUSHDEP_ALLOC_ZERO}}) {
    flushdep_pfn_t pfn = flushdep_page_alloc(0, flags);
    EXPECT_NE(pfn, FLUSHDEP_PFN_NONE);
    flushdep_page_free(pfn, 0);
  }
}

}  // namespace
}  // namespace flushdep::testing
