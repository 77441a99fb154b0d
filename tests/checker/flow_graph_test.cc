// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flow graph against brute force: random lives, all recorded; the naive
// judgement goes over them by the definition, visit by visit.
#include "checker/model/flow_graph.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "checker/event/events.h"

namespace flushdep {
namespace {

struct Life {
  uint64_t cls;
  std::vector<Visit> visits;
  bool freed = false;
  bool flushed_at_free = false;  // before the free, or at the end of the run
};

using Place = std::pair<uint64_t, uint64_t>;  // class, code location

// S is a finding iff some life is at S, open and unresolved; another passed S clean
// and was freed without a flush or a debt in between; and no life that passed S
// open was flushed afterwards.
std::set<Place> Naive(const std::vector<Life>& lives) {
  std::set<Place> stuck, freed, resolved;
  for (const Life& life : lives) {
    const size_t count = life.visits.size();
    for (size_t i = 0; i < count; ++i) {
      const Place place{life.cls, life.visits[i].pc};
      if (life.visits[i].open) {
        // What happens to this debt?
        size_t k = i + 1;
        while (k < count && life.visits[k].open && !life.visits[k].flushed) ++k;
        const bool flushed = k < count ? life.visits[k].flushed : life.flushed_at_free;
        if (flushed) resolved.insert(place);
        if (i + 1 == count && !life.freed && !life.flushed_at_free) stuck.insert(place);
      } else if (life.freed && !life.flushed_at_free) {
        bool clean = true;
        for (size_t k = i + 1; k < count; ++k)
          clean &= !life.visits[k].open && !life.visits[k].flushed;
        if (clean) freed.insert(place);
      }
    }
  }
  std::set<Place> findings;
  for (const Place& place : stuck)
    if (freed.count(place) != 0 && resolved.count(place) == 0) findings.insert(place);
  return findings;
}

class RandomLives {
 public:
  explicit RandomLives(uint64_t seed) : random_(seed), graph_(limits_) {
    EXPECT_TRUE(graph_.Init());
  }

  void Run(int lives, uint64_t classes, uint64_t sites, uint64_t flush_in) {
    for (int i = 0; i < lives; ++i) One(classes, sites, flush_in);
  }

  std::set<Place> Found() {
    std::set<Place> found;
    graph_.Judge([&](const FlowPath& path) {
      found.insert({graph_.Class(path.cls).key, graph_.Node(path.node).pc});
      // The path has the place, and ends are known.
      EXPECT_LT(path.join, path.count);
      EXPECT_EQ(path.places[path.join].node, path.node);
      EXPECT_NE(path.free_moment.time, 0u);
    });
    return found;
  }
  const std::vector<Life>& lives() const { return lives_; }
  const LimitCounts& limits() const { return limits_; }

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }

  void One(uint64_t classes, uint64_t sites, uint64_t flush_in) {
    Life life;
    life.cls = 100 + Below(classes);
    const Visit birth{life.cls, 0, FLUSHDEP_EV_PAGE_ALLOC, false, false, false};
    LifeState state = graph_.Begin(life.cls, 0, birth, Now());
    life.visits.push_back(birth);
    bool open = false;
    for (uint64_t length = Below(6); length > 0; --length) {
      Visit visit{1 + Below(sites), 0, FLUSHDEP_EV_REF_GET, open, Below(flush_in) == 0, false};
      if (visit.flushed) visit.open = false;
      if (Below(3) == 0)
        visit.open = true;  // a debt comes, perhaps after a flush
      else if (Below(9) == 0)
        visit.open = false;  // or goes by other ways
      open = visit.open;
      state = graph_.Go(state, visit, Now());
      life.visits.push_back(visit);
    }
    // Freed, flushed at the end of the run, or left as it is. A free with the debt
    // open is somebody else's finding.
    life.freed = Below(3) != 0;
    life.flushed_at_free = Below(flush_in) == 0;
    if (life.freed)
      graph_.End(state, {9999, 0, FLUSHDEP_EV_PAGE_FREE, false, life.flushed_at_free, false},
                 Now());
    else if (life.flushed_at_free)
      graph_.FlushedLater(state);
    else
      graph_.Unresolved(state);
    lives_.push_back(life);
  }
  Moment Now() { return {++time_, 0, 0, 0}; }

