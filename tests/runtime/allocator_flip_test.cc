// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flips of pageblocks: in bulk, both ways, on errors; and that direct map, freetype and pageblock
// agree about every page all the time.
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  options.mem = 256u << 20;
  return FromEnvironment(options);
}

namespace {

constexpr uint64_t kBlock = 512;

uint64_t Vmstat(const char* name) {
  uint64_t value = ~0ull;
  EXPECT_TRUE(flushdep_vmstat(name, &value)) << name;
  return value;
}

flushdep_mem_stats Stats() {
  flushdep_mem_stats stats;
  flushdep_read_mem_stats(&stats);
  return stats;
}

bool IsUnmappedType(flushdep_pfn_t pfn) {
  return flushdep_freetype_flags(flushdep_page_freetype(pfn)) == FLUSHDEP_FREETYPE_UNMAPPED;
}

// Every page of the machine.
void ExpectAgreement() {
  for (flushdep_pfn_t pfn = 0; pfn < flushdep_page_count(); pfn++) {
    ASSERT_GE(flushdep_freetype_index(flushdep_page_freetype(pfn)), 0);
    ASSERT_EQ(flushdep_page_freetype(pfn), flushdep_page_freetype(pfn & ~(kBlock - 1)));
    ASSERT_EQ(flushdep_direct_map_present(pfn), !IsUnmappedType(pfn)) << pfn;
    ASSERT_EQ(flushdep_page_unmapped(pfn), IsUnmappedType(pfn)) << pfn;
  }
}

class FlipTest : public ::testing::Test {
 protected:
  // Starts with everything mapped and merged.
  void SetUp() override {
    SetRecording(false);
    flushdep_inject_clear();
    MapEverything();
    flushdep_drain_all_pages();
    Clear();
    SetRecording(true);
  }
  void TearDown() override {
    flushdep_inject_clear();
    Clear();
    SetRecording(true);
  }
  static void MapEverything() {
    flushdep_drain_all_pages();
    flushdep_mem_stats stats = Stats();
    EXPECT_EQ(flushdep_map_reserve(stats.free_pages), 0);
    EXPECT_EQ(Stats().free_unmapped, 0u);
  }
  // Of all pageblocks, so that those that are free have no free neighbours.
  static std::vector<flushdep_pfn_t> TakeEverySecondBlock() {
    std::vector<flushdep_pfn_t> blocks, kept;
    for (;;) {
      flushdep_pfn_t pfn = flushdep_page_alloc_frozen(9, 0, FLUSHDEP_ALLOCF_NO_WATERMARKS);
      if (pfn == FLUSHDEP_PFN_NONE) break;
      blocks.push_back(pfn);
    }
    for (flushdep_pfn_t pfn : blocks) {
      if (pfn / kBlock % 2 == 0)
        flushdep_page_free(pfn, 9);
      else
        kept.push_back(pfn);
    }
    return kept;
  }
  static void FailDirectMap(uint64_t after, uint64_t times) {
    flushdep_inject_rule rule = {};
    rule.point = FLUSHDEP_INJECT_DIRECT_MAP;
    rule.after = after;
    rule.times = times;
    ASSERT_EQ(flushdep_inject(&rule), 0);
  }
};

TEST_F(FlipTest, MoreThanHalfOfMemoryThereAndBackAgreesAtEachStep) {
  SetRecording(false);
  const uint64_t count = flushdep_page_count() * 5 / 8;
  for (unsigned order : {0u, 3u, 9u}) {
    std::vector<flushdep_pfn_t> pages;
    for (unsigned flags : {unsigned{FLUSHDEP_ALLOC_UNMAPPED}, 0u}) {
      for (uint64_t i = 0; i < count >> order; i++) {
        pages.push_back(flushdep_page_alloc(order, flags));
        ASSERT_NE(pages.back(), FLUSHDEP_PFN_NONE) << i;
        ASSERT_EQ(IsUnmappedType(pages.back()), flags != 0);
        if (i % (16384 >> order) == 0) ExpectAgreement();
      }
      ExpectAgreement();
      for (flushdep_pfn_t pfn : pages) flushdep_page_free(pfn, order);
      pages.clear();
      ExpectAgreement();
    }
  }
}

TEST_F(FlipTest, AReserveIsOneOperationAndOneFlush) {
  uint64_t ops = Vmstat("pageblock_unmap_direct_map_op"), flushes = Vmstat("pageblock_unmap_flush");
  EXPECT_EQ(flushdep_unmap_reserve(16 * kBlock), 0);
  EXPECT_EQ(Vmstat("pageblock_unmap_direct_map_op") - ops, 1u);
  EXPECT_EQ(Vmstat("pageblock_unmap_flush") - flushes, 1u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), 1u);
  uint64_t retyped = 0;
  for (const flushdep_event& event : Events(FLUSHDEP_EV_PAGE_RETYPE))
    retyped += event.u.page.npages;
  EXPECT_EQ(retyped, 16 * kBlock);
  // The one flush covers each of the blocks, and comes between clears and retypes.
  const flushdep_event_flush flush = Events(FLUSHDEP_EV_FLUSH_ISSUE)[0].u.flush;
  std::vector<flushdep_event> events = Events();
  bool flushed = false;
  for (const flushdep_event& event : events) {
    flushed = flushed || event.kind == FLUSHDEP_EV_FLUSH_RETURN;
    if (event.kind == FLUSHDEP_EV_PTE_CLEAR) {
      EXPECT_FALSE(flushed);
      EXPECT_GE(event.u.pte.va, flush.start);
      EXPECT_LE(event.u.pte.va + event.u.pte.npages * 4096ull, flush.end);
    }
    if (event.kind == FLUSHDEP_EV_PAGE_RETYPE) {
      EXPECT_TRUE(flushed);
    }
  }
  EXPECT_EQ(flushdep_unmap_reserve(16 * kBlock), 0);  // is there
  EXPECT_EQ(Vmstat("pageblock_unmap_direct_map_op") - ops, 1u);
}

