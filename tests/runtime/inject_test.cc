// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Failure injection by rate, by count and by call site, at each of its points.
#include <errno.h>
#include <gtest/gtest.h>

#include <vector>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

constexpr size_t kPage = 4096;

flushdep_inject_rule At(unsigned point) {
  flushdep_inject_rule rule = {};
  rule.point = point;
  return rule;
}

bool AllocFails() {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  if (pfn == FLUSHDEP_PFN_NONE) return true;
  flushdep_page_free(pfn, 0);
  return false;
}

std::vector<int> FailuresOf(int operations) {
  std::vector<int> failed;
  for (int i = 0; i < operations; i++)
    if (AllocFails()) failed.push_back(i);
  return failed;
}

class InjectTest : public ::testing::Test {
 protected:
  void SetUp() override {
    SetRecording(false);
    flushdep_inject_clear();
  }
  void TearDown() override {
    flushdep_inject_clear();
    SetRecording(true);
    Clear();
  }
};

TEST_F(InjectTest, NothingFailsUnasked) { EXPECT_TRUE(FailuresOf(1000).empty()); }

TEST_F(InjectTest, ByCount) {
  flushdep_inject_rule rule = At(FLUSHDEP_INJECT_ALLOC);
  rule.after = 5;
  rule.every = 3;
  rule.times = 2;
  const uint64_t before = flushdep_inject_count(FLUSHDEP_INJECT_ALLOC);
  ASSERT_EQ(flushdep_inject(&rule), 0);
  EXPECT_EQ(FailuresOf(100), (std::vector<int>{7, 10}));
  EXPECT_EQ(flushdep_inject_count(FLUSHDEP_INJECT_ALLOC), before + 2);
  flushdep_inject_clear();
  EXPECT_TRUE(FailuresOf(100).empty());
}

TEST_F(InjectTest, ByRateAndTheSeedDecides) {
  flushdep_inject_rule rule = At(FLUSHDEP_INJECT_ALLOC);
  rule.one_in = 10;
  ASSERT_EQ(flushdep_inject(&rule), 0);
  const size_t failures = FailuresOf(10000).size();
  EXPECT_GT(failures, 800u);
  EXPECT_LT(failures, 1200u);
}

__attribute__((noinline)) bool FailsHere() {
  bool failed = AllocFails();
  asm volatile("" ::: "memory");  // no tail call: this function has to be a caller
  return failed;
}

__attribute__((noinline)) bool FailsThere() {
  bool failed = flushdep_mermap_prepare(flushdep_mm_current()) != 0;
  failed |= flushdep_page_alloc(11, 0) == 0;
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  failed |= pfn == FLUSHDEP_PFN_NONE;
  if (!failed) flushdep_page_free(pfn, 0);
  asm volatile("" ::: "memory");
  return failed;
}

// The stub's stacks are one frame deep, so a rule is about the function that calls.
TEST_F(InjectTest, ByCallSite) {
  flushdep_inject_rule rule = At(FLUSHDEP_INJECT_ALLOC);
  rule.site_start = reinterpret_cast<const void*>(&FailsThere);
  rule.site_end = reinterpret_cast<const char*>(&FailsThere) + 64;
  // The real bounds, where the executable has symbols.
  const void* start = nullptr;
  const void* end = nullptr;
  ASSERT_EQ(flushdep_inject_find("_ZN8flushdep7testing12_GLOBAL__N_110FailsThereEv", &start, &end),
            0);
  EXPECT_EQ(start, rule.site_start);
  EXPECT_GT(end, start);
  rule.site_end = end;
  ASSERT_EQ(flushdep_inject(&rule), 0);
  EXPECT_FALSE(FailsHere());
  EXPECT_TRUE(FailsThere());
  EXPECT_FALSE(FailsHere());
  EXPECT_EQ(flushdep_inject_find("no_such_function", &start, &end), -ENOENT);
}

