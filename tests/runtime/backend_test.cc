// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The host's side: holes in the direct map made in each way, what happens at its limit, hosts
// that lack something, the machine's own way to memory, and fork.
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "runtime/memory/backend.h"
#include "runtime/memory/holes.h"
#include "runtime/memory/page_allocator.h"
#include "tests/runtime/support/recorder.h"
#include "tests/runtime/support/traps.h"

namespace flushdep::testing {

// A host that lacks what ctest asks for still runs the tests, with the best that it has.
Options TestOptions() {
  Options options = FromEnvironment(Options());
  const bool lacks = (options.holes == Holes::Guard && !kGuardHoles.probe()) ||
                     (options.holes == Holes::Uffd && !kUffdHoles.probe());
  const char* mem = getenv("FLUSHDEP_TEST_MEM");
  if (mem != nullptr) options.mem = strtoull(mem, nullptr, 10);
  if (lacks && getenv("FLUSHDEP_TEST_STRICT") == nullptr) options.holes = Holes::Auto;
  return options;
}

namespace {

using ::testing::HasSubstr;

constexpr uint64_t kPage = 4096;
constexpr uint64_t kBlock = 512;

const HoleMaker& Maker() { return ChooseHoles(GetOptions().holes); }
bool Scatters() { return &Maker() != &kMprotectHoles; }

// The host's mappings in the window (sanitizers make others as they go), and all of them.
struct Vmas {
  uint64_t window = 0, all = 0;
};
Vmas CountVmas() {
  std::ifstream maps("/proc/self/maps");
  Vmas count;
  for (std::string line; std::getline(maps, line); count.all++) {
    const uint64_t start = strtoull(line.c_str(), nullptr, 16);
    count.window += start >= FLUSHDEP_WINDOW_START && start < FLUSHDEP_WINDOW_END;
  }
  return count;
}

// Does a system call reach the byte? Into the kernel and out of it.
bool KernelReaches(char* addr) {
  static int ends[2] = {-1, -1};
  if (ends[0] < 0) {
    EXPECT_EQ(pipe2(ends, O_NONBLOCK), 0);
  }
  if (write(ends[1], addr, 1) != 1) {
    EXPECT_EQ(errno, EFAULT);
    return false;
  }
  EXPECT_EQ(read(ends[0], addr, 1), 1);
  return true;
}

void Mark(flushdep_pfn_t pfn) { memcpy(HostAddress(pfn) + 8, &pfn, sizeof(pfn)); }
bool IsMarked(flushdep_pfn_t pfn) { return memcmp(HostAddress(pfn) + 8, &pfn, sizeof(pfn)) == 0; }

class Quietly {
 public:
  Quietly() { SetRecording(false), SetQuiet(true); }
  ~Quietly() { SetRecording(true), SetQuiet(false); }
};

TEST(BackendTest, TheMachinesOwnWayReachesEveryPage) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED);
  ASSERT_EQ(GetBackend().host(pfn), HostAddress(pfn));
  EXPECT_EQ(GetBackend().host(pfn + 1), GetBackend().host(pfn) + kPage);
  EXPECT_TRUE(InHostMemory(reinterpret_cast<uint64_t>(HostAddress(pfn))));
  EXPECT_FALSE(InHostMemory(reinterpret_cast<uint64_t>(&pfn)));
  for (uint64_t i : {0u, 1u, 511u}) Mark(pfn + i);
  ASSERT_EQ(flushdep_direct_map_set(pfn, kBlock, true), 0);
  for (uint64_t i : {0u, 1u, 511u}) EXPECT_EQ(flushdep_load(Direct(pfn + i) + 8, 8), pfn + i);
  ASSERT_EQ(flushdep_direct_map_set(pfn, kBlock, false), 0);
  flushdep_page_free(pfn, 9);
}