TEST_F(FlipTest, AReserveStopsAtTheWatermark) {
  SetRecording(false);
  flushdep_mem_stats stats = Stats();
  EXPECT_EQ(flushdep_unmap_reserve(stats.free_pages), -ENOMEM);
  flushdep_mem_stats after = Stats();
  EXPECT_GE(after.free_pages - after.free_unmapped, after.watermark_min);
  EXPECT_LT(after.free_pages - after.free_unmapped, after.watermark_min + 2 * kBlock);
  ExpectAgreement();
}

TEST_F(FlipTest, ScatteredBlocksShareOneFlushThatCoversThemAll) {
  SetRecording(false);
  std::vector<flushdep_pfn_t> kept = TakeEverySecondBlock();
  SetRecording(true);
  uint64_t ops = Vmstat("pageblock_unmap_direct_map_op");
  ASSERT_EQ(flushdep_unmap_reserve(8 * kBlock), 0);
  EXPECT_EQ(Vmstat("pageblock_unmap_direct_map_op") - ops, 8u);
  ASSERT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), 1u);
  const flushdep_event_flush flush = Events(FLUSHDEP_EV_FLUSH_ISSUE)[0].u.flush;
  for (const flushdep_event& event : Events(FLUSHDEP_EV_PTE_CLEAR)) {
    EXPECT_GE(event.u.pte.va, flush.start);
    EXPECT_LE(event.u.pte.va + event.u.pte.npages * 4096ull, flush.end);
  }
  ExpectAgreement();
  for (flushdep_pfn_t pfn : kept) flushdep_page_free(pfn, 9);
}

