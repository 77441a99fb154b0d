// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine's cycle: alloc, get, touch, put, free of an unmapped page, with one flush
// for each batch of 512. Built twice, as machine_bench and machine_bench_no_hooks; scripts/bench
// runs both and prints ratios. One operation is one page through its whole life.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstring>

#include "runtime/include/flushdep.h"

namespace {

constexpr int kBatch = 512;
constexpr size_t kPage = 4096;

struct TouchWord {
  static void Do(void* addr) { flushdep_store(addr, 1, 8); }
};
struct ZeroPage {
  static void Do(void* addr) { flushdep_fill(addr, 0, kPage); }
};

// All 512 pages are put before the flush, and freed after it: a correct program.
template <typename Touch>
void Batch(flushdep_pfn_t* pages) {
  for (int i = 0; i < kBatch; i++) {
    pages[i] = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
    flushdep_mapping* mapping =
        flushdep_mermap_get(pages[i], kPage, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
    Touch::Do(flushdep_mermap_addr(mapping));
    flushdep_mermap_put(mapping);
  }
  flushdep_flush_all();
  for (int i = 0; i < kBatch; i++) flushdep_page_free(pages[i], 0);
}

template <typename Touch>
void Cycle(benchmark::State& state) {
  if (flushdep_mermap_prepare(flushdep_mm_current()) != 0) abort();
  flushdep_pfn_t pages[kBatch];
  Batch<Touch>(pages);  // flips the blocks and touches the tables
  for (auto _ : state) Batch<Touch>(pages);
  state.SetItemsProcessed(state.iterations() * kBatch);
}

// In this order: a process that ever had a second thread pays for synchronisation.
BENCHMARK(Cycle<TouchWord>)->Threads(1);
BENCHMARK(Cycle<ZeroPage>)->Threads(1);
BENCHMARK(Cycle<TouchWord>)->Threads(2);

}  // namespace

BENCHMARK_MAIN();
