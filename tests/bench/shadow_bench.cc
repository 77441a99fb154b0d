// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The side table against hash maps, at the work that a put and the free of
// the same page do: remember the old translation, then look whether one is owed and
// forget it. 1M pages, all put, then all freed.
//
// The maps get the least they could do: one entry a page with a debt, and room
// reserved before the clock runs. Events come from several threads, so all are used as a
// checker could: the side table with its lock in each entry, the maps under a mutex. Both kinds of
// lock spare a process of one thread, as here, their atomic instructions.
//
// Two orders: as an allocator hands pages out (rising within a pageblock of
// 512, the blocks shuffled), and fully shuffled.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <mutex>
#include <numeric>
#include <random>
#include <unordered_map>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "checker/model/shadow.h"

namespace flushdep {
namespace {

constexpr uint64_t kPages = 1 << 20;
constexpr uint64_t kBlock = 512;
constexpr uint64_t kWindow = 0x7e9000000000;

enum Order { kAllocatorOrder = 0, kShuffled = 1 };

std::vector<uint64_t> PagesIn(Order order) {
  std::mt19937_64 random(7);
  std::vector<uint64_t> pages;
  pages.reserve(kPages);
  std::vector<uint64_t> blocks(kPages / kBlock);
  std::iota(blocks.begin(), blocks.end(), 0);
  std::shuffle(blocks.begin(), blocks.end(), random);
  for (uint64_t block : blocks)
    for (uint64_t i = 0; i < kBlock; ++i) pages.push_back(block * kBlock + i);
  if (order == kShuffled) std::shuffle(pages.begin(), pages.end(), random);
  return pages;
}

StaleTranslation StaleOf(uint64_t i) {
  return {1, kWindow + (i % 4096) * 4096, 1000 + i, 1001 + i};
}

void SideTable(benchmark::State& state) {
  const std::vector<uint64_t> pages = PagesIn(static_cast<Order>(state.range(0)));
  LimitCounts limits;
  Shadow shadow(limits);
  if (!shadow.Init(kPages)) return state.SkipWithError("no memory");
  for (uint64_t pfn : pages) Shadow::Guard(shadow, pfn).SetAllocated(true, 0);
  uint64_t owed = 0;
  for (auto _ : state) {
    uint64_t i = 0;
    for (uint64_t pfn : pages) Shadow::Guard(shadow, pfn).AddStale(StaleOf(i++));
    for (uint64_t pfn : pages) {
      Shadow::Guard page(shadow, pfn);
      page.FilterStale([&](const StaleTranslation& stale) {
        owed += stale.clear & 1;
        return false;
      });
    }
  }
  benchmark::DoNotOptimize(owed);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kPages));
}

template <typename Map>
void HashMap(benchmark::State& state) {
  const std::vector<uint64_t> pages = PagesIn(static_cast<Order>(state.range(0)));
  Map map;
  map.reserve(kPages);
  std::mutex mutex;
  uint64_t owed = 0;
  for (auto _ : state) {
    uint64_t i = 0;
    for (uint64_t pfn : pages) {
      std::lock_guard<std::mutex> guard(mutex);
      map.insert_or_assign(pfn, StaleOf(i++));
    }
    for (uint64_t pfn : pages) {
      std::lock_guard<std::mutex> guard(mutex);
      const auto found = map.find(pfn);
      if (found == map.end()) continue;
      owed += found->second.clear & 1;
      map.erase(found);
    }
  }
  benchmark::DoNotOptimize(owed);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kPages));
}

void FlatHashMap(benchmark::State& state) {
  HashMap<absl::flat_hash_map<uint64_t, StaleTranslation>>(state);
}
void UnorderedMap(benchmark::State& state) {
  HashMap<std::unordered_map<uint64_t, StaleTranslation>>(state);
}

#define FLUSHDEP_ORDERS ->Arg(kAllocatorOrder)->Arg(kShuffled)->Unit(benchmark::kMillisecond)
BENCHMARK(SideTable) FLUSHDEP_ORDERS;
BENCHMARK(FlatHashMap) FLUSHDEP_ORDERS;
BENCHMARK(UnorderedMap) FLUSHDEP_ORDERS;

}  // namespace
}  // namespace flushdep