TEST_F(FlipTest, DemandsInARowFlipMoreAndMoreUpToTheirShare) {
  SetRecording(false);
  uint64_t flushes = Vmstat("pageblock_unmap_flush"), blocks = Vmstat("pageblock_unmap");
  std::vector<flushdep_pfn_t> pages;
  for (uint64_t i = 0; i < 32 * kBlock; i++)
    pages.push_back(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED));
  blocks = Vmstat("pageblock_unmap") - blocks;
  flushes = Vmstat("pageblock_unmap_flush") - flushes;
  EXPECT_GE(blocks, 32u);
  EXPECT_LE(blocks, 32u + 16u);
  EXPECT_LT(flushes * 2, blocks);
  for (flushdep_pfn_t pfn : pages) flushdep_page_free(pfn, 0);
}

// The bar: as secretmem does it, page by page, against flips.
TEST_F(FlipTest, BulkIsAFractionOfPageByPage) {
  SetRecording(false);
  constexpr uint64_t kPages = 16 * kBlock;
  uint64_t ops = Vmstat("pageblock_unmap_direct_map_op"), flushes = Vmstat("pageblock_unmap_flush");
  std::vector<flushdep_pfn_t> pages;
  for (uint64_t i = 0; i < kPages; i++)
    pages.push_back(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED));
  EXPECT_LE((Vmstat("pageblock_unmap_direct_map_op") - ops) * 20, kPages);
  EXPECT_LE((Vmstat("pageblock_unmap_flush") - flushes) * 20, kPages);
  for (flushdep_pfn_t pfn : pages) flushdep_page_free(pfn, 0);
}

TEST_F(FlipTest, BecomingPresentScrubsAndNeedsNoFlush) {
  flushdep_pfn_t pfn = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mermap_prepare(flushdep_mm_current());
  flushdep_mapping* mapping = flushdep_mermap_get(pfn, 4096, 3);
  flushdep_fill(flushdep_mermap_addr(mapping), 0x77, 4096);
  flushdep_mermap_put(mapping);
  flushdep_flush_all();
  flushdep_page_free(pfn, 9);
  Clear();
  MapEverything();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), 0u);
  EXPECT_GT(CountEvents(FLUSHDEP_EV_PTE_SET), 0u);
  EXPECT_EQ(static_cast<char*>(flushdep_page_address(pfn))[0], 0);
}

// --- Errors -------------------------------------------------------------------------------

// The mistakes: an ignored error of direct-map removal; the flag set before the operation that it
// records, and kept when that fails.
TEST_F(FlipTest, AFailedRemovalLeavesEverythingAsItWas) {
  flushdep_mem_stats before = Stats();
  FailDirectMap(0, 0);
  Clear();
  EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(flushdep_unmap_reserve(4 * kBlock), -ENOMEM);
  EXPECT_TRUE(Events().empty()) << Kinds()[0];
  flushdep_inject_clear();
  ExpectAgreement();
  flushdep_mem_stats after = Stats();
  EXPECT_EQ(after.free_pages, before.free_pages);
  EXPECT_EQ(after.free_unmapped, 0u);
  EXPECT_EQ(memcmp(after.pageblocks, before.pageblocks, sizeof(before.pageblocks)), 0);
  // Not handed out as unmapped afterwards either.
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  EXPECT_TRUE(flushdep_direct_map_present(pfn));
  flushdep_page_free(pfn, 0);
}

TEST_F(FlipTest, TheTwinWithoutAFailureSucceeds) {
  FailDirectMap(0, 1);
  EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
  EXPECT_FALSE(flushdep_direct_map_present(pfn));
  ExpectAgreement();
  flushdep_page_free(pfn, 0);
}

TEST_F(FlipTest, AFailureHalfWayKeepsWhatWasDoneAndFlushesIt) {
  SetRecording(false);
  std::vector<flushdep_pfn_t> kept = TakeEverySecondBlock();
  SetRecording(true);
  FailDirectMap(3, 1);  // the fourth run
  EXPECT_EQ(flushdep_unmap_reserve(8 * kBlock), -ENOMEM);
  EXPECT_EQ(Stats().free_unmapped, 3 * kBlock);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PTE_CLEAR), 3u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), 1u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PAGE_RETYPE), 3u);
  ExpectAgreement();
  for (flushdep_pfn_t pfn : kept) flushdep_page_free(pfn, 9);
}

