// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Traps: what is told, where the thread goes on, and how a process dies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

jmp_buf g_resume;

void Resume(void* arg) {
  *static_cast<int*>(arg) += 1;
  longjmp(g_resume, 1);
}

// Does a load or store of one byte; true if it trapped.
bool Traps(volatile char* addr, bool write) {
  static int oopses;
  oopses = 0;
  flushdep_oops_set_handler(Resume, &oopses);
  if (setjmp(g_resume) == 0) {
    if (write)
      *addr = 1;
    else
      static_cast<void>(*addr);
  }
  flushdep_oops_set_handler(nullptr, nullptr);
  return oopses == 1;
}

volatile char* Direct(flushdep_pfn_t pfn) {
  return static_cast<volatile char*>(flushdep_page_address(pfn));
}

// Runs `body` in a child; its wait status, and what it wrote to stderr.
int RunInChild(const std::function<void()>& body, std::string* text) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    body();
    _exit(0);
  }
  close(ends[1]);
  char buffer[4096];
  ssize_t n;
  while ((n = read(ends[0], buffer, sizeof(buffer))) > 0)
    text->append(buffer, static_cast<size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

TEST(FaultTest, AnUnmappedPageTrapsAndAMappedOneDoesNot) {
  flushdep_pfn_t unmapped = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_pfn_t mapped = flushdep_page_alloc(0, 0);
  Clear();
  EXPECT_TRUE(Traps(Direct(unmapped) + 5, true));
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
  EXPECT_TRUE(Traps(Direct(unmapped), false));
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS)[0].u.access.flags, 0u);
  Clear();
  EXPECT_FALSE(Traps(Direct(mapped), true));
  EXPECT_FALSE(Traps(Direct(mapped), false));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 0u);
  flushdep_page_free(unmapped, 0);
  flushdep_page_free(mapped, 0);
}

TEST(FaultTest, APageTakenOutByHandTrapsUntilItIsPutBack) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, false), 0);
  EXPECT_TRUE(Traps(Direct(pfn), true));
  EXPECT_FALSE(Traps(Direct(pfn + 1), false));
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, true), 0);
  EXPECT_FALSE(Traps(Direct(pfn), true));
  flushdep_page_free(pfn, 0);
}

TEST(FaultTest, AMappingTrapsOnceItIsPut) {
  flushdep_mermap_prepare(flushdep_mm_current());
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = flushdep_mermap_get(pfn, 4096, 3);
  volatile char* addr = static_cast<volatile char*>(flushdep_mermap_addr(mapping));
  EXPECT_FALSE(Traps(addr, true));
  flushdep_mermap_put(mapping);
  EXPECT_TRUE(Traps(addr, true));
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS).back().u.access.pfn, FLUSHDEP_NO_PFN);
  mapping = flushdep_mermap_get(pfn, 4096, FLUSHDEP_MAP_READ);
  addr = static_cast<volatile char*>(flushdep_mermap_addr(mapping));
  EXPECT_FALSE(Traps(addr, false));
  EXPECT_TRUE(Traps(addr, true));  // read only
  flushdep_mermap_put(mapping);
  flushdep_page_free(pfn, 0);
}

TEST(FaultTest, TrapsOfOtherThreadsGoToTheirOwnHandlers) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  bool trapped = false;
  std::thread([&] { trapped = Traps(Direct(pfn), true); }).join();
  EXPECT_TRUE(trapped);
  flushdep_page_free(pfn, 0);
}

TEST(FaultTest, ZeroingAnAbsentPageTrapsAndTheMachineGoesOn) {
  // The kernel would fault in the same place: freed without being put back.
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, false), 0);
  flushdep_page_free(pfn, 0);
  static int oopses;
  oopses = 0;
  flushdep_oops_set_handler(Resume, &oopses);
  if (setjmp(g_resume) == 0) flushdep_page_alloc(0, FLUSHDEP_ALLOC_ZERO);
  flushdep_oops_set_handler(nullptr, nullptr);
  EXPECT_EQ(oopses, 1);
  // No call is left behind (a fork would wait for it for ever) and no lock.
  std::string text;
  EXPECT_EQ(RunInChild([] {}, &text), 0);
  flushdep_page_free(flushdep_page_alloc(0, 0), 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, true), 0);
}

TEST(FaultTest, WithoutAHandlerTheProcessDiesBySegvAfterItsReports) {
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
