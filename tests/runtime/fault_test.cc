// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Traps: what is told, where the thread goes on, and how a process dies. Those of the Mmu suite
// are about accesses that nobody instrumented.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>

#include <string>
#include <thread>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/recorder.h"
#include "tests/runtime/support/traps.h"

namespace flushdep::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MmuFaultTest, AnUnmappedPageTrapsAndAMappedOneDoesNot) {
  flushdep_pfn_t unmapped = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_pfn_t mapped = flushdep_page_alloc(0, 0);
  Clear();
  EXPECT_TRUE(StoreTraps(Direct(unmapped) + 5));
  std::vector<flushdep_event> accesses = Events(FLUSHDEP_EV_ACCESS);
  ASSERT_EQ(accesses.size(), 1u);
  const flushdep_event& event = accesses[0];
  EXPECT_EQ(event.flags, FLUSHDEP_F_TRAPPED | FLUSHDEP_F_SIGNAL);
  EXPECT_EQ(event.u.access.va, reinterpret_cast<uint64_t>(Direct(unmapped) + 5));
  EXPECT_EQ(event.u.access.pfn, unmapped);
  EXPECT_EQ(event.u.access.flags, static_cast<uint32_t>(FLUSHDEP_ACCESS_WRITE));
  EXPECT_EQ(event.u.access.mm, 1u);
  EXPECT_EQ(event.cpu, flushdep_cpu_current());
  EXPECT_NE(event.site, 0u);
  EXPECT_NE(event.u.access.frame, 0u);
  EXPECT_NE(event.u.access.ucontext, 0u);
  Clear();
  EXPECT_TRUE(LoadTraps(Direct(unmapped)));
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS)[0].u.access.flags, 0u);
  Clear();
  EXPECT_FALSE(StoreTraps(Direct(mapped)));
  EXPECT_FALSE(LoadTraps(Direct(mapped)));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 0u);
  flushdep_page_free(unmapped, 0);
  flushdep_page_free(mapped, 0);
}

TEST(MmuFaultTest, APageTakenOutByHandTrapsUntilItIsPutBack) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, false), 0);
  EXPECT_TRUE(StoreTraps(Direct(pfn)));
  EXPECT_FALSE(LoadTraps(Direct(pfn + 1)));
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, true), 0);
  EXPECT_FALSE(StoreTraps(Direct(pfn)));
  flushdep_page_free(pfn, 0);
}

TEST(MmuFaultTest, AMappingTrapsOnceItIsPut) {
  flushdep_mermap_prepare(flushdep_mm_current());
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = flushdep_mermap_get(pfn, 4096, 3);
  volatile char* addr = static_cast<volatile char*>(flushdep_mermap_addr(mapping));
  EXPECT_FALSE(StoreTraps(addr));
  flushdep_mermap_put(mapping);
  EXPECT_TRUE(StoreTraps(addr));
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS).back().u.access.pfn, FLUSHDEP_NO_PFN);
  mapping = flushdep_mermap_get(pfn, 4096, FLUSHDEP_MAP_READ);
  addr = static_cast<volatile char*>(flushdep_mermap_addr(mapping));
  EXPECT_FALSE(LoadTraps(addr));
  EXPECT_TRUE(StoreTraps(addr));  // read only
  flushdep_mermap_put(mapping);
  flushdep_page_free(pfn, 0);
}

TEST(MmuFaultTest, TrapsOfOtherThreadsGoToTheirOwnHandlers) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  bool trapped = false;
  std::thread([&] { trapped = StoreTraps(Direct(pfn)); }).join();
  EXPECT_TRUE(trapped);
  flushdep_page_free(pfn, 0);
}

TEST(FaultTest, ZeroingAnAbsentPageTrapsAndTheMachineGoesOn) {
  // The kernel would fault in the same place: freed without being put back.
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, false), 0);
  flushdep_page_free(pfn, 0);
  Clear();
  EXPECT_TRUE(Traps([] { flushdep_page_alloc(0, FLUSHDEP_ALLOC_ZERO); }));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 1u);
  // No call is left behind (a fork would wait for it for ever) and no lock.
  std::string text;
  EXPECT_EQ(RunInChild([] {}, &text), 0);
  flushdep_page_free(flushdep_page_alloc(0, 0), 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, true), 0);
}

TEST(MmuFaultTest, WithoutAHandlerTheProcessDiesBySegvAfterItsReports) {
  std::string text;
  int status = RunInChild(
      [] {
        flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
        *Direct(pfn) = 1;
      },
      &text);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
  // The stub finds nothing in any access, so the machine says what it was.
  EXPECT_EQ(text.rfind("drained\nflushdep: store to 0x7e8", 0), 0u) << text;
}

TEST(FaultTest, ACrashInsideTheCheckerSaysSoAndKeepsTheReports) {
  std::string text;
  int status = RunInChild(
      [] {
        // As for a program: what handled the signal before us is the default.
        SetInsideChecker(true);
        *static_cast<volatile int*>(nullptr) = 1;
      },
      &text);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
  EXPECT_THAT(text, HasSubstr("flushdep: internal error"));
  EXPECT_THAT(text, HasSubstr("FLUSHDEP_OPTIONS="));
  EXPECT_THAT(text, HasSubstr("drained raw"));
}

TEST(FaultTest, AFaultElsewhereKeepsTheReportsAndGoesToWhoHandledItBefore) {
  std::string text;
  volatile uintptr_t nowhere = 16;
  int status = RunInChild([&] { *reinterpret_cast<volatile int*>(nowhere) = 1; }, &text);
  EXPECT_THAT(text, HasSubstr("drained raw"));
  EXPECT_THAT(text, Not(HasSubstr("internal error")));
#ifdef FLUSHDEP_SANITIZED
  EXPECT_NE(status, 0);
  EXPECT_THAT(text, HasSubstr("Sanitizer"));  // its handler was there before ours
#else
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
#endif
}

TEST(FaultTest, ASignalThatWasSentIsNoTrap) {
  std::string text;
  Clear();
  int status = RunInChild([] { raise(SIGSEGV); }, &text);
  EXPECT_NE(status, 0);
  EXPECT_THAT(text, HasSubstr("drained raw"));
}

}  // namespace
}  // namespace flushdep::testing
