// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fork(): the child has a machine of its own and goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <thread>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

#define CHILD_CHECK(cond)                                               \
  do {                                                                  \
    if (!(cond)) {                                                      \
      fprintf(stderr, "child: %s:%d: %s\n", __FILE__, __LINE__, #cond); \
      _exit(1);                                                         \
    }                                                                   \
  } while (0)

int StatusOfChild(const std::function<void()>& body) {
  pid_t pid = fork();
  if (pid == 0) {
    body();
    _exit(0);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  return status;
}

char* Direct(flushdep_pfn_t pfn) { return static_cast<char*>(flushdep_page_address(pfn)); }

TEST(ForkTest, MemoryIsCopiedNotShared) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  strcpy(Direct(pfn), "before");
  EXPECT_EQ(StatusOfChild([pfn] {
              CHILD_CHECK(strcmp(Direct(pfn), "before") == 0);
              strcpy(Direct(pfn), "child");
            }),
            0);
  EXPECT_STREQ(Direct(pfn), "before");
  flushdep_page_free(pfn, 0);
}

TEST(ForkTest, MappingsAndTheDirectMapAreAsTheyWere) {
  flushdep_mermap_prepare(flushdep_mm_current());
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = flushdep_mermap_get(pfn, 4096, 3);
  char* addr = static_cast<char*>(flushdep_mermap_addr(mapping));
  auto reads = [addr](const char* text) {
    char buffer[7] = {};
    flushdep_copy_from(buffer, addr, sizeof(buffer));
    return strcmp(buffer, text) == 0;
  };
  flushdep_copy_to(addr, "secret", 7);
  EXPECT_EQ(StatusOfChild([&] {
              CHILD_CHECK(reads("secret"));
              flushdep_copy_to(addr, "child", 6);
              CHILD_CHECK(!flushdep_direct_map_present(pfn));
              flushdep_mermap_put(mapping);
              flushdep_flush_all();
              flushdep_page_free(pfn, 0);
            }),
            0);
  EXPECT_TRUE(reads("secret"));
  int status = StatusOfChild([&] { flushdep_store(Direct(pfn), 1, 1); });
  EXPECT_TRUE(WIFSIGNALED(status));
  flushdep_mermap_put(mapping);
  flushdep_page_free(pfn, 0);
}

// Entries that the program set itself; the host's view, by a system call that is given the address.
TEST(ForkTest, EntriesSetByHandAreAsTheyWere) {
  flushdep_mm* mm = flushdep_mm_current();
  ASSERT_EQ(flushdep_mermap_prepare(mm), 0);
  char* const addrs[] = {static_cast<char*>(flushdep_pte_area_start(mm)),
                         static_cast<char*>(flushdep_mermap_slice_start(mm, 0)) + 100 * 4096};
  const flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  strcpy(Direct(pfn), "entry");
  const int sink[] = {memfd_create("sink", 0), memfd_create("sink", 0)};
  ASSERT_EQ(flushdep_pte_populate(mm, addrs[0], addrs[0] + 4096), 0);
  for (char* addr : addrs)
    ASSERT_EQ(flushdep_pte_set(flushdep_pte_lookup(addr), pfn * 4096 | FLUSHDEP_PTE_PRESENT), 0);
  const ssize_t here[] = {write(sink[0], addrs[0], 6), write(sink[1], addrs[1], 6)};
  EXPECT_EQ(StatusOfChild([&] {
              for (int i = 0; i < 2; i++) {
                CHILD_CHECK(flushdep_load(addrs[i], 1) == 'e');
                CHILD_CHECK(write(sink[i], addrs[i], 6) == here[i]);
              }
            }),
            0);
  for (char* addr : addrs) flushdep_pte_set(flushdep_pte_lookup(addr), 0);
  flushdep_flush_all();
  flushdep_page_free(pfn, 0);
  for (int fd : sink) close(fd);
}

TEST(ForkTest, CpusOfLostThreadsGoIdle) {
  flushdep_cpu_current();
  std::atomic<bool> running{false}, stop{false};
  std::thread other([&] {
    flushdep_cpu_current();
    running = true;
    while (!stop) std::this_thread::yield();
  });
  while (!running) std::this_thread::yield();
  Clear();
  EXPECT_EQ(StatusOfChild([] {
              std::vector<std::string> kinds = Kinds();
              CHILD_CHECK(kinds.size() == 2 && kinds[0] == "CPU_LAZY" && kinds[1] == "THREAD_EXIT");
              CHILD_CHECK(Events()[0].cpu == 1 && Events()[1].cpu == 1);
              CHILD_CHECK(flushdep_cpu_current() == 0);
              CHILD_CHECK(flushdep_cpu_migrate(1) == 0);
            }),
            0);
  EXPECT_TRUE(Events().empty());
  stop = true;
  other.join();
}

TEST(ForkTest, AForkAmongBusyThreadsFindsNoLockHeld) {
  std::atomic<bool> stop{false};
  SetRecording(false);
  auto churn = [&stop] {
    while (!stop) {
      flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
      flushdep_flush_all();
      flushdep_page_free(pfn, 0);
    }
  };
  std::thread one(churn), two(churn);
  for (int i = 0; i < 20; i++)
    EXPECT_EQ(StatusOfChild([] {
                flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
                flushdep_flush_all();
                flushdep_page_free(pfn, 0);
              }),
              0);
  stop = true;
  one.join();
  two.join();
  SetRecording(true);
}

}  // namespace
}  // namespace flushdep::testing
