// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compaction: movable pages give way to an unmapped request; contents, owners, counts and events.
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
namespace {

constexpr uint64_t kBlock = 512;

uint64_t Vmstat(const char* name) {
  uint64_t value = ~0ull;
  EXPECT_TRUE(flushdep_vmstat(name, &value)) << name;
  return value;
}

// An owner of a movable page.
struct Owner {
  flushdep_pfn_t pfn = FLUSHDEP_PFN_NONE;
  unsigned order = 0;
  uint64_t tag = 0;
  int isolated = 0, moved = 0, put_back = 0;
  bool says_no_to_isolation = false, says_no_to_migration = false;
  bool frees_when_isolated = false;
};

uint64_t* Words(flushdep_pfn_t pfn) { return static_cast<uint64_t*>(flushdep_page_address(pfn)); }

bool IsolateOwned(flushdep_pfn_t pfn, void* arg) {
  Owner* owner = static_cast<Owner*>(arg);
  EXPECT_EQ(pfn, owner->pfn);
  owner->isolated++;
  if (owner->frees_when_isolated) {
    flushdep_page_free(pfn, owner->order);
    owner->pfn = FLUSHDEP_PFN_NONE;
    return false;
  }
  return !owner->says_no_to_isolation;
}

int MigrateOwned(flushdep_pfn_t from, flushdep_pfn_t to, void* arg) {
  Owner* owner = static_cast<Owner*>(arg);
  EXPECT_EQ(from, owner->pfn);
  if (owner->says_no_to_migration) return -EBUSY;
  EXPECT_EQ(Words(to)[1], owner->tag);
  EXPECT_EQ(flushdep_page_refcount(to), 1);
  owner->pfn = to;
  owner->moved++;
  return 0;
}

void PutBackOwned(flushdep_pfn_t, void* arg) { static_cast<Owner*>(arg)->put_back++; }

constexpr flushdep_movable_ops kOps = {IsolateOwned, MigrateOwned, PutBackOwned};

// Fills all of memory with movable blocks and then frees most of each pageblock, so that no whole
// one is free: only compaction can make an unmapped block.
class CompactionTest : public ::testing::Test {
 protected:
  void SetUp() override { SetRecording(false); }
  void TearDown() override {
    for (Owner& owner : owners_)
      if (owner.pfn != FLUSHDEP_PFN_NONE) flushdep_page_free(owner.pfn, owner.order);
    for (flushdep_pfn_t pfn : extra_) flushdep_page_free(pfn, 0);
    flushdep_drain_all_pages();
    flushdep_mem_stats stats;
    flushdep_read_mem_stats(&stats);
    EXPECT_EQ(stats.free_pages, flushdep_page_count() - 1);
    EXPECT_EQ(stats.pageblocks[FLUSHDEP_MIGRATE_ISOLATE], 0u);
    EXPECT_EQ(flushdep_map_reserve(stats.free_pages), 0);
    Clear();
    SetRecording(true);
  }

  // One block of `order` stays in each pageblock.
  void Scatter(unsigned order, unsigned flags = 0) {
    std::vector<flushdep_pfn_t> all;
    for (;;) {
      flushdep_pfn_t pfn = flushdep_page_alloc(order, FLUSHDEP_ALLOC_MOVABLE | flags);
      if (pfn == FLUSHDEP_PFN_NONE) break;
      all.push_back(pfn);
    }
    std::vector<bool> has(flushdep_page_count() / kBlock, false);
    owners_.reserve(has.size());
    for (flushdep_pfn_t pfn : all) {
      // Below frame 512 a block can never be free as a whole.
      if (has[pfn / kBlock] || pfn < kBlock) {
        flushdep_page_free(pfn, order);
        continue;
      }
      has[pfn / kBlock] = true;
      owners_.push_back({});
      owners_.back().pfn = pfn;
      owners_.back().order = order;
      owners_.back().tag = pfn * 1000003;
      for (uint64_t i = 0; i < 1ull << order; i++) Words(pfn + i)[1] = owners_.back().tag;
    }
    flushdep_drain_all_pages();
  }
  void Register() {
    for (Owner& owner : owners_) ASSERT_EQ(flushdep_page_set_movable(owner.pfn, &kOps, &owner), 0);
  }
  int Moved() const {
    int moved = 0;
    for (const Owner& owner : owners_) moved += owner.moved;
    return moved;
  }
  void ExpectContents() const {
    for (const Owner& owner : owners_)
      if (owner.pfn != FLUSHDEP_PFN_NONE) {
        for (uint64_t i = 0; i < 1ull << owner.order; i++)
          ASSERT_EQ(Words(owner.pfn + i)[1], owner.tag);
      }
  }
  flushdep_pfn_t Unmapped(unsigned order = 0) {
    flushdep_pfn_t pfn = flushdep_page_alloc(order, FLUSHDEP_ALLOC_UNMAPPED);
    if (pfn != FLUSHDEP_PFN_NONE) {
      EXPECT_TRUE(flushdep_page_unmapped(pfn));
      EXPECT_FALSE(flushdep_direct_map_present(pfn));
    }
    return pfn;
  }

