// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The direct map: splitting and the flush that comes with it, many blocks in one call, what
// is told against a naive oracle, and a machine that cannot change it.
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <random>
#include <string>
#include <vector>

#include "runtime/memory/page_allocator.h"
#include "runtime/memory/page_bits.h"
#include "tests/runtime/support/recorder.h"
#include "tests/runtime/support/traps.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  options.mem = 64u << 20;
  options.cpus = 2;
  return FromEnvironment(options);
}

namespace {

using ::testing::ElementsAre;

constexpr uint64_t kBlock = 512;

uint64_t Seed() {
  const char* text = getenv("FLUSHDEP_TEST_SEED");
  const uint64_t seed = text != nullptr ? strtoull(text, nullptr, 10) : 1;
  printf("FLUSHDEP_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

TEST(PageBitsTest, LikeAVectorOfBools) {
  std::mt19937_64 random(Seed());
  constexpr uint64_t kPages = 700;
  PageBits::Word words[PageBits::Words(kPages)] = {};
  PageBits bits(words);
  std::vector<bool> oracle(kPages, false);
  for (int op = 0; op < 20000; op++) {
    uint64_t begin = random() % (kPages + 1), end = random() % (kPages + 1);
    if (begin > end) std::swap(begin, end);
    const bool value = random() % 2 == 0;
    if (random() % 2 == 0) {
      if (value)
        bits.Set(begin, end);
      else
        bits.Clear(begin, end);
      for (uint64_t i = begin; i < end; i++) oracle[i] = value;
    }
    uint64_t count = 0, next = end;
    for (uint64_t i = end; i-- > begin;) {
      count += oracle[i];
      if (oracle[i] == value) next = i;
    }
    ASSERT_EQ(bits.Count(begin, end), count) << "op " << op;
    ASSERT_EQ(bits.Next(begin, end, value), next) << "op " << op;
    const uint64_t one = random() % kPages;
    ASSERT_EQ(bits.Test(one), oracle[one]) << "op " << op;
  }
}

// Two blocks next to each other that nothing has split yet.
class DirectMapTest : public ::testing::Test {
 protected:
  void SetUp() override {
    pfn_ = flushdep_page_alloc(10, 0);
    ASSERT_NE(pfn_, FLUSHDEP_PFN_NONE);
    // A page of a block tells by its level whether the block was split.
    Clear();
  }
  // Blocks once split stay so: every test takes new ones and keeps them.
  void TearDown() override { ASSERT_EQ(flushdep_direct_map_set(pfn_, 2 * kBlock, true), 0); }

  void Take(uint64_t first, uint64_t npages) {
    ASSERT_EQ(flushdep_direct_map_set(pfn_ + first, npages, false), 0);
  }
  flushdep_pfn_t pfn_ = 0;
};

std::vector<std::string> ShortKinds() {
  std::vector<std::string> result;
  for (const std::string& kind : Kinds()) {
    if (kind == "FLUSH_ACK" || kind == "FLUSH_RETURN") continue;
    result.push_back(kind == "FLUSH_ISSUE" ? "FLUSH" : kind.substr(4));
  }
  return result;
}

TEST_F(DirectMapTest, APartOfAnEntrySplitsItAndFlushesEverythingEverywhere) {
  Take(7, 3);
  ASSERT_THAT(Kinds(), ElementsAre("PTE_SPLIT", "FLUSH_ISSUE", "FLUSH_ACK", "FLUSH_ACK",
                                   "FLUSH_RETURN", "PTE_CLEAR"));
  const std::vector<flushdep_event> events = Events();
  EXPECT_EQ(events[0].reason, FLUSHDEP_WHY_DIRECT_MAP);
  EXPECT_EQ(events[0].u.pte.old_level, FLUSHDEP_LEVEL_PMD);
  EXPECT_EQ(events[0].u.pte.level, FLUSHDEP_LEVEL_PTE);
  for (size_t i = 1; i < 5; i++) {
    EXPECT_EQ(events[i].reason, FLUSHDEP_WHY_SPLIT);
    EXPECT_EQ(events[i].flags, FLUSHDEP_F_INTERNAL);
    EXPECT_EQ(events[i].u.flush.req_what, FLUSHDEP_FLUSH_EVERYTHING);
    EXPECT_EQ(events[i].u.flush.req_who, FLUSHDEP_CPUS_ALL);
    EXPECT_EQ(events[i].site, events[0].site);
  }
  EXPECT_EQ(events[5].u.pte.pfn, pfn_ + 7);
  EXPECT_EQ(events[5].u.pte.npages, 3u);
}

TEST_F(DirectMapTest, AWholeEntryIsNeitherSplitNorFlushed) {
  Take(0, 2 * kBlock);
  EXPECT_THAT(ShortKinds(), ElementsAre("CLEAR", "CLEAR"));
  for (const flushdep_event& event : Events()) EXPECT_EQ(event.u.pte.level, FLUSHDEP_LEVEL_PMD);
  Clear();
  ASSERT_EQ(flushdep_direct_map_set(pfn_, 2 * kBlock, true), 0);
  EXPECT_THAT(ShortKinds(), ElementsAre("SET", "SET"));
}

// So the flush of the second split covers what the first entry lost, as it does on Linux.
TEST_F(DirectMapTest, ARangeOverTwoEntriesSplitsEachWhereItComesToIt) {
  Take(kBlock - 2, 4);
  EXPECT_THAT(ShortKinds(), ElementsAre("SPLIT", "FLUSH", "CLEAR", "SPLIT", "FLUSH", "CLEAR"));
  const std::vector<flushdep_event> clears = Events(FLUSHDEP_EV_PTE_CLEAR);
  EXPECT_EQ(clears[0].u.pte.pfn, pfn_ + kBlock - 2);
  EXPECT_EQ(clears[1].u.pte.pfn, pfn_ + kBlock);
  for (const flushdep_event& event : clears) EXPECT_EQ(event.u.pte.npages, 2u);
}

TEST_F(DirectMapTest, AnEntryThatWasSplitNeverBecomesOneAgain) {
  Take(0, 1);
  ASSERT_EQ(flushdep_direct_map_set(pfn_, 1, true), 0);
  Clear();
  Take(0, kBlock);
  ASSERT_EQ(flushdep_direct_map_set(pfn_, kBlock, true), 0);
  EXPECT_THAT(ShortKinds(), ElementsAre("CLEAR", "SET"));
  for (const flushdep_event& event : Events()) EXPECT_EQ(event.u.pte.level, FLUSHDEP_LEVEL_PTE);
}

TEST_F(DirectMapTest, AnAbsentEntryIsSplitWithAFlushToo) {
  Take(0, kBlock);
  Clear();
  ASSERT_EQ(flushdep_direct_map_set(pfn_ + 5, 1, true), 0);
  // Nothing that a TLB could hold changed its size, so no SPLIT is told; Linux flushes all the
  // same.
  EXPECT_THAT(ShortKinds(), ElementsAre("FLUSH", "SET"));
  EXPECT_EQ(Events().back().u.pte.level, FLUSHDEP_LEVEL_PTE);
}

TEST_F(DirectMapTest, WhatChangesNothingSplitsNothing) {
  ASSERT_EQ(flushdep_direct_map_set(pfn_ + 3, 4, true), 0);
  EXPECT_TRUE(Events().empty());
  Take(0, kBlock);
  Clear();
  // The part in the first block is out already; that in the second is a whole entry.
  Take(kBlock - 3, kBlock + 3);
  EXPECT_THAT(ShortKinds(), ElementsAre("CLEAR"));
}

TEST_F(DirectMapTest, OnlyWhatChangesIsTold) {
  Take(10, 5);
  Take(20, 5);
  Clear();
  Take(8, 20);
  std::vector<std::pair<uint64_t, uint64_t>> runs;
  for (const flushdep_event& event : Events())
    runs.emplace_back(event.u.pte.pfn - pfn_, event.u.pte.npages);
  EXPECT_THAT(runs,
              ElementsAre(std::pair<uint64_t, uint64_t>(8, 2), std::pair<uint64_t, uint64_t>(15, 5),
                          std::pair<uint64_t, uint64_t>(25, 3)));
}

// Events alone, applied to an oracle, give the map.
TEST(DirectMapRandomTest, EventsTellExactlyWhatChanges) {
  std::mt19937_64 random(Seed());
  const uint64_t pages = flushdep_page_count();
  std::vector<bool> present(pages), split(pages / kBlock), told;
  for (uint64_t i = 0; i < pages; i++) present[i] = flushdep_direct_map_present(i);
  ASSERT_EQ(flushdep_direct_map_set(0, pages, true), 0);
  present.assign(pages, true);
  told = present;
  for (int op = 0; op < 3000; op++) {
    const uint64_t first = random() % pages;
    uint64_t npages = 1 + random() % (random() % 8 == 0 ? 3 * kBlock : 20);
    if (npages > pages - first) npages = pages - first;
    const bool valid = random() % 2 == 0;
    Clear();
    ASSERT_EQ(flushdep_direct_map_set(first, npages, valid), 0);
    for (uint64_t i = first; i < first + npages; i++) present[i] = valid;
    for (const flushdep_event& event : Events()) {
      const bool set = event.kind == FLUSHDEP_EV_PTE_SET;
      if (!set && event.kind != FLUSHDEP_EV_PTE_CLEAR) continue;
      const flushdep_event_pte& pte = event.u.pte;
      ASSERT_EQ(pte.pfn / kBlock, (pte.pfn + pte.npages - 1) / kBlock) << "over two entries";
      for (uint64_t i = pte.pfn; i < pte.pfn + pte.npages; i++) {
        ASSERT_NE(told[i], set) << "op " << op << ": told, but no change";
        told[i] = set;
      }
    }
    ASSERT_EQ(told, present) << "op " << op;
    for (uint64_t i = first > 2 ? first - 2 : 0; i < pages && i < first + npages + 2; i++)
      ASSERT_EQ(flushdep_direct_map_present(i), present[i]) << "op " << op;
  }
  ASSERT_EQ(flushdep_direct_map_set(0, pages, true), 0);
}

TEST(DirectMapOptionTest, AMachineThatCanSaysSo) { EXPECT_TRUE(flushdep_can_set_direct_map()); }

// Run by the next test on a machine that cannot.
TEST(DirectMapOptionTest, DISABLED_OnAMachineThatCannot) {
  EXPECT_FALSE(flushdep_can_set_direct_map());
  const flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  Clear();
  EXPECT_EQ(flushdep_direct_map_set(pfn, 1, false), -EOPNOTSUPP);
  EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
  EXPECT_TRUE(flushdep_direct_map_present(pfn));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PTE_CLEAR), 0u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PAGE_RETYPE), 0u);
  flushdep_page_free(pfn, 0);
}

TEST(DirectMapOptionTest, AMachineThatCannotFailsCleanly) {
  std::string text;
  const int status = RunInChild(
      [] {
        setenv("FLUSHDEP_TEST_NO_DIRECT_MAP", "1", 1);
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execl("/proc/self/exe", "direct_map_test", "--gtest_also_run_disabled_tests",
              "--gtest_filter=*OnAMachineThatCannot", nullptr);
        _exit(98);
      },
      &text);
  EXPECT_EQ(status, 0) << text;
  EXPECT_NE(text.find("[  PASSED  ] 1 test"), std::string::npos) << text;
}

}  // namespace
}  // namespace flushdep::testing
