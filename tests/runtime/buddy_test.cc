// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The buddy lists by themselves, on tables of the test's: splits, merges, borders between
// pageblocks of different freetypes, fallback.
#include "runtime/memory/buddy.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace flushdep::testing {
namespace {

constexpr Freetype kUnmovable(Migratetype::Unmovable);
constexpr Freetype kMovable(Migratetype::Movable);
constexpr Freetype kReclaimable(Migratetype::Reclaimable);
constexpr uint64_t kBlocks = 8;
constexpr uint64_t kPages = kBlocks * kPageblockPages;

class BuddyTest : public ::testing::Test {
 protected:
  BuddyTest() { buddy_.Init(pages_.get(), types_.get(), kPages); }

  // As if handed out.
  uint64_t Own(uint64_t pfn, unsigned order, unsigned flags = 0) {
    pages_[pfn].SetOrder(order);
    pages_[pfn].SetFlags(flags);
    pages_[pfn].SetState(PageState::Allocated);
    return pfn;
  }
  uint64_t TakeAndOwn(Freetype type, unsigned order, unsigned flags = 0) {
    uint64_t pfn = buddy_.Take(type, order);
    return pfn == 0 ? 0 : Own(pfn, order, flags);
  }
  uint64_t Free() const {
    uint64_t total = 0;
    for (unsigned index = 0; index < kNumFreetypes; index++)
      total += buddy_.free_pages(Freetype::FromIndex(index));
    return total;
  }
  std::vector<uint64_t> Counts(Freetype type) const {
    std::vector<uint64_t> counts;
    for (unsigned order = 0; order <= kMaxOrder; order++)
      counts.push_back(buddy_.free_blocks(type, order));
    return counts;
  }