TEST(BackendTest, ZeroedIsWhatWasAskedForAndNoMore) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(9, 0);
  // Small ones are written, large ones given back to the host; holes are there or not.
  for (bool present : {true, false})
    for (uint64_t npages : {1u, 16u, 17u, 300u}) {
      SCOPED_TRACE(npages);
      for (uint64_t i = 0; i < kBlock; i++) Mark(pfn + i);
      ASSERT_EQ(flushdep_direct_map_set(pfn + 3, 200, present), 0);
      GetBackend().zero(pfn + 1, npages);
      for (uint64_t i = 0; i < kBlock; i++) ASSERT_EQ(IsMarked(pfn + i), i == 0 || i > npages) << i;
      ASSERT_EQ(flushdep_direct_map_set(pfn + 3, 200, true), 0);
      // Whatever the host did for it, what is in the direct map is reached there.
      for (uint64_t i = 0; i < kBlock; i++) ASSERT_TRUE(KernelReaches(Direct(pfn + i))) << i;
    }
  GetBackend().zero(pfn, kBlock);
  for (uint64_t i = 0; i < kBlock; i++) ASSERT_EQ(Direct(pfn + i)[8], 0);
  flushdep_page_free(pfn, 9);
}

TEST(BackendTest, SystemCallsReachWhatIsPresent) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(3, 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn + 1, 1, false), 0);
  for (uint64_t i : {0u, 2u, 7u}) EXPECT_TRUE(KernelReaches(Direct(pfn + i)));
  // The model backend does not keep uninstrumented code out of the direct map.
  EXPECT_EQ(KernelReaches(Direct(pfn + 1)), OnModelBackend());
  ASSERT_EQ(flushdep_direct_map_set(pfn + 1, 1, true), 0);
  EXPECT_TRUE(KernelReaches(Direct(pfn + 1)));
  flushdep_page_free(pfn, 3);
}

TEST(BackendTest, AForksChildHasTheSameHoles) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(10, 0);
  for (uint64_t i = 0; i < 1024; i++) Mark(pfn + i);
  for (uint64_t i = 1; i < kBlock; i += 2) ASSERT_EQ(flushdep_direct_map_set(pfn + i, 1, false), 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn + kBlock, kBlock, false), 0);
  Quietly quietly;
  auto is_right = [&](bool odd_present) {
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 1024; i++) {
      const bool present = i < kBlock && (odd_present || i % 2 == 0);
      wrong += SeenLoadTraps(Direct(pfn + i)) == present;
      if (!OnModelBackend()) wrong += KernelReaches(Direct(pfn + i)) != present;
      wrong += !IsMarked(pfn + i);
    }
    return wrong == 0;
  };
  std::string text;
  const int status = RunInChild(
      [&] {
        if (!is_right(false)) _exit(1);
        if (flushdep_direct_map_set(pfn, kBlock, true) != 0 || !is_right(true)) _exit(2);
        memset(HostAddress(pfn), 0, kPage);
      },
      &text);
  EXPECT_EQ(status, 0) << text;
  EXPECT_TRUE(is_right(false));
  EXPECT_EQ(flushdep_direct_map_set(pfn, 1024, true), 0);
  flushdep_page_free(pfn, 10);
}

// As many as fit into 1 GiB with a neighbour between: far more than the host allows mappings.
TEST(MmuBackendTest, ManyScatteredPagesAreOut) {
  if (!Scatters()) GTEST_SKIP() << "holes=mprotect has its own limit, tested below";
  Quietly quietly;
  const uint64_t first = 1024, end = flushdep_page_count();
  const Vmas before = CountVmas();
  uint64_t count = 0, wrong = 0;
  for (uint64_t pfn = first; pfn < end; pfn += 2, count++) {
    Mark(pfn);
    ASSERT_EQ(flushdep_direct_map_set(pfn, 1, false), 0) << "after " << count;
  }
  EXPECT_GT(count, 100000u);
  const Vmas out = CountVmas();
  printf(
      "holes=%s: %llu pages are out, %llu host mappings (%llu before), %llu of them in the "
      "window\n",
      Maker().name, static_cast<unsigned long long>(count),
      static_cast<unsigned long long>(out.all), static_cast<unsigned long long>(before.all),
      static_cast<unsigned long long>(out.window));
  EXPECT_LT(out.window, before.window + 16);
  for (uint64_t pfn = first; pfn < end; pfn += 2) {
    wrong += !LoadTraps(Direct(pfn)) + LoadTraps(Direct(pfn + 1));
    wrong += KernelReaches(Direct(pfn)) + !KernelReaches(Direct(pfn + 1));
  }
  EXPECT_EQ(wrong, 0u);
  // Back: some one by one, some many at a time.
  for (uint64_t pfn = first; pfn < end / 2; pfn += 2)
    ASSERT_EQ(flushdep_direct_map_set(pfn, 1, true), 0);
  ASSERT_EQ(flushdep_direct_map_set(end / 2, end / 2, true), 0);
  for (uint64_t pfn = first; pfn < end; pfn++)
    wrong += !KernelReaches(Direct(pfn)) + (pfn % 2 == 0 && !IsMarked(pfn));
  EXPECT_EQ(wrong, 0u);
  EXPECT_LE(CountVmas().window, before.window);
}

