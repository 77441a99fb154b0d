// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Taking pages out of the direct map: one by one with a flush each, as secretmem does it, against
// allocating them from pageblocks that are flipped as a whole. Both give the pages back. One
// operation is one page out and in again; direct-map operations and flushes are counted beside the
// time.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <vector>

#include "runtime/include/flushdep.h"

namespace {

constexpr int kPages = 8192;
constexpr size_t kPage = 4096;
// Pages that may stay in unmapped blocks: less than a block, and what is not free at all.
constexpr uint64_t kReserve = 511;

uint64_t Counter(const char* name) {
  uint64_t value = 0;
  if (!flushdep_vmstat(name, &value)) abort();
  return value;
}

struct Work {
  double direct_map_operations;
  double flushes;
};

// What flips did so far.
Work Flipped() {
  return {static_cast<double>(Counter("pageblock_unmap_direct_map_op") +
                              Counter("pageblock_map_direct_map_op")),
          static_cast<double>(Counter("pageblock_unmap_flush"))};
}

void Report(benchmark::State& state, const Work& work) {
  const double pages = static_cast<double>(state.iterations()) * kPages;
  state.counters["direct_map_ops_per_page"] = work.direct_map_operations / pages;
  state.counters["flushes_per_page"] = work.flushes / pages;
  state.SetItemsProcessed(state.iterations() * kPages);
}

void FlushPage(flushdep_pfn_t pfn) {
  const uintptr_t va = reinterpret_cast<uintptr_t>(flushdep_page_address(pfn));
  flushdep_flush_kernel_range(va, va + kPage);
}

// secretmem's way. Every call below is one operation and one flush.
void PageByPage(benchmark::State& state) {
  std::vector<flushdep_pfn_t> pages(kPages);
  Work work = {};
  for (auto _ : state) {
    for (flushdep_pfn_t& pfn : pages) {
      pfn = flushdep_page_alloc(0, 0);
      if (pfn == FLUSHDEP_PFN_NONE || flushdep_direct_map_set(pfn, 1, false) != 0) abort();
      FlushPage(pfn);
      work.direct_map_operations++;
      work.flushes++;
    }
    for (flushdep_pfn_t pfn : pages) {
      if (flushdep_direct_map_set(pfn, 1, true) != 0) abort();
      work.direct_map_operations++;
      // As secretmem does, and as a pageblock is scrubbed when it is mapped again.
      flushdep_fill(flushdep_page_address(pfn), 0, kPage);
      flushdep_page_free(pfn, 0);
    }
  }
  Report(state, work);
}

void WholeBlocks(benchmark::State& state) {
  std::vector<flushdep_pfn_t> pages(kPages);
  const Work before = Flipped();
  for (auto _ : state) {
    for (flushdep_pfn_t& pfn : pages) {
      pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
      if (pfn == FLUSHDEP_PFN_NONE) abort();
    }
    for (flushdep_pfn_t pfn : pages) flushdep_page_free(pfn, 0);
    // Back into the direct map, so that the next round flips again.
    flushdep_drain_all_pages();
    if (flushdep_map_reserve(flushdep_page_count() - kReserve) != 0) abort();
  }
  const Work after = Flipped();
  Report(state, {after.direct_map_operations - before.direct_map_operations,
                 after.flushes - before.flushes});
}

BENCHMARK(PageByPage);
BENCHMARK(WholeBlocks);

}  // namespace

BENCHMARK_MAIN();
