// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vector clocks against brute force: a graph of all events, and reachability in it.
#include "checker/model/happens_before.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <vector>

namespace flushdep {
namespace {

// Everything that happened before each thread's present, as plain sets of event numbers.
class NaiveOrder {
 public:
  using Past = std::set<int>;
  void Start(ThreadSlot t, ThreadSlot creator) {
    threads_[t] = creator == kNoThread ? All() : threads_[creator];
  }
  int Event(ThreadSlot t) {
    threads_[t].insert(next_);
    all_.insert(next_);
    return next_++;
  }
  void Release(ThreadSlot t, uint64_t object) {
    objects_[object].insert(threads_[t].begin(), threads_[t].end());
  }
  void Acquire(ThreadSlot t, uint64_t object) {
    const Past& past = objects_[object];
    threads_[t].insert(past.begin(), past.end());
  }
  void Reset(uint64_t object) { objects_[object].clear(); }
  bool Before(int event, ThreadSlot t) const { return threads_.at(t).count(event) != 0; }

 private:
  Past All() const { return all_; }
  int next_ = 0;
  Past all_;
  std::map<ThreadSlot, Past> threads_;
  std::map<uint64_t, Past> objects_;
};

TEST(HappensBefore, AgreesWithBruteForce) {
  const char* text = getenv("FLUSHDEP_TEST_SEED");
  const uint64_t first = text != nullptr ? strtoull(text, nullptr, 0) : 1;
  uint64_t asked = 0, before = 0;
  for (uint64_t seed = first; seed < first + 200; ++seed) {
    std::mt19937_64 random(seed);
    LimitCounts limits;
    HappensBefore order(limits);
    ASSERT_TRUE(order.Init(0));
    NaiveOrder naive;
    const ThreadSlot threads = 2 + static_cast<ThreadSlot>(seed % 6);
    for (ThreadSlot t = 1; t <= threads; ++t) {
      order.Start(t, t == 1 ? kNoThread : 1);
      naive.Start(t, t == 1 ? kNoThread : 1);
    }
    std::vector<std::pair<HappensBefore::Point, int>> events;
    for (int step = 0; step < 300; ++step) {
      const ThreadSlot t = 1 + static_cast<ThreadSlot>(random() % threads);
      const uint64_t object = 500 + random() % 4;
      switch (random() % 8) {
        case 0:
        case 1:
          order.Acquire(t, object);
          naive.Acquire(t, object);
          break;
        case 2:
        case 3:
          order.Release(t, object);
          naive.Release(t, object);
          break;
        case 4:
          if (random() % 8 == 0) {
            order.Reset(object);
            naive.Reset(object);
          }
          break;
        default:
          events.emplace_back(order.Now(t), naive.Event(t));
      }
      for (int i = 0; i < 4 && !events.empty(); ++i) {
        const auto& [point, event] = events[random() % events.size()];
        const ThreadSlot who = 1 + static_cast<ThreadSlot>(random() % threads);
        ASSERT_EQ(order.Before(point, who), naive.Before(event, who))
            << "FLUSHDEP_TEST_SEED=" << seed << " step " << step;
        ++asked;
        before += order.Before(point, who);
      }
    }
  }
  std::cout << asked << " questions, " << before << " ordered, seeds from " << first << "\n";
  EXPECT_GT(before, asked / 10);
  EXPECT_GT(asked - before, asked / 10);
}

TEST(HappensBefore, WhatIsNotKnownCountsAsOrdered) {
  LimitCounts limits;
  LimitValues values;
  values.value[static_cast<size_t>(Limit::SyncObjects)] = 2;
  limits.Set(values);
  HappensBefore order(limits);
  ASSERT_TRUE(order.Init(0));
  order.Start(1, kNoThread);
  order.Start(2, 1);
  const HappensBefore::Point point = order.Now(1);
  EXPECT_FALSE(order.Before(point, 2));
  EXPECT_TRUE(order.Before(point, kNoThread));
  EXPECT_TRUE(order.Before({}, 2));
  for (uint64_t object = 1; object <= 3; ++object) order.Release(1, object);
  EXPECT_EQ(limits.Count(Limit::SyncObjects), 1u);
  order.Acquire(2, 3);  // the one that did not fit
  EXPECT_TRUE(order.Before(point, 2));
}

TEST(HappensBefore, ASlotThatIsUsedAgainStartsAfterItsLastThread) {
  LimitCounts limits;
  HappensBefore order(limits);
  ASSERT_TRUE(order.Init(0));
  order.Start(1, kNoThread);
  order.Start(2, 1);
  const HappensBefore::Point old = order.Now(2);
  order.Start(2, 1);  // another thread in the place of the one that ended
  EXPECT_FALSE(order.Before(old, 1));
  const HappensBefore::Point fresh = order.Now(2);
  order.Release(2, 9);
  order.Acquire(1, 9);
  EXPECT_TRUE(order.Before(fresh, 1));
  EXPECT_TRUE(order.Before(old, 1));
}

}  // namespace
}  // namespace flushdep