// Random ranges, against a naive oracle that asks the kernel about each page.
TEST(MmuBackendTest, RandomHolesAreWhereTheyShouldBe) {
  const char* text = getenv("FLUSHDEP_TEST_SEED");
  const uint64_t seed = text != nullptr ? strtoull(text, nullptr, 10) : 1;
  printf("FLUSHDEP_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  Quietly quietly;
  std::mt19937_64 random(seed);
  const uint64_t first = 2048, pages = 6 * kBlock;
  std::vector<bool> present(pages, true);
  for (int op = 0; op < 400; op++) {
    const uint64_t start = random() % pages;
    uint64_t npages = 1 + random() % (random() % 4 == 0 ? pages : 8);
    if (random() % 8 == 0) npages = kBlock;
    if (npages > pages - start) npages = pages - start;
    const bool valid = random() % 2 == 0;
    ASSERT_EQ(flushdep_direct_map_set(first + start, npages, valid), 0);
    for (uint64_t i = start; i < start + npages; i++) present[i] = valid;
    // Written behind the direct map's back: the page must be seen there all the same.
    const uint64_t touched = random() % pages;
    Mark(first + touched);
    for (uint64_t i = 0; i < pages; i++)
      ASSERT_EQ(KernelReaches(Direct(first + i)), present[i]) << "op " << op << " page " << i;
    ASSERT_EQ(LoadTraps(Direct(first + touched)), !present[touched]);
    if (present[touched]) {
      ASSERT_EQ(flushdep_load(Direct(first + touched) + 8, 8), first + touched);
    }
  }
  ASSERT_EQ(flushdep_direct_map_set(first, pages, true), 0);
}

// Whatever happens to its block at this moment, a page that stays is never missed.
TEST(MmuBackendTest, NeighboursOfHolesThatComeAndGoAreAlwaysThere) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(9, 0);
  Quietly quietly;
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> traps{0}, accesses{0};
  auto read_even_pages = [&] {
    while (!stop)
      for (uint64_t i = 0; i < kBlock; i += 2, accesses++) traps += LoadTraps(Direct(pfn + i));
  };
  std::thread one(read_even_pages), two(read_even_pages);
  for (int round = 0; round < 200 || accesses < 20000; round++) {
    for (uint64_t i = 1; i < 9; i += 2) ASSERT_EQ(flushdep_direct_map_set(pfn + i, 1, false), 0);
    ASSERT_EQ(flushdep_direct_map_set(pfn, kBlock, true), 0);
  }
  stop = true;
  one.join();
  two.join();
  EXPECT_EQ(traps, 0u);
  flushdep_page_free(pfn, 9);
}

// The host may drop a present page's entry in its own page table (it swaps): nobody must notice.
TEST(MmuBackendTest, APresentPageWhoseHostEntryWentComesBack) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(2, 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn + 1, 1, false), 0);
  Mark(pfn);
  Clear();
  ASSERT_EQ(madvise(Direct(pfn), kPage, MADV_DONTNEED), 0);
  EXPECT_FALSE(LoadTraps(Direct(pfn)));
  EXPECT_EQ(flushdep_load(Direct(pfn) + 8, 8), pfn);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 0u);
  EXPECT_TRUE(LoadTraps(Direct(pfn + 1)));
  ASSERT_EQ(flushdep_direct_map_set(pfn + 1, 1, true), 0);
  flushdep_page_free(pfn, 2);
}

