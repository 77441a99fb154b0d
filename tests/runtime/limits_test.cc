// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens at each limit of the machine: a defined result or a clear message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "runtime/include/flushdep.h"
#include "runtime/machine/limits.h"
#include "runtime/memory/page_allocator.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {

// From the environment, so that a test can run this program with other ones.
Options TestOptions() {
  Options options;
  const char* cpus = getenv("TEST_CPUS");
  const char* mem = getenv("TEST_MEM");
  options.cpus = cpus != nullptr ? static_cast<uint32_t>(atoi(cpus)) : 2;
  options.mem = mem != nullptr ? strtoull(mem, nullptr, 10) : 1ull << 30;
  return FromEnvironment(options);
}

namespace {

using ::testing::HasSubstr;

struct Result {
  int status;
  std::string text;
};

// This program again, with a variable set: boot decides before main().
Result Rerun(const char* setting) {
  char self[4096] = {};
  EXPECT_GT(readlink("/proc/self/exe", self, sizeof(self) - 1), 0);
  std::string command = std::string(setting) + " '" + self + "' --gtest_list_tests 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  Result result = {};
  char buffer[512];
  while (fgets(buffer, sizeof(buffer), pipe) != nullptr) result.text += buffer;
  result.status = pclose(pipe);
  return result;
}

constexpr bool Sanitized() {
#if defined(FLUSHDEP_SANITIZED)
  return true;
#else
  return false;
#endif
}

void ExpectRefused(const char* setting, const char* message) {
  SCOPED_TRACE(setting);
  Result result = Rerun(setting);
  EXPECT_TRUE(WIFEXITED(result.status));
  EXPECT_EQ(WEXITSTATUS(result.status), 2);
  EXPECT_THAT(result.text, HasSubstr(message));
}

TEST(LimitsTest, OptionsThatMakeNoMachineAreRefused) {
  ExpectRefused("TEST_CPUS=0", "cpus=0");
  ExpectRefused("TEST_CPUS=257", "1 to 256");
  ExpectRefused("TEST_MEM=4096", "4M to 64G");
  ExpectRefused("TEST_MEM=100000000000", "4M to 64G");
}

TEST(LimitsTest, TheLargestAndTheSmallestMachineBoot) {
  EXPECT_EQ(Rerun("TEST_CPUS=256 TEST_MEM=68719476736").status, 0);
  EXPECT_EQ(Rerun("TEST_CPUS=1 TEST_MEM=4194304").status, 0);
}

TEST(LimitsTest, MoreThreadsThanTheMachineHasRoomForNamesTheLimit) {
  if (Sanitized()) GTEST_SKIP() << "thousands of threads are too much for a sanitizer";
  EXPECT_EXIT(
      {
        SetRecording(false);
        std::vector<std::thread> threads;
        for (uint32_t i = 0; i <= kMaxThreads; i++)
          threads.emplace_back([] {
            flushdep_cpu_current();
            for (;;) pause();
          });
        for (std::thread& thread : threads) thread.join();
      },
      ::testing::ExitedWithCode(2), "at one time than it has room for .max: 2048.*kMaxThreads");
}

// Single pages until there are none.
void TakeAll(unsigned flags, unsigned alloc_flags, std::vector<flushdep_pfn_t>* pages) {
  for (;;) {
    flushdep_pfn_t pfn = flushdep_page_alloc_frozen(0, flags, alloc_flags);
    if (pfn == FLUSHDEP_PFN_NONE) return;
    pages->push_back(pfn);
  }
}

TEST(LimitsTest, OutOfMemoryIsAnHonestFailure) {
  SetRecording(false);
  flushdep_mem_stats stats;
  flushdep_read_mem_stats(&stats);
  const uint64_t all = flushdep_page_count() - 1;  // all but pfn 0
  const uint64_t min = stats.watermark_min;
  EXPECT_GT(min, 0u);
  std::vector<flushdep_pfn_t> pages;
  TakeAll(0, 0, &pages);
  EXPECT_EQ(pages.size(), all - min);
  EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
  // What a caller that cannot wait takes out of the reserve brings nothing along for others.
  flushdep_pfn_t urgent = flushdep_page_alloc(0, FLUSHDEP_ALLOC_ATOMIC);
  ASSERT_NE(urgent, FLUSHDEP_PFN_NONE);
  EXPECT_EQ(flushdep_page_alloc(0, 0), FLUSHDEP_PFN_NONE);
  pages.push_back(urgent);
  // The reserve: part of it for whoever cannot wait, all of it for the allocator's own.
  TakeAll(FLUSHDEP_ALLOC_ATOMIC, 0, &pages);
  EXPECT_EQ(pages.size(), all - (min / 2 - min / 8));
  TakeAll(0, FLUSHDEP_ALLOCF_NO_WATERMARKS, &pages);
  EXPECT_EQ(pages.size(), all);
  for (flushdep_pfn_t pfn : pages) flushdep_page_free(pfn, 0);
  EXPECT_EQ(flushdep_page_alloc(11, 0), FLUSHDEP_PFN_NONE);
  flushdep_pfn_t large = flushdep_page_alloc(10, 0);
  EXPECT_NE(large, FLUSHDEP_PFN_NONE);
  flushdep_page_free(large, 10);
  SetRecording(true);
}

TEST(LimitsTest, OutOfAddressSpacesIsNullAndTheyComeBack) {
  std::vector<flushdep_mm*> mms;
  for (flushdep_mm* mm; (mm = flushdep_mm_create()) != nullptr;) mms.push_back(mm);
  EXPECT_EQ(mms.size(), kMaxMms - 1);  // and the first one
  for (flushdep_mm* mm : mms) flushdep_mm_put(mm);
  flushdep_mm* again = flushdep_mm_create();
  EXPECT_NE(again, nullptr);
  flushdep_mm_put(again);
}

TEST(LimitsTest, AnEndedMmKeepsItsSlotWhileACpuHasItLoadedLazily) {
  flushdep_mm* first = flushdep_mm_current();
  flushdep_mm* ended = flushdep_mm_create();
  flushdep_mm_switch(ended);
  flushdep_mm_put(ended);
  flushdep_mm_switch(nullptr);
  ASSERT_EQ(Events().back().kind, FLUSHDEP_EV_MM_END);
  std::vector<flushdep_mm*> mms;
  for (flushdep_mm* mm; (mm = flushdep_mm_create()) != nullptr;) {
    EXPECT_NE(mm, ended);
    mms.push_back(mm);
  }
  EXPECT_EQ(mms.size(), kMaxMms - 2);
  flushdep_mm_switch(first);  // now nobody has it loaded
  mms.push_back(flushdep_mm_create());
  EXPECT_EQ(mms.back(), ended);
  for (flushdep_mm* mm : mms) flushdep_mm_put(mm);
}

TEST(LimitsTest, MisuseOfAnMmEndsWithAMessage) {
  EXPECT_EXIT(flushdep_flush_mm(nullptr), ::testing::ExitedWithCode(2),
              "flushdep_flush_mm\\(\\) was called with a null mm");
  EXPECT_EXIT(
      {
        flushdep_mm* mm = flushdep_mm_create();
        flushdep_mm_put(mm);
        flushdep_mm_put(mm);
      },
      ::testing::ExitedWithCode(2), "that ended");
  EXPECT_EXIT(flushdep_fatal("enough"), ::testing::ExitedWithCode(4), "flushdep: enough");
}

}  // namespace
}  // namespace flushdep::testing
