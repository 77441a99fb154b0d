// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The short way in from several threads at once, with pages that have an owner and without.
#include <gtest/gtest.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <memory>
#include <thread>
#include <vector>

#include "tests/checker/hot_side.h"

namespace flushdep {
namespace {

#if defined(__SANITIZE_THREAD__)
constexpr bool kHasBarrier = false;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool kHasBarrier = false;  // it does not know membarrier()
#else
constexpr bool kHasBarrier = true;
#endif
#else
constexpr bool kHasBarrier = true;
#endif

thread_local Owner t_runner = 0;
std::atomic<uint64_t> g_barriers{0};

// Notes of whose a page is, for the life of this.
class Notes {
 public:
  Notes() {
    syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
    g_barriers = 0;
    g_bias.Open(
        [] {
          g_barriers++;
          syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
        },
        [] { return t_runner; });
  }
  ~Notes() { g_bias.Close(); }
};

// Without notes and with them.
class HotThreadsTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam() && !kHasBarrier) GTEST_SKIP() << "no barrier that the sanitizer knows";
    if (GetParam()) notes_ = std::make_unique<Notes>();
    side_.validator().state().Open(&g_hot);
    g_barriers = 0;
  }

  // Runs body(cpu) on each CPU at once.
  template <typename F>
  void OnEachCpu(F&& body) {
    std::vector<std::thread> threads;
    for (uint16_t cpu = 0; cpu < kCpus; cpu++)
      threads.emplace_back([&body, cpu] {
        t_runner = cpu + 1u;
        body(cpu);
      });
    for (std::thread& thread : threads) thread.join();
  }
  // By the short way or, where that is closed, the long one.
  void Map(uint16_t cpu, uint64_t slot, uint64_t pfn) {
    const uint64_t va = Side::Va(1, cpu, slot);
    if (!hot::Map(va, pfn, space_, At(cpu)))
      side_.validator().Handle(Pte(FLUSHDEP_EV_PTE_SET, va, pfn, cpu));
  }
  void Unmap(uint16_t cpu, uint64_t slot, uint64_t pfn) {
    const uint64_t va = Side::Va(1, cpu, slot);
    if (!hot::Unmap(va, pfn, space_, At(cpu)))
      side_.validator().Handle(Pte(FLUSHDEP_EV_PTE_CLEAR, va, pfn, cpu));
  }
  static flushdep_event Pte(uint16_t kind, uint64_t va, uint64_t pfn, uint16_t cpu) {
    flushdep_event event = Event(kind, cpu);
    event.u.pte.va = va;
    event.u.pte.pfn = pfn;
    event.u.pte.mm = 1;
    event.u.pte.npages = 1;
    event.u.pte.prot = FLUSHDEP_PROT_READ;
    return event;
  }

  static flushdep_event Freed(uint64_t pfn, uint16_t cpu) {
    flushdep_event event = Event(FLUSHDEP_EV_PAGE_FREE, cpu);
    event.u.page.pfn = pfn;
    event.u.page.npages = 1;
    return event;
  }

  std::unique_ptr<Notes> notes_;
  Side side_{true};
  const SpaceIndex space_ = side_.validator().state().SpaceOf(1);
};
INSTANTIATE_TEST_SUITE_P(, HotThreadsTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Notes" : "NoNotes"; });

// Several threads map one page at once: no count is lost, and one that is left is found.
TEST_P(HotThreadsTest, OnePage) {
  for (int round = 0; round < 20; round++) {
    OnEachCpu([this](uint16_t cpu) {
      if (cpu == 0) side_.Alloc(0, 7);
    });
    OnEachCpu([this](uint16_t cpu) {
      for (int i = 0; i < 2000; i++) {
        Map(cpu, 0, 7);
        Unmap(cpu, 0, 7);
      }
    });
    side_.FlushAll(0);
    side_.Free(0, 7);
    ASSERT_TRUE(side_.findings().empty()) << "round " << round;
  }
  side_.Alloc(0, 7);
  Map(1, 0, 7);
  side_.Free(0, 7);
  EXPECT_EQ(side_.findings().size(), 1u);
}

// Pages go round: what one CPU was given and used, the next one uses and frees, while the first
// still maps others of its own.
TEST_P(HotThreadsTest, HandedOn) {
  constexpr uint64_t kEach = kPages / kCpus - 1;
  std::atomic<uint64_t> taken{0};
  std::barrier<> all(kCpus);
  OnEachCpu([&](uint16_t cpu) {
    const uint64_t mine = 1 + cpu * kEach, theirs = 1 + (cpu + 1) % kCpus * kEach;
    for (uint32_t round = 0; round < 300; round++) {
      for (uint64_t i = 0; i < kEach; i++) {
        taken += hot::Alloc(mine + i, At(cpu)) ? 1 : 0;
        Map(cpu, i, mine + i);
      }
      all.arrive_and_wait();
      for (uint64_t i = 0; i < kEach; i++) {
        Unmap(cpu, i, mine + i);
        Map(cpu, kEach + i, theirs + i);
        Unmap(cpu, kEach + i, theirs + i);
      }
      all.arrive_and_wait();
      if (cpu == 0) side_.FlushAll(0);
      all.arrive_and_wait();
      for (uint64_t i = 0; i < kEach; i++)
        if (!hot::Free(theirs + i, At(cpu))) side_.validator().Handle(Freed(theirs + i, cpu));
      all.arrive_and_wait();
    }
  });
  EXPECT_TRUE(side_.findings().empty()) << side_.findings()[0];
  EXPECT_EQ(taken, 300 * kCpus * kEach);
  EXPECT_EQ(g_barriers > 0, GetParam()) << "pages are taken from their owners, where there are any";
}

// A CPU alone with its pages pays no barrier, whichever way its operations go.
TEST_P(HotThreadsTest, Alone) {
  OnEachCpu([this](uint16_t cpu) {
    const uint64_t pfn = 1 + cpu;
    EXPECT_TRUE(hot::Alloc(pfn, At(cpu)));
    for (int i = 0; i < 5000; i++) {
      Map(cpu, 0, pfn);
      Unmap(cpu, 0, pfn);
    }
  });
  EXPECT_EQ(g_barriers, 0u);
  EXPECT_TRUE(side_.findings().empty());
}

}  // namespace
}  // namespace flushdep
