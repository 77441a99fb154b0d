// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/stack_depot.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>
#include <vector>

namespace flushdep {
namespace {

std::vector<uint64_t> ToVector(StackView view) { return {view.pcs, view.pcs + view.size}; }

TEST(StackDepot, EqualStacksHaveOneId) {
  LimitCounts limits;
  StackDepot depot(limits);
  ASSERT_TRUE(depot.Init());
  const uint64_t a[] = {1, 2, 3};
  const uint64_t b[] = {1, 2, 4};
  const StackId id = depot.Put(a, 3);
  EXPECT_NE(id, kNoStack);
  EXPECT_EQ(depot.Put(a, 3), id);
  EXPECT_NE(depot.Put(b, 3), id);
  EXPECT_NE(depot.Put(a, 2), id);
  EXPECT_EQ(ToVector(depot.Get(id)), (std::vector<uint64_t>{1, 2, 3}));
  EXPECT_EQ(depot.Put(a, 0), kNoStack);
  EXPECT_EQ(depot.Get(kNoStack).size, 0u);
  EXPECT_EQ(depot.Get(999999).size, 0u);
}

TEST(StackDepot, FullIsCountedAndOldIdsStay) {
  LimitCounts limits;
  StackDepot depot(limits);
  ASSERT_TRUE(depot.Init());
  for (uint64_t i = 1; i < kMaxStacks; ++i) ASSERT_NE(depot.Put(&i, 1), kNoStack);
  uint64_t more = 1ull << 40;
  EXPECT_EQ(depot.Put(&more, 1), kNoStack);
  EXPECT_EQ(limits.Count(Limit::Stacks), 1u);
  const uint64_t first = 1;
  EXPECT_NE(depot.Put(&first, 1), kNoStack);
}

TEST(StackDepot, ThreadsAgree) {
  LimitCounts limits;
  StackDepot depot(limits);
  ASSERT_TRUE(depot.Init());
  constexpr int kThreads = 4;
  std::vector<std::map<uint64_t, StackId>> seen(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      std::mt19937_64 random(static_cast<uint64_t>(t) + 1);
      for (int i = 0; i < 20000; ++i) {
        const uint64_t value = 1 + random() % 500;
        const uint64_t pcs[] = {value, value * 3, 7};
        seen[static_cast<size_t>(t)][value] = depot.Put(pcs, 3);
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const auto& map : seen)
    for (const auto& [value, id] : map) {
      EXPECT_EQ(id, seen[0].count(value) ? seen[0][value] : id);
      EXPECT_EQ(ToVector(depot.Get(id)), (std::vector<uint64_t>{value, value * 3, 7}));
    }
  EXPECT_LE(depot.stacks(), 500u);
}

}  // namespace
}  // namespace flushdep
