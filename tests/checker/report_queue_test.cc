// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/report_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace flushdep {
namespace {

TEST(ReportQueue, KeepsOrderAndSaysWhenItIsFull) {
  auto queue = std::make_unique<ReportQueue>();
  RawReport report;
  EXPECT_FALSE(queue->Pop(&report));
  for (uint64_t i = 0; i < kMaxQueuedReports; ++i) {
    report.pfn = i;
    EXPECT_TRUE(queue->Push(report));
  }
  EXPECT_FALSE(queue->Push(report));
  for (uint64_t i = 0; i < kMaxQueuedReports; ++i) {
    ASSERT_TRUE(queue->Pop(&report));
    EXPECT_EQ(report.pfn, i);
  }
  EXPECT_FALSE(queue->Pop(&report));
}

TEST(ReportQueue, ThreadsLoseNothing) {
  auto queue = std::make_unique<ReportQueue>();
  constexpr uint64_t kThreads = 3;
  constexpr uint64_t kEach = 500;
  std::vector<std::thread> writers;
  for (uint64_t t = 0; t < kThreads; ++t)
    writers.emplace_back([&, t] {
      RawReport report;
      for (uint64_t i = 0; i < kEach; ++i) {
        report.pfn = t * kEach + i;
        while (!queue->Push(report)) std::this_thread::yield();
      }
    });
  std::vector<int> seen(kThreads * kEach);
  RawReport report;
  for (uint64_t got = 0; got < kThreads * kEach;) {
    if (!queue->Pop(&report)) {
      std::this_thread::yield();
      continue;
    }
    ++seen[report.pfn];
    ++got;
  }
  for (std::thread& writer : writers) writer.join();
  for (int count : seen) EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace flushdep
