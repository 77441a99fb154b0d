// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Machines of 1 to 256 CPUs with four times as many threads, and a host without membarrier().
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "runtime/include/flushdep.h"
#include "runtime/machine/barrier.h"
#include "runtime/machine/limits.h"
#include "runtime/memory/page_allocator.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  const char* cpus = getenv("TEST_CPUS");
  options.cpus = cpus != nullptr ? static_cast<uint32_t>(atoi(cpus)) : 2;
  options.mem = 64u << 20;
  return options;
}

namespace {

uint64_t FreePages() {
  AllocatorStats stats = ReadAllocatorStats();
  return stats.free_pages[0] + stats.free_pages[1];
}

void OneThread(unsigned index, std::atomic<unsigned>& done) {
  for (unsigned step = 0; step < 20; step++) {
    flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
    flushdep_mapping* mapping = flushdep_mermap_get(pfn, 4096, 3);
    if (mapping != nullptr) flushdep_mermap_put(mapping);
    if ((index + step) % 16 == 0) flushdep_flush_mm(flushdep_mm_current());
    if (step % 7 == 0) flushdep_cond_resched();
    flushdep_page_free(pfn, 0);
  }
  done++;
}

TEST(ScaleTest, FourTimesAsManyThreadsAsCpus) {
  SetRecording(false);
  flushdep_mermap_prepare(flushdep_mm_current());
  const uint64_t before = FreePages();
  const unsigned count = 4 * flushdep_cpu_count();
  std::atomic<unsigned> done{0};
  {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < count; i++) threads.emplace_back([i, &done] { OneThread(i, done); });
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(done, count);
  EXPECT_EQ(FreePages(), before);
  SetRecording(true);
}

// This program again with only the test above, in another machine. `prepare` runs before.
void Rerun(const char* cpus, void (*prepare)()) {
  pid_t pid = fork();
  if (pid == 0) {
    setenv("TEST_CPUS", cpus, 1);
    prepare();
    execl("/proc/self/exe", "scale", "--gtest_filter=ScaleTest.FourTimes*:ScaleTest.Says*",
          nullptr);
    _exit(127);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0) << cpus;
}

TEST(ScaleTest, MachinesOfAllSizes) {
  for (const char* cpus : {"1", "64", "256"}) Rerun(cpus, [] {});
}

// A kernel that does not know membarrier().
void ForbidMembarrier() {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program = {sizeof(code) / sizeof(code[0]), code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    _exit(0);  // this host cannot pretend
  setenv("TEST_NO_MEMBARRIER", "1", 1);
}

TEST(ScaleTest, SaysWhetherThereIsABarrier) {
  EXPECT_FALSE(getenv("TEST_NO_MEMBARRIER") != nullptr && HaveBarrier());
}

TEST(ScaleTest, AHostWithoutMembarrier) { Rerun("2", ForbidMembarrier); }

}  // namespace
}  // namespace flushdep::testing