  std::vector<Owner> owners_;
  std::vector<flushdep_pfn_t> extra_;
};

TEST_F(CompactionTest, MovesMovablePagesOutOfABlockForAnUnmappedRequest) {
  Scatter(0);
  Register();
  uint64_t moved = Vmstat("pgmigrate_success"), done = Vmstat("compact_success");
  Clear();
  SetRecording(true);
  flushdep_pfn_t pfn = Unmapped();
  SetRecording(false);
  ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
  extra_.push_back(pfn);
  EXPECT_EQ(Moved(), 1);
  EXPECT_EQ(Vmstat("pgmigrate_success"), moved + 1);
  EXPECT_EQ(Vmstat("compact_success"), done + 1);
  ExpectContents();
  // The move is told before the flip, as the machine's own doing.
  std::vector<flushdep_event> events = Events();
  ASSERT_GE(events.size(), 3u);
  EXPECT_EQ(events[0].kind, FLUSHDEP_EV_PAGE_ALLOC);
  EXPECT_EQ(events[1].kind, FLUSHDEP_EV_PAGE_FREE);
  EXPECT_EQ(events[2].kind, FLUSHDEP_EV_PTE_CLEAR);
  EXPECT_EQ(events.back().kind, FLUSHDEP_EV_PAGE_ALLOC);
  for (size_t i = 0; i + 1 < events.size(); i++)
    EXPECT_NE(events[i].flags & FLUSHDEP_F_INTERNAL, 0) << i;
  EXPECT_EQ(events[1].u.page.pfn / kBlock, pfn / kBlock);
}

TEST_F(CompactionTest, LargerAndCompoundPagesMoveAsAWhole) {
  Scatter(3, FLUSHDEP_ALLOC_COMPOUND);
  Register();
  for (int i = 0; i < 3; i++) {
    flushdep_pfn_t pfn = Unmapped(9);
    ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
    for (uint64_t j = 0; j < kBlock; j++) extra_.push_back(pfn + j);
    ASSERT_EQ(flushdep_page_split(pfn), 0);
  }
  EXPECT_GE(Moved(), 3);
  ExpectContents();
  for (const Owner& owner : owners_) {
    EXPECT_EQ(flushdep_page_order(owner.pfn + 7), 3);
    EXPECT_EQ(flushdep_page_head(owner.pfn + 7), owner.pfn);
  }
}

TEST_F(CompactionTest, EmptiesTwoBlocksForTheLargestOrder) {
  Scatter(0);
  Register();
  flushdep_pfn_t pfn = Unmapped(10);
  ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
  EXPECT_EQ(Moved(), 2);
  ExpectContents();
  flushdep_page_free(pfn, 10);
}

// The twins: the same layout, but what is in the way is not to be moved.
TEST_F(CompactionTest, WithoutARegistrationNothingMoves) {
  Scatter(0);
  EXPECT_EQ(Unmapped(), FLUSHDEP_PFN_NONE);
  ExpectContents();
}

TEST_F(CompactionTest, PinnedPagesStay) {
  Scatter(0);
  Register();
  for (Owner& owner : owners_) flushdep_page_get(owner.pfn);
  EXPECT_EQ(Unmapped(), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(Moved(), 0);
  EXPECT_EQ(owners_[0].isolated, 0);
  // With one of them released that block, and no other, can be had.
  Owner& free = owners_[owners_.size() / 2];
  flushdep_page_put(free.pfn);
  flushdep_pfn_t block = free.pfn / kBlock;
  flushdep_pfn_t pfn = Unmapped();
  EXPECT_EQ(pfn / kBlock, block);
  extra_.push_back(pfn);
  EXPECT_EQ(free.moved, 1);
  EXPECT_EQ(Moved(), 1);
  for (Owner& owner : owners_)
    if (&owner != &free) flushdep_page_put(owner.pfn);
  ExpectContents();
}

TEST_F(CompactionTest, PagesOutOfTheDirectMapStay) {
  Scatter(0);
  Register();
  for (Owner& owner : owners_) ASSERT_EQ(flushdep_direct_map_set(owner.pfn, 1, false), 0);
  EXPECT_EQ(Unmapped(), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(Moved(), 0);
  for (Owner& owner : owners_) ASSERT_EQ(flushdep_direct_map_set(owner.pfn, 1, true), 0);
  extra_.push_back(Unmapped());
  EXPECT_NE(extra_.back(), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(Moved(), 1);
}

TEST_F(CompactionTest, OwnersCanSayNo) {
  Scatter(0);
  Register();
  for (Owner& owner : owners_) owner.says_no_to_isolation = true;
  EXPECT_EQ(Unmapped(), FLUSHDEP_PFN_NONE);
  for (Owner& owner : owners_) {
    owner.says_no_to_isolation = false;
    owner.says_no_to_migration = true;
  }
  uint64_t failed = Vmstat("pgmigrate_fail");
  EXPECT_EQ(Unmapped(), FLUSHDEP_PFN_NONE);
  EXPECT_GT(Vmstat("pgmigrate_fail"), failed);
  int put_back = 0;
  for (Owner& owner : owners_) {
    put_back += owner.put_back;
    EXPECT_EQ(owner.moved, 0);
    EXPECT_EQ(flushdep_page_refcount(owner.pfn), 1);
    owner.says_no_to_migration = false;
  }
  EXPECT_GT(put_back, 0);
  extra_.push_back(Unmapped());
  EXPECT_NE(extra_.back(), FLUSHDEP_PFN_NONE);
  ExpectContents();
}

TEST_F(CompactionTest, AnOwnerMayFreeInsteadOfMoving) {
  Scatter(0);
  Register();
  for (Owner& owner : owners_) owner.frees_when_isolated = true;
  flushdep_pfn_t pfn = Unmapped();
  ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
  extra_.push_back(pfn);
  EXPECT_EQ(Moved(), 0);
  int freed = 0;
  for (const Owner& owner : owners_) freed += owner.pfn == FLUSHDEP_PFN_NONE ? 1 : 0;
  EXPECT_EQ(freed, 1);
}

TEST_F(CompactionTest, NotWhereTheCallerMayNotSleep) {
  Scatter(0);
  Register();
  EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ATOMIC),
            FLUSHDEP_PFN_NONE);
  flushdep_preempt_disable();
  EXPECT_EQ(Unmapped(), FLUSHDEP_PFN_NONE);
  flushdep_preempt_enable();
  EXPECT_EQ(Moved(), 0);
}

TEST_F(CompactionTest, AFailedFlipFreesTheEmptiedBlockAsItWas) {
  Scatter(0);
  Register();
  flushdep_mem_stats before, after;
  flushdep_read_mem_stats(&before);
  flushdep_inject_rule rule = {};
  rule.point = FLUSHDEP_INJECT_DIRECT_MAP;
  ASSERT_EQ(flushdep_inject(&rule), 0);
  EXPECT_EQ(Unmapped(), FLUSHDEP_PFN_NONE);
  flushdep_inject_clear();
  EXPECT_EQ(Moved(), 1);
  flushdep_read_mem_stats(&after);
  EXPECT_EQ(after.free_pages, before.free_pages);
  EXPECT_EQ(after.pageblocks[FLUSHDEP_MIGRATE_ISOLATE], 0u);
  EXPECT_EQ(after.free_unmapped, 0u);
  ExpectContents();
}

TEST_F(CompactionTest, OneDirectionOnly) {
  // Everything is unmapped and scattered: nothing of it moves for a mapped request.
  std::vector<flushdep_pfn_t> pages;
  for (flushdep_pfn_t pfn; (pfn = Unmapped()) != FLUSHDEP_PFN_NONE;) pages.push_back(pfn);
  for (size_t i = 0; i < pages.size(); i++)
    if (i % kBlock != 0) flushdep_page_free(pages[i], 0);
  uint64_t stalls = Vmstat("compact_stall");
  while (flushdep_page_alloc(9, 0) != FLUSHDEP_PFN_NONE) ADD_FAILURE();
  EXPECT_EQ(Vmstat("compact_stall"), stalls);
  EXPECT_EQ(flushdep_page_set_movable(pages[0], &kOps, nullptr), -EINVAL);
  for (size_t i = 0; i < pages.size(); i += kBlock) flushdep_page_free(pages[i], 0);
}

TEST_F(CompactionTest, BadRegistrations) {
  flushdep_pfn_t pfn = flushdep_page_alloc(1, 0);
  constexpr flushdep_movable_ops kNoMigrate = {IsolateOwned, nullptr, nullptr};
  EXPECT_EQ(flushdep_page_set_movable(pfn, &kNoMigrate, nullptr), -EINVAL);
  EXPECT_EQ(flushdep_page_set_movable(pfn + 1, &kOps, nullptr), -EINVAL);
  EXPECT_EQ(flushdep_page_set_movable(pfn, &kOps, nullptr), 0);
  EXPECT_EQ(flushdep_page_set_movable(pfn, nullptr, nullptr), 0);
  flushdep_page_free(pfn, 1);
  EXPECT_EQ(flushdep_page_set_movable(pfn, &kOps, nullptr), -EINVAL);
}

// The owner's functions use the API, even so that compaction would be needed, and fork.
constexpr flushdep_movable_ops kBusyOps = {
    [](flushdep_pfn_t pfn, void* arg) {
      EXPECT_EQ(flushdep_page_refcount(pfn), 1);
      EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
      EXPECT_EQ(flushdep_page_split(pfn), -EBUSY);
      EXPECT_EQ(flushdep_page_set_movable(pfn, nullptr, nullptr), -EBUSY);
      std::thread([] { flushdep_page_free(flushdep_page_alloc(0, 0), 0); }).join();
      return IsolateOwned(pfn, arg);
    },
    MigrateOwned, PutBackOwned};

TEST_F(CompactionTest, OwnersFunctionsMayUseTheApi) {
  Scatter(0);
  for (Owner& owner : owners_)
    ASSERT_EQ(flushdep_page_set_movable(owner.pfn, &kBusyOps, &owner), 0);
  extra_.push_back(Unmapped());
  EXPECT_NE(extra_.back(), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(Moved(), 1);
}

// The child of a fork in the middle of another thread's compaction can compact.
std::atomic<bool> g_inside{false}, g_go_on{false};
constexpr flushdep_movable_ops kSlowOps = {[](flushdep_pfn_t pfn, void* arg) {
                                             g_inside = true;
                                             while (!g_go_on) std::this_thread::yield();
                                             return IsolateOwned(pfn, arg);
                                           },
                                           MigrateOwned, PutBackOwned};

TEST_F(CompactionTest, AForkMeanwhileLeavesTheChildAWorkingAllocator) {
  Scatter(0);
  for (Owner& owner : owners_)
    ASSERT_EQ(flushdep_page_set_movable(owner.pfn, &kSlowOps, &owner), 0);
  g_inside = g_go_on = false;
  flushdep_pfn_t pfn = FLUSHDEP_PFN_NONE;
  std::thread compactor([&] { pfn = Unmapped(); });
  while (!g_inside) std::this_thread::yield();
  pid_t child = fork();
  if (child == 0) {
    g_go_on = true;
    flushdep_mem_stats stats;
    flushdep_read_mem_stats(&stats);
    bool clean = stats.pageblocks[FLUSHDEP_MIGRATE_ISOLATE] == 0;
    _exit(clean && Unmapped() != FLUSHDEP_PFN_NONE && !HasFailure() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  g_go_on = true;
  compactor.join();
  EXPECT_NE(pfn, FLUSHDEP_PFN_NONE);
  extra_.push_back(pfn);
}

}  // namespace
}  // namespace flushdep::testing