  std::mt19937_64 random_;
  LimitCounts limits_;
  FlowGraph graph_;
  uint64_t time_ = 0;
  std::vector<Life> lives_;
};

TEST(FlowGraph, AgreesWithBruteForce) {
  const char* text = getenv("FLUSHDEP_TEST_SEED");
  const uint64_t first = text != nullptr ? strtoull(text, nullptr, 0) : 1;
  uint64_t findings = 0, lives = 0;
  for (uint64_t seed = first; seed < first + 1500; ++seed) {
    auto run = std::make_unique<RandomLives>(seed);
    run->Run(static_cast<int>(4 + seed % 60), 1 + seed % 3, 2 + seed % 7, 4 + seed % 40);
    const std::set<Place> naive = Naive(run->lives());
    ASSERT_EQ(run->Found(), naive) << "FLUSHDEP_TEST_SEED=" << seed;
    for (size_t i = 0; i < kNumLimits; ++i)
      ASSERT_EQ(run->limits().Count(static_cast<Limit>(i)), 0u) << kLimits[i].name;
    findings += naive.size();
    lives += run->lives().size();
  }
  std::cout << lives << " lives, " << findings << " findings, 0 differences; seeds from " << first
            << "\n";
  EXPECT_GT(findings, 100u);
}

TEST(FlowGraph, KnownStepsAreNotLearnedAgain) {
  LimitCounts limits;
  FlowGraph graph(limits);
  ASSERT_TRUE(graph.Init());
  const auto live = [&] {
    LifeState state = graph.Begin(7, 0, {1, 0, FLUSHDEP_EV_PAGE_ALLOC, false, false, false}, {});
    state = graph.Go(state, {2, 0, FLUSHDEP_EV_PTE_SET, false, false, false}, {});
    state = graph.Go(state, {3, 0, FLUSHDEP_EV_PTE_CLEAR, true, false, false}, {});
    graph.End(state, {4, 0, FLUSHDEP_EV_PAGE_FREE, false, true, false}, {});
  };
  live();
  const uint32_t steps = graph.steps(), edges = graph.edges();
  for (int i = 0; i < 100; ++i) live();
  EXPECT_EQ(graph.steps(), steps);
  EXPECT_EQ(graph.edges(), edges);
  EXPECT_EQ(graph.classes(), 1u);
  EXPECT_EQ(graph.sites(), 3u);
}

TEST(FlowGraph, LoopsDoNotGrow) {
  LimitCounts limits;
  FlowGraph graph(limits);
  ASSERT_TRUE(graph.Init());
  LifeState state = graph.Begin(7, 0, {1, 0, FLUSHDEP_EV_PAGE_ALLOC, false, false, false}, {});
  for (uint64_t i = 0; i < 100000; ++i) {
    const bool open = i % 4 >= 2;
    state = graph.Go(state, {2 + i % 3, 0, FLUSHDEP_EV_REF_GET, open, i % 4 == 0, false}, {});
  }
  EXPECT_LT(graph.steps(), 200u);
  EXPECT_NE(state, kUnknownLife);
}

TEST(FlowGraph, SubclassesAreClasses) {
  LimitCounts limits;
  FlowGraph graph(limits);
  ASSERT_TRUE(graph.Init());
  const Visit birth{1, 0, FLUSHDEP_EV_PAGE_ALLOC, false, false, false};
  const LifeState a = graph.Begin(7, 0, birth, {}), b = graph.Begin(7, 1, birth, {});
  EXPECT_NE(graph.ClassOf(a), graph.ClassOf(b));
  EXPECT_EQ(graph.classes(), 2u);
}

}  // namespace
}  // namespace flushdep