// A page that is present but that the host has no memory for is no trap.
TEST(MmuBackendTest, TheHostsOutOfMemoryIsToldFromATrap) {
  std::string text;
  const int status = RunInChild(
      [] {
        const flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
        // Past the file's end every page is one that the host cannot give.
        void* past = mmap(Direct(pfn), kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                          memfd_create("empty", 0), 0);
        if (past == Direct(pfn)) *static_cast<volatile char*>(past) = 1;
      },
      &text);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGBUS) << text;
  EXPECT_THAT(text, HasSubstr("the host has no memory left"));
}

// --- holes=mprotect: the host's limit of mappings ---------------------------------------------

uint64_t HostLimit() {
  std::ifstream file("/proc/sys/vm/max_map_count");
  uint64_t limit = 0;
  file >> limit;
  return limit;
}

// Reached with scattered pages: honest errors, nothing half done, a flip that fails frees
// its block with the old type.
TEST(MmuBackendTest, TheHostsLimitOfMappingsIsAnHonestError) {
  if (Scatters()) GTEST_SKIP() << "holes=" << Maker().name << " has no such limit";
#if defined(FLUSHDEP_SANITIZED)
  GTEST_SKIP() << "at the limit a sanitizer cannot map what it needs itself, and ends the test";
#endif
  uint64_t last = flushdep_page_count() * 3 / 4;
  if (HostLimit() > last - 1100) GTEST_SKIP() << "this host allows " << HostLimit() << " mappings";
  SetRecording(false);
  // What is going to be in pieces is nothing that a flip can take.
  std::vector<flushdep_pfn_t> low;
  do {
    low.push_back(flushdep_page_alloc(10, 0));
  } while (low.back() < last);
  flushdep_page_free(low.back(), 10);
  low.pop_back();
  uint64_t pfn = 1025;
  int error = 0;
  ::testing::internal::CaptureStderr();
  for (; pfn < last && error == 0; pfn += 2) error = flushdep_direct_map_set(pfn, 1, false);
  SetRecording(true);
  Clear();
  EXPECT_EQ(error, -ENOMEM);
  EXPECT_EQ(flushdep_direct_map_set(last + 1, 1, false), -ENOMEM);
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr("vm.max_map_count"));
  EXPECT_EQ(text.find("vm.max_map_count"), text.rfind("vm.max_map_count")) << "said once";
  EXPECT_TRUE(flushdep_direct_map_present(last + 1));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PTE_CLEAR), 0u);
  AllocatorStats before = ReadAllocatorStats();
  EXPECT_EQ(flushdep_page_alloc(10, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
  AllocatorStats after = ReadAllocatorStats();
  EXPECT_EQ(after.flip_failures, before.flip_failures + 1);
  EXPECT_EQ(after.free_pages[0], before.free_pages[0]);
  EXPECT_EQ(after.free_pages[1], before.free_pages[1]);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PAGE_RETYPE), 0u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PTE_CLEAR), 0u);
  SetRecording(false);
  EXPECT_EQ(flushdep_direct_map_set(1024, last - 1024, true), 0);
  SetRecording(true);
  flushdep_pfn_t page = flushdep_page_alloc(10, FLUSHDEP_ALLOC_UNMAPPED);
  EXPECT_NE(page, FLUSHDEP_PFN_NONE);
  flushdep_page_free(page, 10);
  for (flushdep_pfn_t block : low) flushdep_page_free(block, 10);
}

// --- Hosts that lack something ------------------------------------------------------------------

// From here on the kernel of this process has no guard markers, or no userfaultfd either.
void Deny(bool guard, bool uffd) {
  const sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_userfaultfd, static_cast<uint8_t>(uffd ? 3 : 4), 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, guard ? 102 : ~0u, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program = {sizeof(filter) / sizeof(filter[0]), const_cast<sock_filter*>(filter)};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    _exit(99);
}

