// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several threads submit events at once (for TSan, and for the counts).
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/checker/script.h"

namespace flushdep {
namespace {

constexpr uint16_t kThreads = 4;
constexpr uint64_t kRounds = 400;

// Every third page of each thread is freed without the flush.
void Work(Script& script, uint16_t cpu) {
  script.where() = {cpu, cpu + 1u, 0};
  for (uint64_t i = 0; i < kRounds; ++i) {
    const uint64_t pfn = cpu * kRounds + i;
    const uint64_t va = Script::Va(1, cpu, i % kSlicePages);
    script.where().site = 1000 + pfn;
    script.Alloc(pfn);
    script.Map(1, va, pfn);
    script.Put(1, va, pfn);
    if (i % 3 == 0) {
      script.Free(pfn);
      // What other threads flush in between must not hide it: see below.
      continue;
    }
    script.FlushAll();
    script.Free(pfn);
  }
}

TEST(Threads, NothingFalseIsReported) {
  Script script({.cpus = kThreads, .pfns = kThreads * kRounds, .frames = 2});
  script.MmCreate(1);
  for (uint16_t cpu = 0; cpu < kThreads; ++cpu) script.Load(cpu, 1);
  std::vector<std::thread> threads;
  for (uint16_t cpu = 0; cpu < kThreads; ++cpu)
    threads.emplace_back([&script, cpu] { Work(script, cpu); });
  for (std::thread& thread : threads) thread.join();
  uint64_t reports = 0;
  for (const std::string& report : script.Take()) {
    ++reports;
    // Only pages of the unflushed third; a flush that another thread has
    // issued and not finished makes it FD003.
    const uint64_t pfn = std::stoull(report.substr(report.find('=') + 1));
    EXPECT_EQ(pfn % kRounds % 3, 0u) << report;
    EXPECT_TRUE(report.rfind("FD001", 0) == 0 || report.rfind("FD003", 0) == 0) << report;
  }
  EXPECT_EQ(script.validator().findings(Severity::Error), reports);
}

TEST(Threads, WithoutOtherFlushesAllAreFound) {
  Script script({.cpus = kThreads, .pfns = kThreads * kRounds, .frames = 2});
  script.MmCreate(1);
  for (uint16_t cpu = 0; cpu < kThreads; ++cpu) script.Load(cpu, 1);
  std::vector<std::thread> threads;
  for (uint16_t cpu = 0; cpu < kThreads; ++cpu)
    threads.emplace_back([&script, cpu] {
      script.where() = {cpu, cpu + 1u, 0};
      for (uint64_t i = 0; i < kRounds; ++i) {
        const uint64_t pfn = cpu * kRounds + i;
        script.where().site = 1000 + pfn;
        script.Alloc(pfn);
        script.Map(1, Script::Va(1, cpu, 0), pfn);
        script.Put(1, Script::Va(1, cpu, 0), pfn);
        script.Free(pfn);
      }
    });
  for (std::thread& thread : threads) thread.join();
  uint64_t freed = 0, reused = 0;
  for (const std::string& report : script.Take()) {
    freed += report.rfind("FD001", 0) == 0;
    reused += report.rfind("FD012", 0) == 0;
  }
  EXPECT_EQ(freed, kThreads * kRounds);
  // Each thread's one address is given page after page.
  EXPECT_EQ(reused, kThreads * (kRounds - 1));
}

}  // namespace
}  // namespace flushdep