  std::unique_ptr<PageInfo[]> pages_ = std::make_unique<PageInfo[]>(kPages);
  std::unique_ptr<Buddy::BlockType[]> types_ = std::make_unique<Buddy::BlockType[]>(kBlocks);
  Buddy buddy_;
};

TEST_F(BuddyTest, StartsMovableInTheLargestBlocksWithoutFrameZero) {
  // 1+2+4+...+256 pages of block 0, block 1, then three blocks of the largest order.
  EXPECT_EQ(Counts(kMovable), (std::vector<uint64_t>{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3}));
  EXPECT_EQ(Free(), kPages - 1);
  EXPECT_EQ(buddy_.TypeOf(0), kMovable);
}

TEST_F(BuddyTest, MergesBackToTheStart) {
  std::vector<uint64_t> start = Counts(kMovable);
  std::vector<uint64_t> taken;
  while (uint64_t pfn = buddy_.Take(kMovable, 0)) taken.push_back(pfn);
  EXPECT_EQ(taken.size(), kPages - 1);
  for (uint64_t pfn : taken) buddy_.Give(pfn, 0);
  EXPECT_EQ(Counts(kMovable), start);
}

// High memory is counted from the start, and its records are touched when it is needed.
TEST(BuddyDeferredTest, AllOfALargeMemoryComesAndMerges) {
  for (uint64_t blocks : {2u, 3u, 4u, 5u, 1024u, 1500u, 1501u}) {
    const uint64_t npages = blocks * kPageblockPages;
    std::unique_ptr<PageInfo[]> pages = std::make_unique<PageInfo[]>(npages);
    std::unique_ptr<Buddy::BlockType[]> types = std::make_unique<Buddy::BlockType[]>(blocks);
    Buddy buddy;
    buddy.Init(pages.get(), types.get(), npages);
    EXPECT_EQ(buddy.free_pages(kMovable), npages - 1);
    EXPECT_EQ(buddy.free_blocks(kMovable, kMaxOrder), (blocks - 2) / 2);
    uint64_t touched = 0;
    for (uint64_t pfn = 0; pfn < npages; pfn++)
      touched += pages[pfn].State() == PageState::Free ? 1 : 0;
    EXPECT_LE(touched, kMaxOrder + 1 + 256);
    std::vector<std::pair<uint64_t, unsigned>> taken;
    if (blocks == 1500) {
      const uint64_t high = npages - 2 * kPageblockPages;
      EXPECT_EQ(buddy.TakeWhole(high), kMaxOrder);
      taken.push_back({high, kMaxOrder});
    }
    uint64_t total = taken.size() << kMaxOrder;
    for (unsigned order = kMaxOrder + 1; order-- > 0;)
      while (uint64_t pfn = buddy.Take(kMovable, order)) {
        taken.push_back({pfn, order});
        total += 1ull << order;
      }
    EXPECT_EQ(total, npages - 1);
    EXPECT_EQ(buddy.free_pages(kMovable), 0u);
    for (auto [pfn, order] : taken) buddy.Give(pfn, order);
    EXPECT_EQ(buddy.free_pages(kMovable), npages - 1);
    EXPECT_EQ(buddy.free_blocks(kMovable, kMaxOrder), (blocks - 2) / 2);
  }
}

// The mistake of comparing migratetypes without their flags: unmapped pages would merge with
// mapped ones, and be handed out as such.
TEST_F(BuddyTest, NeverMergesAcrossABorderOfFreetypes) {
  uint64_t pfn = buddy_.Take(kMovable, kMaxOrder);
  ASSERT_NE(pfn, 0u);
  buddy_.SetType(pfn, kPageblockPages, kUnmappedFreetype);
  buddy_.SetType(pfn + kPageblockPages, kPageblockPages, kUnmovable);
  buddy_.Give(pfn, kPageblockOrder);
  buddy_.Give(pfn + kPageblockPages, kPageblockOrder);
  EXPECT_EQ(buddy_.free_blocks(kUnmappedFreetype, kPageblockOrder), 1u);
  EXPECT_EQ(buddy_.free_blocks(kUnmovable, kPageblockOrder), 1u);
  EXPECT_EQ(buddy_.free_blocks(kUnmovable, kMaxOrder), 0u);
}

TEST_F(BuddyTest, MergesAcrossPageblocksOfOneFreetype) {
  uint64_t pfn = buddy_.Take(kMovable, kMaxOrder);
  buddy_.SetType(pfn, 2 * kPageblockPages, kUnmappedFreetype);
  buddy_.Give(pfn, kPageblockOrder);
  buddy_.Give(pfn + kPageblockPages, kPageblockOrder);
  EXPECT_EQ(buddy_.free_blocks(kUnmappedFreetype, kMaxOrder), 1u);
}

TEST_F(BuddyTest, ALargestBlockOfTwoFreetypesIsFreedAsTwo) {
  uint64_t pfn = buddy_.Take(kMovable, kMaxOrder);
  buddy_.SetType(pfn + kPageblockPages, kPageblockPages, kUnmappedFreetype);
  buddy_.Give(pfn, kMaxOrder);
  EXPECT_EQ(buddy_.free_blocks(kUnmappedFreetype, kPageblockOrder), 1u);
  EXPECT_EQ(buddy_.free_blocks(kUnmappedFreetype, kMaxOrder), 0u);
  EXPECT_EQ(Free(), kPages - 1);
}

TEST_F(BuddyTest, CarveKeepsTheFirstPart) {
  uint64_t pfn = buddy_.Take(kMovable, kPageblockOrder);
  uint64_t free = Free();
  buddy_.Carve(pfn, kPageblockOrder, 2);
  EXPECT_EQ(Free(), free + kPageblockPages - 4);
  buddy_.Give(pfn, 2);
  EXPECT_EQ(Free(), kPages - 1);
}

TEST_F(BuddyTest, AFallbackTakesTheLargestBlockWithItsPageblocks) {
  Buddy::Fallback how;
  uint64_t pfn = buddy_.TakeFallback(kUnmovable, 0, &how);
  ASSERT_NE(pfn, 0u);
  EXPECT_EQ(how, Buddy::Fallback::Claimed);
  EXPECT_EQ(buddy_.TypeOf(pfn), kUnmovable);
  EXPECT_EQ(buddy_.TypeOf(pfn ^ kPageblockPages), kUnmovable);  // both of the largest order
  EXPECT_EQ(buddy_.free_pages(kUnmovable), 2 * kPageblockPages - 1);
}

TEST_F(BuddyTest, NoFallbackIntoUnmappedOrIsolatedOrOutOfThem) {
  // Everything but an unmapped and an isolated block is taken.
  uint64_t pfn = TakeAndOwn(kMovable, kMaxOrder);
  while (TakeAndOwn(kMovable, 0) != 0) {
  }
  buddy_.SetType(pfn, kPageblockPages, kUnmappedFreetype);
  buddy_.SetType(pfn + kPageblockPages, kPageblockPages, Freetype(Migratetype::Isolate));
  buddy_.Give(pfn, kMaxOrder);
  Buddy::Fallback how;
  for (Freetype type : {kUnmovable, kMovable, kReclaimable}) {
    EXPECT_EQ(buddy_.TakeFallback(type, 0, &how), 0u);
    EXPECT_EQ(how, Buddy::Fallback::None);
  }
  EXPECT_EQ(buddy_.TakeFallback(kUnmappedFreetype, kMaxOrder, &how), 0u);
}

// One block is left, of which `order` of each 2^pattern is free.
class FallbackTest : public BuddyTest {
 protected:
  // Leaves free, of the last pageblock, its first 2^order pages; all others are
  // owned, with `flags`.
  uint64_t LeaveFree(unsigned order, unsigned flags) {
    uint64_t pfn = TakeAndOwn(kMovable, kPageblockOrder);
    while (TakeAndOwn(kMovable, 0) != 0) {
    }
    buddy_.Carve(pfn, kPageblockOrder, 0);
    buddy_.Give(pfn, 0);
    uint64_t kept = buddy_.Take(kMovable, order);
    for (unsigned at = 0; at <= kMaxOrder; at++)
      while (buddy_.free_blocks(kMovable, at) > 0) TakeAndOwn(kMovable, at, flags);
    buddy_.Give(kept, order);
    return kept;
  }
};

TEST_F(FallbackTest, ASmallBlockOfABusyMovablePageblockIsStolenAlone) {
  uint64_t kept = LeaveFree(2, kPageMovable);
  Buddy::Fallback how;
  uint64_t pfn = buddy_.TakeFallback(kUnmovable, 1, &how);
  EXPECT_EQ(pfn, kept);
  EXPECT_EQ(how, Buddy::Fallback::Stolen);
  EXPECT_EQ(buddy_.TypeOf(pfn), kMovable);
  EXPECT_EQ(buddy_.free_pages(kMovable), 2u);  // the rest stays where it was
  buddy_.Give(pfn, 1);
  EXPECT_EQ(buddy_.free_blocks(kMovable, 2), 1u);
}

TEST_F(FallbackTest, APageblockWithMostPagesOfTheAskersKindIsClaimed) {
  // Its owned pages are not movable, so they are alike to the asker's.
  uint64_t kept = LeaveFree(2, 0);
  Buddy::Fallback how;
  uint64_t pfn = buddy_.TakeFallback(kUnmovable, 1, &how);
  EXPECT_EQ(pfn, kept);
  EXPECT_EQ(how, Buddy::Fallback::Claimed);
  EXPECT_EQ(buddy_.TypeOf(pfn), kUnmovable);
  EXPECT_EQ(buddy_.free_pages(kUnmovable), 2u);
}

TEST_F(FallbackTest, APageblockMostlyFreeIsClaimed) {
  uint64_t kept = LeaveFree(8, kPageMovable);
  Buddy::Fallback how;
  uint64_t pfn = buddy_.TakeFallback(kReclaimable, 0, &how);
  EXPECT_EQ(pfn, kept);
  EXPECT_EQ(how, Buddy::Fallback::Claimed);
  EXPECT_EQ(buddy_.TypeOf(pfn), kReclaimable);
  EXPECT_EQ(buddy_.free_pages(kReclaimable), 255u);
}

TEST_F(FallbackTest, MovableOnlyBorrowsASmallBlock) {
  uint64_t kept = LeaveFree(2, 0);
  buddy_.Retype(kept & ~(kPageblockPages - 1), kUnmovable);
  Buddy::Fallback how;
  uint64_t pfn = buddy_.TakeFallback(kMovable, 0, &how);
  EXPECT_EQ(pfn, kept);
  EXPECT_EQ(how, Buddy::Fallback::Stolen);
  EXPECT_EQ(buddy_.TypeOf(pfn), kUnmovable);
}

TEST_F(BuddyTest, RetypeMovesFreePagesAndMergesAWholeBlock) {
  uint64_t pfn = buddy_.Take(kMovable, kMaxOrder);
  buddy_.SetType(pfn, 2 * kPageblockPages, kUnmovable);
  buddy_.Give(pfn, kPageblockOrder);
  uint64_t other = pfn + kPageblockPages;
  Own(other, 0);
  buddy_.Carve(other, kPageblockOrder, 0);
  buddy_.Retype(other, kReclaimable);
  EXPECT_EQ(buddy_.free_pages(kReclaimable), kPageblockPages - 1);
  EXPECT_EQ(buddy_.free_pages(kUnmovable), kPageblockPages);
  buddy_.Give(other, 0);
  EXPECT_EQ(buddy_.free_blocks(kReclaimable, kPageblockOrder), 1u);
  buddy_.Retype(other, kUnmovable);
  EXPECT_EQ(buddy_.free_blocks(kUnmovable, kMaxOrder), 1u);
}

}  // namespace
}  // namespace flushdep::testing