// This program again on such a host; boot decides before main().
int Rerun(bool guard, bool uffd, const char* holes, const char* filter, std::string* text) {
  return RunInChild(
      [=] {
        setenv("FLUSHDEP_TEST_BACKEND", "mmu", 1);
        setenv("FLUSHDEP_TEST_HOLES", holes, 1);
        setenv("FLUSHDEP_TEST_STRICT", "1", 1);
        dup2(STDERR_FILENO, STDOUT_FILENO);
        Deny(guard, uffd);
        execl("/proc/self/exe", "backend_test", filter, nullptr);
        _exit(98);
      },
      text);
}

TEST(MmuBackendTest, AForcedWayThatTheHostLacksIsRefused) {
  const struct {
    const char* holes;
    const char* says;
  } cases[] = {{"guard", "holes=guard is not possible: this host's kernel has no guard markers"},
               {"uffd", "holes=uffd is not possible: this host has no userfaultfd"}};
  for (const auto& one : cases) {
    std::string text;
    const int status = Rerun(true, true, one.holes, "--gtest_list_tests", &text);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 2);
    EXPECT_THAT(text, HasSubstr(one.says));
    EXPECT_THAT(text, HasSubstr("run with holes=auto"));
  }
  std::string text;
  EXPECT_EQ(Rerun(true, true, "mprotect", "--gtest_list_tests", &text), 0) << text;
}

TEST(MmuBackendTest, TheBestThatTheHostHasIsTaken) {
  constexpr char kScattered[] = "--gtest_filter=MmuBackendTest.ManyScatteredPagesAreOut";
  if (kUffdHoles.probe()) {
    std::string text;
    EXPECT_EQ(Rerun(true, false, "auto", kScattered, &text), 0) << text;
    EXPECT_THAT(text, HasSubstr("holes=uffd: "));
  }
  std::string text;
  EXPECT_EQ(Rerun(true, true, "auto", kScattered, &text), 0) << text;
  EXPECT_THAT(text, HasSubstr("SKIPPED"));  // that is, mprotect
  if (kGuardHoles.probe()) {
    text.clear();
    EXPECT_EQ(Rerun(false, false, "auto", kScattered, &text), 0) << text;
    EXPECT_THAT(text, HasSubstr("holes=guard: "));
  }
}

TEST(BackendTest, TheLastPageIsLikeAnyOther) {
  const flushdep_pfn_t last = flushdep_page_count() - 1;
  Mark(last);
  EXPECT_EQ(flushdep_load(Direct(last) + 8, 8), last);
  ASSERT_EQ(flushdep_direct_map_set(last, 1, false), 0);
  EXPECT_TRUE(SeenLoadTraps(Direct(last)));
  EXPECT_FALSE(SeenLoadTraps(Direct(last - 1)));
  EXPECT_TRUE(SeenLoadTraps(Direct(last) + kPage));
  ASSERT_EQ(flushdep_direct_map_set(last - kBlock + 1, kBlock, false), 0);
  EXPECT_TRUE(SeenLoadTraps(Direct(last - 1)));
  ASSERT_EQ(flushdep_direct_map_set(last - kBlock + 1, kBlock, true), 0);
  EXPECT_EQ(flushdep_load(Direct(last) + 8, 8), last);
}

TEST(BackendTest, TheLargestMemoryIsSparse) {
  std::string text;
  const int status = RunInChild(
      [] {
        setenv("FLUSHDEP_TEST_MEM", "68719476736", 1);
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execl("/proc/self/exe", "backend_test",
              "--gtest_filter=BackendTest.TheLastPage*:BackendTest.AForks*", nullptr);
        _exit(98);
      },
      &text);
  EXPECT_EQ(status, 0) << text;
  EXPECT_THAT(text, HasSubstr("[  PASSED  ] 2 tests"));
}

}  // namespace
}  // namespace flushdep::testing
