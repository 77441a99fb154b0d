// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/shadow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <random>
#include <tuple>
#include <vector>

namespace flushdep {
namespace {

constexpr uint64_t kWindow = 0x7e8000000000;

using Record = std::tuple<SpaceIndex, uint64_t, Epoch, Epoch>;

std::vector<Record> Records(Shadow& shadow, uint64_t pfn) {
  std::vector<Record> records;
  Shadow::Guard page(shadow, pfn);
  page.FilterStale([&](const StaleTranslation& s) {
    records.emplace_back(s.space, s.va, s.set, s.clear);
    return true;
  });
  std::sort(records.begin(), records.end());
  return records;
}

class ShadowTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(shadow_.Init(1024)); }
  LimitCounts limits_;
  Shadow shadow_{limits_};
};

TEST_F(ShadowTest, SixteenBytesAPage) { EXPECT_EQ(sizeof(PageEntry), 16u); }

TEST_F(ShadowTest, LifeAndMappings) {
  EXPECT_EQ(Shadow::Guard(shadow_, 7).life(), Life::Never);
  Shadow::Guard(shadow_, 7).SetAllocated(true, 10);
  {
    Shadow::Guard page(shadow_, 7);
    EXPECT_EQ(page.life(), Life::Allocated);
    EXPECT_TRUE(page.is_head());
    EXPECT_EQ(page.order(), 10u);
    page.AddLiveMapping();
    page.AddLiveMapping();
    page.RemoveLiveMapping();
    page.SetDirectMapAbsent(true);
  }
  Shadow::Guard page(shadow_, 7);
  EXPECT_EQ(page.live_mappings(), 1u);
  EXPECT_TRUE(page.direct_map_absent());
  page.SetFree();
  EXPECT_EQ(page.life(), Life::Free);
  EXPECT_FALSE(page.is_head());
  EXPECT_EQ(page.live_mappings(), 1u);
}

TEST_F(ShadowTest, OneTranslationStaysInTheEntry) {
  Shadow::Guard(shadow_, 3).AddStale({4095, kWindow + (1ull << 39), 100, 200});
  EXPECT_EQ(Records(shadow_, 3), (std::vector<Record>{{4095, kWindow + (1ull << 39), 100, 200}}));
  EXPECT_EQ(shadow_.spilled(), 0u);
}

TEST_F(ShadowTest, WhatDoesNotFitSpills) {
  const StaleTranslation cases[] = {
      {1, 0xffff888000000000, 5, 6},         // outside the window
      {1, kWindow, 0, 1ull << 30},           // present for very long
      {1, kWindow, 1ull << 41, 1ull << 41},  // very late
  };
  for (const StaleTranslation& stale : cases) {
    Shadow::Guard(shadow_, 9).AddStale(stale);
    EXPECT_EQ(Records(shadow_, 9),
              (std::vector<Record>{{stale.space, stale.va, stale.set, stale.clear}}));
    EXPECT_EQ(shadow_.spilled(), 1u);
    Shadow::Guard(shadow_, 9).ClearStale();
    EXPECT_EQ(shadow_.spilled(), 0u);
  }
}

TEST_F(ShadowTest, PastTheLimitOneRecordCoversSeveral) {
  for (uint64_t i = 0; i < kMaxTranslationsPerPage + 5; ++i)
    Shadow::Guard(shadow_, 1).AddStale({2, kWindow + i * 4096, 10 + i, 20 + i});
  EXPECT_EQ(limits_.Count(Limit::TranslationsPerPage), 5u);
  const std::vector<Record> records = Records(shadow_, 1);
  EXPECT_EQ(records.size(), kMaxTranslationsPerPage);
  Epoch last = 0;
  for (const Record& record : records) last = std::max(last, std::get<3>(record));
  EXPECT_EQ(last, 20 + kMaxTranslationsPerPage + 4);
}

TEST_F(ShadowTest, RandomAgainstAMultimap) {
  for (uint64_t seed = 1; seed <= 20 && !HasFailure(); ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    std::map<uint64_t, std::vector<Record>> oracle;
    for (int step = 0; step < 5000; ++step) {
      const uint64_t pfn = random() % 8;
      std::vector<Record>& records = oracle[pfn];
      if (random() % 3 != 0 && records.size() < kMaxTranslationsPerPage) {
        const StaleTranslation stale{static_cast<SpaceIndex>(random() % 5),
                                     kWindow + (random() % 100) * 4096, random() % 100,
                                     100 + random() % 100};
        Shadow::Guard(shadow_, pfn).AddStale(stale);
        records.emplace_back(stale.space, stale.va, stale.set, stale.clear);
      } else {
        const Epoch before = random() % 220;
        Shadow::Guard(shadow_, pfn).FilterStale([&](const StaleTranslation& s) {
          return s.clear >= before;
        });
        records.erase(std::remove_if(records.begin(), records.end(),
                                     [&](const Record& r) { return std::get<3>(r) < before; }),
                      records.end());
      }
      std::sort(records.begin(), records.end());
      ASSERT_EQ(Records(shadow_, pfn), records) << "step " << step;
    }
    for (uint64_t pfn = 0; pfn < 8; ++pfn) Shadow::Guard(shadow_, pfn).ClearStale();
    EXPECT_EQ(shadow_.spilled(), 0u);
  }
}

}  // namespace
}  // namespace flushdep