TEST_F(InjectTest, AGetFailsCleanly) {
  ASSERT_EQ(flushdep_mermap_prepare(flushdep_mm_current()), 0);
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_inject_rule rule = At(FLUSHDEP_INJECT_GET);
  rule.times = 1;
  ASSERT_EQ(flushdep_inject(&rule), 0);
  SetRecording(true);
  Clear();
  EXPECT_EQ(flushdep_mermap_get(pfn, kPage, FLUSHDEP_MAP_READ), nullptr);
  EXPECT_EQ(flushdep_migrate_count(), 0) << "migration is as it was";
  ASSERT_EQ(CountEvents(FLUSHDEP_EV_MAP_FAIL), 1u);
  EXPECT_EQ(Events(FLUSHDEP_EV_MAP_FAIL)[0].u.map.cause, FLUSHDEP_MAP_FAIL_INJECTED);
  flushdep_mermap_stats stats;
  flushdep_mermap_read_stats(&stats);
  EXPECT_EQ(stats.fail_injected, 1u);
  flushdep_mapping* mapping = flushdep_mermap_get(pfn, kPage, FLUSHDEP_MAP_READ);
  ASSERT_NE(mapping, nullptr);
  flushdep_mermap_put(mapping);
  flushdep_page_free(pfn, 0);
}

TEST_F(InjectTest, PrepareFailsAndCanBeTriedAgain) {
  flushdep_mm* mm = flushdep_mm_create();
  flushdep_inject_rule rule = At(FLUSHDEP_INJECT_PREPARE);
  rule.times = 1;
  ASSERT_EQ(flushdep_inject(&rule), 0);
  EXPECT_EQ(flushdep_mermap_prepare(mm), -ENOMEM);
  EXPECT_EQ(flushdep_mermap_prepare(mm), 0);
  flushdep_mm_put(mm);
}

TEST_F(InjectTest, AFailedDirectMapChangeChangesNothing) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  flushdep_inject_rule rule = At(FLUSHDEP_INJECT_DIRECT_MAP);
  rule.times = 1;
  ASSERT_EQ(flushdep_inject(&rule), 0);
  EXPECT_EQ(flushdep_direct_map_set(pfn, 1, false), -ENOMEM);
  EXPECT_TRUE(flushdep_direct_map_present(pfn));
  EXPECT_EQ(flushdep_direct_map_set(pfn, 1, false), 0);
  EXPECT_FALSE(flushdep_direct_map_present(pfn));
  EXPECT_EQ(flushdep_direct_map_set(pfn, 1, true), 0);
  flushdep_page_free(pfn, 0);
}

// A flip whose direct-map change fails: no page, and the block is what it was.
TEST_F(InjectTest, AFailedFlipLeavesTheBlockWithItsOldType) {
  flushdep_inject_rule rule = At(FLUSHDEP_INJECT_DIRECT_MAP);
  ASSERT_EQ(flushdep_inject(&rule), 0);
  std::vector<flushdep_pfn_t> unmapped;
  for (flushdep_pfn_t pfn;
       (pfn = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED)) != FLUSHDEP_PFN_NONE;)
    unmapped.push_back(pfn);  // blocks that were unmapped already
  for (flushdep_pfn_t pfn = 1; pfn < flushdep_page_count(); pfn++)
    ASSERT_EQ(flushdep_direct_map_present(pfn), !flushdep_page_unmapped(pfn)) << pfn;
  flushdep_inject_clear();
  flushdep_pfn_t pfn = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED);
  ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
  EXPECT_TRUE(flushdep_page_unmapped(pfn));
  flushdep_page_free(pfn, 9);
  for (flushdep_pfn_t block : unmapped) flushdep_page_free(block, 9);
}

TEST_F(InjectTest, WrongRulesAreRefused) {
  flushdep_inject_rule rule = At(4);
  EXPECT_EQ(flushdep_inject(&rule), -EINVAL);
  EXPECT_EQ(flushdep_inject(nullptr), -EINVAL);
  rule = At(FLUSHDEP_INJECT_ALLOC);
  rule.after = ~0ull;
  for (int i = 0; i < FLUSHDEP_MAX_INJECT_RULES; i++) EXPECT_EQ(flushdep_inject(&rule), 0);
  EXPECT_EQ(flushdep_inject(&rule), -ENOSPC);
  EXPECT_FALSE(AllocFails());
}

}  // namespace
}  // namespace flushdep::testing