TEST_F(FlipTest, AFailureOfMappingBackKeepsItUnmapped) {
  SetRecording(false);
  std::vector<flushdep_pfn_t> unmapped, mapped;
  for (flushdep_pfn_t pfn;
       (pfn = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED)) != FLUSHDEP_PFN_NONE;)
    unmapped.push_back(pfn);
  std::vector<flushdep_pfn_t> blocks;
  for (flushdep_pfn_t pfn; (pfn = flushdep_page_alloc(9, 0)) != FLUSHDEP_PFN_NONE;)
    blocks.push_back(pfn);
  for (flushdep_pfn_t pfn; (pfn = flushdep_page_alloc(0, 0)) != FLUSHDEP_PFN_NONE;)
    mapped.push_back(pfn);
  for (flushdep_pfn_t pfn : unmapped) flushdep_page_free(pfn, 9);
  FailDirectMap(0, 1);
  EXPECT_EQ(flushdep_page_alloc(0, 0), FLUSHDEP_PFN_NONE);
  ExpectAgreement();
  EXPECT_EQ(Stats().free_unmapped, unmapped.size() * kBlock);
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  EXPECT_NE(pfn, FLUSHDEP_PFN_NONE);
  EXPECT_TRUE(flushdep_direct_map_present(pfn));
  ExpectAgreement();
  flushdep_page_free(pfn, 0);
  for (flushdep_pfn_t page : mapped) flushdep_page_free(page, 0);
  for (flushdep_pfn_t block : blocks) flushdep_page_free(block, 9);
}

// --- Waits ----------------------------------------------------------------------------------

// A flip waits for a CPU with interrupts off. Meanwhile another asker waits for the flip, asleep,
// so that a fork can happen; its child finds the flip undone and flips by itself.
TEST_F(FlipTest, AForkWhileAFlipWaitsLeavesTheChildAWorkingAllocator) {
  SetRecording(false);
  const uint64_t free = Stats().free_pages;
  std::atomic<int> step{0};
  std::thread deaf([&] {
    const unsigned long was_off = flushdep_irq_save();
    step = 1;
    while (step != 2) std::this_thread::yield();
    flushdep_irq_restore(was_off);
  });
  while (step != 1) std::this_thread::yield();
  flushdep_pfn_t first = FLUSHDEP_PFN_NONE, second = FLUSHDEP_PFN_NONE;
  std::atomic<bool> issued{false};
  static std::atomic<bool>* s_issued;
  s_issued = &issued;
  SetHook([](const flushdep_event& event) {
    if (event.kind == FLUSHDEP_EV_FLUSH_ISSUE) *s_issued = true;
  });
  std::thread flipper([&] { first = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED); });
  while (!issued) std::this_thread::yield();
  std::thread asker([&] { second = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED); });
  pid_t child = fork();
  if (child == 0) {
    SetHook(nullptr);
    const flushdep_mem_stats stats = Stats();
    ExpectAgreement();
    EXPECT_EQ(stats.free_pages, free);
    EXPECT_EQ(stats.free_unmapped, 0u);
    EXPECT_NE(flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
    ExpectAgreement();
    _exit(HasFailure() ? 1 : 0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  SetHook(nullptr);
  step = 2;
  for (std::thread* thread : {&deaf, &flipper, &asker}) thread->join();
  ASSERT_NE(first, FLUSHDEP_PFN_NONE);
  ASSERT_NE(second, FLUSHDEP_PFN_NONE);
  ExpectAgreement();
  flushdep_page_free(first, 0);
  flushdep_page_free(second, 9);
}

}  // namespace
}  // namespace flushdep::testing
