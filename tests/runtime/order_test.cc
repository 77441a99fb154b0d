// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When events are submitted, seen against the machine at that very moment: a set
// before the entry is there, a clear after it is gone, an owner change before
// anyone else can have the page.
#include <errno.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>

#include "runtime/include/flushdep.h"
#include "runtime/memory/direct_map.h"
#include "runtime/memory/page_allocator.h"
#include "runtime/memory/page_table.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

int g_pipe[2];
std::atomic<int> g_sets{0}, g_clears{0}, g_begins{0}, g_frees{0}, g_wrong{0};
uint64_t g_free_pages_before;

// Asks the host, so that nothing traps; where the page tables are the machine's own, those.
bool Accessible(uint64_t va) {
  if (OnModelBackend() && HasPte(va)) return PteIsPresent(PteOf(va));
  if (OnModelBackend()) return DirectMapPresent((va - kDirectMapStart) >> kPageShift);
  ssize_t n = write(g_pipe[1], reinterpret_cast<void*>(va), 1);
  if (n < 0) return false;
  char byte;
  return read(g_pipe[0], &byte, 1) == 1;
}

void Look(const flushdep_event& event) {
  switch (event.kind) {
    case FLUSHDEP_EV_PTE_SET:
      g_sets++;
      g_wrong += Accessible(event.u.pte.va) ? 1 : 0;
      break;
    case FLUSHDEP_EV_PTE_CLEAR:
      g_clears++;
      g_wrong += Accessible(event.u.pte.va) ? 1 : 0;
      break;
    case FLUSHDEP_EV_MAP_BEGIN:
      g_begins++;
      g_wrong += Accessible(event.u.map.va) ? 0 : 1;
      break;
    case FLUSHDEP_EV_PAGE_FREE:
      // On no list yet, so nobody else can get it.
      g_frees++;
      g_wrong += ReadAllocatorStats().free_pages[0] == g_free_pages_before ? 0 : 1;
      break;
    default:
      break;
  }
}

class OrderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(pipe(g_pipe), 0);
    g_sets = g_clears = g_begins = g_frees = g_wrong = 0;
  }
  void TearDown() override {
    SetHook(nullptr);
    close(g_pipe[0]);
    close(g_pipe[1]);
  }
};

TEST_F(OrderTest, AMermapEntryIsToldBeforeItIsThereAndAfterItIsGone) {
  flushdep_mermap_prepare(flushdep_mm_current());
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  SetHook(Look);
  flushdep_mermap_put(flushdep_mermap_get(pfn, 4096, 3));
  SetHook(nullptr);
  EXPECT_EQ(g_sets, 1);
  EXPECT_EQ(g_begins, 1);
  EXPECT_EQ(g_clears, 1);
  EXPECT_EQ(g_wrong, 0);
  flushdep_page_free(pfn, 0);
}

TEST_F(OrderTest, ADirectMapEntryLikewise) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  SetHook(Look);
  flushdep_direct_map_set(pfn, 1, false);
  flushdep_direct_map_set(pfn, 1, true);
  SetHook(nullptr);
  EXPECT_EQ(g_sets, 1);
  EXPECT_EQ(g_clears, 1);
  EXPECT_EQ(g_wrong, 0);
  flushdep_page_free(pfn, 0);
}

TEST_F(OrderTest, ABlockIsOutBeforeItIsToldAndRetypedBeforeItIsServed) {
  // With a page of it taken, no block that is unmapped already can serve.
  flushdep_pfn_t small = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  SetHook(Look);
  flushdep_pfn_t pfn = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED);
  SetHook(nullptr);
  ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
  EXPECT_EQ(g_clears, 1);
  EXPECT_EQ(g_wrong, 0);
  flushdep_page_free(pfn, 9);
  flushdep_page_free(small, 0);
}

TEST_F(OrderTest, AFreeIsToldWhileThePageIsStillOutOfTheLists) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  g_free_pages_before = ReadAllocatorStats().free_pages[0];
  SetHook(Look);
  flushdep_page_free(pfn, 0);
  SetHook(nullptr);
  EXPECT_EQ(g_frees, 1);
  EXPECT_EQ(g_wrong, 0);
  EXPECT_EQ(ReadAllocatorStats().free_pages[0], g_free_pages_before + 1);
}

}  // namespace
}  // namespace flushdep::testing
