// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the kernels (kernels.h), which scripts/bench compiles in several ways, on memory of the
// host's heap or, with FLUSHDEP_BENCH_INSIDE=1, on simulated pages of the direct map.
#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/include/flushdep.h"
#include "tests/bench/kernels.h"

namespace {

constexpr size_t kBytes = size_t{256} << 10;

void* Memory() {
#ifdef WITH_FLUSHDEP
  if (getenv("FLUSHDEP_BENCH_INSIDE") != nullptr) {
    const flushdep_pfn_t pfn = flushdep_page_alloc(6, FLUSHDEP_ALLOC_ZERO);
    if (pfn == FLUSHDEP_PFN_NONE) abort();
    return flushdep_page_address(pfn);
  }
#endif
  return calloc(1, kBytes);
}

void Run(benchmark::State& state, const kernel& kernel) {
  static void* const memory = Memory();
  uint64_t sum = 0;
  for (auto _ : state) sum += kernel.run(memory, kBytes);
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

int main(int argc, char** argv) {
  for (size_t i = 0; i < num_kernels; i++)
    benchmark::RegisterBenchmark(kernels[i].name, Run, kernels[i]);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
