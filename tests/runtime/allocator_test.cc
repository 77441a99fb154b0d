// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page allocator's API beside memory_test: freetypes, per-CPU lists, both ways to ask,
// contexts, references, compound pages and splits, statistics.
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "runtime/include/flushdep.h"
#include "runtime/machine/call.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

uint64_t Vmstat(const char* name) {
  uint64_t value = ~0ull;
  EXPECT_TRUE(flushdep_vmstat(name, &value)) << name;
  return value;
}

flushdep_mem_stats Stats() {
  flushdep_mem_stats stats;
  flushdep_read_mem_stats(&stats);
  return stats;
}

// All unmapped pages that are free without a flip.
std::vector<flushdep_pfn_t> TakeUnmappedLeft() {
  std::vector<flushdep_pfn_t> pages;
  for (;;) {
    flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ATOMIC);
    if (pfn == FLUSHDEP_PFN_NONE) return pages;
    pages.push_back(pfn);
  }
}

void FreeAll(const std::vector<flushdep_pfn_t>& pages) {
  for (flushdep_pfn_t pfn : pages) flushdep_page_free(pfn, 0);
}

class AllocatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    flushdep_page_free(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), 0);
    Clear();
  }
  void TearDown() override { SetRecording(true); }
};

// --- Freetypes -------------------------------------------------------------------

TEST_F(AllocatorTest, PagesComeFromPageblocksOfTheirFreetype) {
  struct {
    unsigned flags, migratetype, freetype_flags;
  } cases[] = {{0, FLUSHDEP_MIGRATE_UNMOVABLE, 0},
               {FLUSHDEP_ALLOC_MOVABLE, FLUSHDEP_MIGRATE_MOVABLE, 0},
               {FLUSHDEP_ALLOC_RECLAIMABLE, FLUSHDEP_MIGRATE_RECLAIMABLE, 0},
               {FLUSHDEP_ALLOC_UNMAPPED, FLUSHDEP_MIGRATE_UNMOVABLE, FLUSHDEP_FREETYPE_UNMAPPED}};
  for (const auto& c : cases) {
    flushdep_pfn_t pfn = flushdep_page_alloc(0, c.flags);
    EXPECT_EQ(flushdep_page_freetype(pfn), flushdep_freetype(c.migratetype, c.freetype_flags));
    EXPECT_EQ(Events().back().u.page.migratetype, c.migratetype);
    flushdep_page_free(pfn, 0);
  }
  EXPECT_EQ(flushdep_freetype_index(flushdep_page_freetype(flushdep_page_count())), -1);
}

TEST_F(AllocatorTest, AFreetypeThatDoesNotExistIsRefused) {
  uint64_t before = Vmstat("allocfail_invalid");
  for (unsigned flags : {FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_MOVABLE,
                         FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_RECLAIMABLE,
                         FLUSHDEP_ALLOC_MOVABLE | FLUSHDEP_ALLOC_RECLAIMABLE, 1 << 30})
    EXPECT_EQ(flushdep_page_alloc(0, static_cast<unsigned>(flags)), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(flushdep_page_alloc(11, 0), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(flushdep_page_alloc(~0u, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(flushdep_page_alloc_frozen(0, 0, 1u << 30), FLUSHDEP_PFN_NONE);
  EXPECT_EQ(Vmstat("allocfail_invalid"), before + 7);
  EXPECT_TRUE(Events().empty());
}

// --- The CPUs' own lists ------------------------------------------------------------

TEST_F(AllocatorTest, LastFreedIsFirstHandedOutForEachFreetypeAndOrder) {
  for (unsigned flags : {0u, unsigned{FLUSHDEP_ALLOC_MOVABLE}, unsigned{FLUSHDEP_ALLOC_UNMAPPED}})
    for (unsigned order = 0; order <= 3; order++) {
      flushdep_drain_all_pages();  // so that nothing has to go back meanwhile
      flushdep_pfn_t a = flushdep_page_alloc(order, flags);
      flushdep_pfn_t b = flushdep_page_alloc(order, flags);
      flushdep_page_free(a, order);
      flushdep_page_free(b, order);
      EXPECT_EQ(flushdep_page_alloc(order, flags), b);
      EXPECT_EQ(flushdep_page_alloc(order, flags), a);
      flushdep_page_free(b, order);
      flushdep_page_free(a, order);
    }
}

TEST_F(AllocatorTest, RefillsAndDrainsByBatches) {
  SetRecording(false);
  flushdep_drain_all_pages();
  EXPECT_THAT(Stats().pcp_pages, ElementsAre(0, 0, 0, 0));
  uint64_t refills = Vmstat("pcp_refill");
  std::vector<flushdep_pfn_t> pages;
  for (int i = 0; i < 1000; i++) pages.push_back(flushdep_page_alloc(0, 0));
  uint64_t refilled = Vmstat("pcp_refill") - refills;
  EXPECT_GT(refilled, 0u);
  EXPECT_LE(refilled, 1000u / 8);
  uint64_t drains = Vmstat("pcp_drain");
  FreeAll(pages);
  EXPECT_GT(Vmstat("pcp_drain"), drains);
  EXPECT_LE(Vmstat("pcp_drain") - drains, 1000u / 8);
  // The high mark: 1/32 of 64 MiB over 4 CPUs.
  EXPECT_LT(Stats().pcp_pages[0], 128u);
  EXPECT_GT(Stats().pcp_pages[0], 0u);
  flushdep_drain_all_pages();
  EXPECT_THAT(Stats().pcp_pages, ElementsAre(0, 0, 0, 0));
}

TEST_F(AllocatorTest, PagesInOtherCpusListsAreFoundBeforeFailing) {
  SetRecording(false);
  // Another CPU keeps some of them in its list.
  std::thread([] {
    std::vector<flushdep_pfn_t> pages;
    for (int i = 0; i < 40; i++) pages.push_back(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED));
    FreeAll(pages);
  }).join();
  EXPECT_GT(Stats().pcp_pages[3], 0u);
  uint64_t unmapped = Stats().free_unmapped;
  std::vector<flushdep_pfn_t> pages = TakeUnmappedLeft();
  EXPECT_EQ(pages.size(), unmapped);
  EXPECT_EQ(Stats().pcp_pages[3], 0u);
  FreeAll(pages);
}

TEST_F(AllocatorTest, FreeCountsAreExact) {
  SetRecording(false);
  flushdep_mem_stats before = Stats();
  std::vector<flushdep_pfn_t> pages;
  for (int i = 0; i < 333; i++) pages.push_back(flushdep_page_alloc(0, 0));
  EXPECT_EQ(Stats().free_pages, before.free_pages - 333);
  std::thread([&pages] { FreeAll(pages); }).join();
  EXPECT_EQ(Stats().free_pages, before.free_pages);
}

// --- Both ways to ask ------------------------------------------------------------------

TEST_F(AllocatorTest, AScopeIsAddedToEachAllocationAndNests) {
  auto is_unmapped = [](unsigned flags) {
    flushdep_pfn_t pfn = flushdep_page_alloc(0, flags);
    bool unmapped = flushdep_page_unmapped(pfn);
    flushdep_page_free(pfn, 0);
    return unmapped;
  };
  unsigned outer = flushdep_alloc_scope_enter(FLUSHDEP_ALLOC_UNMAPPED);
  EXPECT_TRUE(is_unmapped(0));
  EXPECT_TRUE(is_unmapped(FLUSHDEP_ALLOC_MOVABLE));  // the scope is about the data
  unsigned inner = flushdep_alloc_scope_enter(FLUSHDEP_ALLOC_ATOMIC);
  EXPECT_TRUE(is_unmapped(0));
  flushdep_alloc_scope_leave(inner);
  EXPECT_TRUE(is_unmapped(0));
  bool other_thread = true;
  std::thread([&] { other_thread = is_unmapped(0); }).join();
  EXPECT_FALSE(other_thread);
  flushdep_alloc_scope_leave(outer);
  EXPECT_FALSE(is_unmapped(0));
}

TEST_F(AllocatorTest, TheAtomicScopeNeverFlips) {
  std::vector<flushdep_pfn_t> pages = TakeUnmappedLeft();
  unsigned old = flushdep_alloc_scope_enter(FLUSHDEP_ALLOC_ATOMIC);
  EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), FLUSHDEP_PFN_NONE);
  flushdep_alloc_scope_leave(old);
  FreeAll(pages);
}

// Page tables are the machine's, not the data that the scope is about.
TEST_F(AllocatorTest, AScopeIsNotForWhatTheMachineAllocates) {
  flushdep_mm* mm = flushdep_mm_create();
  unsigned old = flushdep_alloc_scope_enter(FLUSHDEP_ALLOC_UNMAPPED);
  Clear();
  EXPECT_EQ(flushdep_mermap_prepare(mm), 0);
  flushdep_alloc_scope_leave(old);
  for (const flushdep_event& event : Events(FLUSHDEP_EV_PAGE_ALLOC))
    EXPECT_EQ(event.u.page.flags & FLUSHDEP_PAGE_UNMAPPED, 0u);
  flushdep_mm_put(mm);
}

TEST_F(AllocatorTest, FrozenPagesWithTheAllocatorsOwnFlags) {
  flushdep_pfn_t pfn = flushdep_page_alloc_frozen(1, 0, FLUSHDEP_ALLOCF_UNMAPPED);
  EXPECT_TRUE(flushdep_page_unmapped(pfn));
  EXPECT_EQ(flushdep_page_refcount(pfn), 0);
  EXPECT_FALSE(flushdep_page_get_unless_zero(pfn));
  Clear();
  flushdep_page_get(pfn);  // of a frozen page is none
  EXPECT_TRUE(flushdep_page_set_refcounted(pfn));
  EXPECT_FALSE(flushdep_page_set_refcounted(pfn));
  EXPECT_EQ(flushdep_page_refcount(pfn), 1);
  EXPECT_TRUE(flushdep_page_put(pfn));
  std::vector<flushdep_event> events = Events();
  EXPECT_THAT(Kinds(), ElementsAre("REF_GET", "REF_GET", "REF_GET", "REF_PUT", "PAGE_FREE"));
  EXPECT_NE(events[0].flags & FLUSHDEP_F_FAILED, 0);
  EXPECT_EQ(events[1].flags & FLUSHDEP_F_FAILED, 0);
  EXPECT_NE(events[2].flags & FLUSHDEP_F_FAILED, 0);
  pfn = flushdep_page_alloc_frozen(0, 0, 0);
  Clear();
  flushdep_page_free(pfn, 0);
  EXPECT_EQ(Events()[0].u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
}

TEST_F(AllocatorTest, TheLastReferenceWithoutAFree) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  flushdep_page_get(pfn);
  Clear();
  EXPECT_FALSE(flushdep_page_drop(pfn, nullptr));
  EXPECT_FALSE(flushdep_page_freeze(pfn, 2));
  EXPECT_TRUE(flushdep_page_freeze(pfn, 1));
  EXPECT_EQ(flushdep_page_refcount(pfn), 0);
  EXPECT_TRUE(flushdep_page_unfreeze(pfn, 1));
  EXPECT_TRUE(flushdep_page_drop(pfn, nullptr));
  EXPECT_FALSE(flushdep_page_get_unless_zero(pfn));
  EXPECT_FALSE(flushdep_page_drop(pfn, nullptr));  // nobody is owed this
  flushdep_page_free(pfn, 0);
  std::vector<flushdep_event> events = Events();
  EXPECT_THAT(Kinds(),
              ElementsAre("REF_PUT", "REF_PUT", "REF_GET", "REF_PUT", "PAGE_FREE", "PAGE_FREE"));
  EXPECT_EQ(events[0].u.ref.count, 1);
  EXPECT_EQ(events[3].u.ref.count, 0);
  EXPECT_NE(events[4].u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
  EXPECT_EQ(events[5].u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
}

// --- Contexts --------------------------------------------------------------------------

// By the machine's own functions, as kernel-shim does it.
template <void (*kFunction)(const Call&)>
void InMachine() {
  Api api(0, 0);
  kFunction(api.call);
}
void IrqsOffCall(const Call& call) { IrqSave(call); }
void IrqsOnCall(const Call& call) { IrqRestore(false, call); }
template <uint32_t kWhat>
void EnterCall(const Call& call) {
  EnterInterrupt(kWhat, call);
}
template <uint32_t kWhat>
void LeaveCall(const Call& call) {
  LeaveInterrupt(kWhat, call);
}

// The mistake of a shootdown where none can run: each context refuses, without an event, serves
// what is unmapped already, and its twin in task context flips.
TEST_F(AllocatorTest, NoFlipWhereAShootdownIsNotPossible) {
  struct Case {
    const char* name;
    void (*enter)();
    void (*leave)();
    unsigned flags;
  } cases[] = {
      {"preempt", flushdep_preempt_disable, flushdep_preempt_enable, 0},
      {"atomic", [] {}, [] {}, FLUSHDEP_ALLOC_ATOMIC},
      {"nolock", [] {}, [] {}, FLUSHDEP_ALLOC_NOLOCK},
      {"irqs off", InMachine<IrqsOffCall>, InMachine<IrqsOnCall>, 0},
      {"bh off", InMachine<BhDisable>, InMachine<BhEnable>, 0},
      {"softirq", InMachine<EnterCall<FLUSHDEP_CTX_SOFTIRQ>>,
       InMachine<LeaveCall<FLUSHDEP_CTX_SOFTIRQ>>, 0},
      {"hardirq", InMachine<EnterCall<FLUSHDEP_CTX_HARDIRQ>>,
       InMachine<LeaveCall<FLUSHDEP_CTX_HARDIRQ>>, 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<flushdep_pfn_t> pages = TakeUnmappedLeft();
    uint64_t refused = Vmstat("allocfail");
    Clear();
    c.enter();
    EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | c.flags), FLUSHDEP_PFN_NONE);
    flushdep_pfn_t mapped = flushdep_page_alloc(0, c.flags);
    EXPECT_NE(mapped, FLUSHDEP_PFN_NONE);
    flushdep_page_free(mapped, 0);
    flushdep_page_free(pages.back(), 0);
    EXPECT_EQ(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | c.flags), pages.back());
    c.leave();
    EXPECT_EQ(Vmstat("allocfail"), refused + 1);
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), 0u);
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_PTE_CLEAR), 0u);
    flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
    EXPECT_NE(pfn, FLUSHDEP_PFN_NONE);
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), 1u);
    flushdep_page_free(pfn, 0);
    FreeAll(pages);
  }
}

TEST_F(AllocatorTest, AReserveIsNotMadeThereEither) {
  const uint64_t beyond = Stats().free_unmapped + 1;
  flushdep_preempt_disable();
  EXPECT_EQ(flushdep_unmap_reserve(beyond), -EAGAIN);
  EXPECT_EQ(flushdep_unmap_reserve(1), 0);  // is there already
  flushdep_preempt_enable();
}

// --- References, compound pages, splits --------------------------------------------------

TEST_F(AllocatorTest, ACompoundPageIsFoundFromItsTails) {
  flushdep_pfn_t head = flushdep_page_alloc(3, FLUSHDEP_ALLOC_COMPOUND);
  EXPECT_EQ(Events().back().u.page.flags & FLUSHDEP_PAGE_COMPOUND,
            static_cast<uint32_t>(FLUSHDEP_PAGE_COMPOUND));
  for (flushdep_pfn_t pfn = head; pfn < head + 8; pfn++) {
    EXPECT_EQ(flushdep_page_head(pfn), head);
    EXPECT_EQ(flushdep_page_order(pfn), 3);
    EXPECT_EQ(flushdep_page_refcount(pfn), 1);
  }
  flushdep_page_get(head + 5);
  EXPECT_EQ(flushdep_page_refcount(head), 2);
  EXPECT_FALSE(flushdep_page_put(head + 1));
  Clear();
  flushdep_page_free(head + 1, 0);  // a tail is not freed
  flushdep_page_free(head + 4, 2);
  for (const flushdep_event& event : Events())
    EXPECT_NE(event.u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
  EXPECT_TRUE(flushdep_page_put(head + 7));
  EXPECT_EQ(Events().back().u.page.pfn, head);
  EXPECT_EQ(flushdep_page_head(head + 5), head + 5);
  EXPECT_EQ(flushdep_page_order(head + 5), -1);
}

TEST_F(AllocatorTest, WithoutCompoundATailKnowsNothing) {
  flushdep_pfn_t pfn = flushdep_page_alloc(2, 0);
  EXPECT_EQ(flushdep_page_order(pfn), 2);
  EXPECT_EQ(flushdep_page_order(pfn + 1), -1);
  EXPECT_EQ(flushdep_page_head(pfn + 1), pfn + 1);
  Clear();
  EXPECT_FALSE(flushdep_page_put(pfn + 1));
  EXPECT_NE(Events().back().u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
  flushdep_page_free(pfn, 2);
}

TEST_F(AllocatorTest, Folios) {
  flushdep_pfn_t folio = flushdep_folio_alloc(2, FLUSHDEP_ALLOC_UNMAPPED);
  EXPECT_TRUE(flushdep_page_unmapped(folio));
  EXPECT_EQ(flushdep_folio_from_page(folio + 3), folio);
  EXPECT_EQ(flushdep_folio_order(folio), 2);
  flushdep_folio_get(folio);
  EXPECT_FALSE(flushdep_folio_put(folio));
  EXPECT_TRUE(flushdep_folio_put(folio));
}

TEST_F(AllocatorTest, GetUnlessZero) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  Clear();
  EXPECT_TRUE(flushdep_page_get_unless_zero(pfn));
  EXPECT_EQ(flushdep_page_refcount(pfn), 2);
  flushdep_page_free(pfn, 0);
  EXPECT_FALSE(flushdep_page_get_unless_zero(pfn));
  EXPECT_FALSE(flushdep_page_get_unless_zero(flushdep_page_count()));
  EXPECT_FALSE(flushdep_page_get_unless_zero(0));
  EXPECT_THAT(Kinds(), ElementsAre("REF_GET", "PAGE_FREE"));
}

TEST_F(AllocatorTest, ASplitMakesSinglePages) {
  for (unsigned flags : {0u, unsigned{FLUSHDEP_ALLOC_COMPOUND}}) {
    uint64_t free = Stats().free_pages;
    flushdep_pfn_t pfn = flushdep_page_alloc(3, flags);
    Clear();
    EXPECT_EQ(flushdep_page_split(pfn), 0);
    ASSERT_THAT(Kinds(), ElementsAre("PAGE_SPLIT"));
    EXPECT_EQ(Events()[0].u.page.pfn, pfn);
    EXPECT_EQ(Events()[0].u.page.order, 3u);
    EXPECT_EQ(Events()[0].u.page.npages, 8u);
    for (uint64_t i = 0; i < 8; i++) {
      EXPECT_EQ(flushdep_page_order(pfn + i), 0);
      EXPECT_EQ(flushdep_page_head(pfn + i), pfn + i);
      EXPECT_EQ(flushdep_page_refcount(pfn + i), 1);
    }
    Clear();
    flushdep_page_free(pfn, 3);  // is gone
    EXPECT_NE(Events()[0].u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
    for (uint64_t i = 0; i < 8; i++) EXPECT_TRUE(flushdep_page_put(pfn + i));
    EXPECT_EQ(Stats().free_pages, free);
  }
}

TEST_F(AllocatorTest, WhatCannotBeSplit) {
  flushdep_pfn_t pfn = flushdep_page_alloc(1, FLUSHDEP_ALLOC_COMPOUND);
  Clear();
  EXPECT_EQ(flushdep_page_split(pfn + 1), -EINVAL);
  EXPECT_EQ(flushdep_page_split(flushdep_page_count()), -EINVAL);
  EXPECT_EQ(flushdep_page_split(0), -EINVAL);
  flushdep_page_get(pfn);
  EXPECT_EQ(flushdep_page_split(pfn), -EBUSY);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PAGE_SPLIT), 0u);
  flushdep_page_put(pfn);
  flushdep_page_put(pfn);
  EXPECT_EQ(flushdep_page_split(pfn), -EINVAL);
}

TEST_F(AllocatorTest, BadInputHasADefinedResult) {
  const flushdep_pfn_t bad[] = {0, flushdep_page_count(), flushdep_page_count() + 1,
                                FLUSHDEP_PFN_NONE, FLUSHDEP_PFN_NONE - 1};
  for (flushdep_pfn_t pfn : bad) {
    Clear();
    flushdep_page_free(pfn, 0);
    flushdep_page_free(pfn, ~0u);
    EXPECT_FALSE(flushdep_page_put(pfn));
    EXPECT_FALSE(flushdep_page_put_order(pfn, 300));
    for (const flushdep_event& event : Events()) {
      EXPECT_EQ(event.kind, FLUSHDEP_EV_PAGE_FREE);
      EXPECT_NE(event.u.page.flags & FLUSHDEP_PAGE_REFUSED, 0u);
    }
    EXPECT_EQ(Events().size(), 4u);
    flushdep_page_get(pfn);
    EXPECT_NE(Events().back().flags & FLUSHDEP_F_FAILED, 0);
    EXPECT_FALSE(flushdep_page_set_refcounted(pfn));
    EXPECT_EQ(flushdep_page_refcount(pfn), 0);
    EXPECT_EQ(flushdep_page_order(pfn), -1);
    EXPECT_EQ(flushdep_page_head(pfn), pfn);
    EXPECT_FALSE(flushdep_page_unmapped(pfn));
    EXPECT_EQ(flushdep_page_split(pfn), -EINVAL);
    EXPECT_EQ(flushdep_page_set_movable(pfn, nullptr, nullptr), -EINVAL);
  }
}

// --- Statistics --------------------------------------------------------------------------

std::string Meminfo() {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  flushdep_print_meminfo(ends[1]);
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof(buffer))) > 0;)
    text.append(buffer, static_cast<size_t>(n));
  close(ends[0]);
  return text;
}

TEST_F(AllocatorTest, TheTextIsWhatAKernelDeveloperKnows) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  std::string text = Meminfo();
  EXPECT_EQ(text.rfind("Node 0, zone   Normal ", 0), 0u);
  EXPECT_THAT(text, HasSubstr("\nPage block order: 9\nPages per block:  512\n\n"));
  EXPECT_THAT(text, HasSubstr("\nFree pages count per migrate type at order      0      1 "));
  EXPECT_THAT(text, HasSubstr("\nNode    0, zone   Normal, type      Movable "));
  EXPECT_THAT(text, HasSubstr("\nNode    0, zone   Normal, type     Unmapped "));
  EXPECT_THAT(text,
              HasSubstr("\nNumber of blocks type        Unmovable      Movable  Reclaimable "));
  EXPECT_THAT(text, HasSubstr("\nnr_free_pages " + std::to_string(Stats().free_pages) + "\n"));
  EXPECT_THAT(text,
              HasSubstr("\npageblock_unmap " + std::to_string(Vmstat("pageblock_unmap")) + "\n"));
  EXPECT_EQ(text.back(), '\n');
  flushdep_page_free(pfn, 0);
  uint64_t value = 5;
  EXPECT_FALSE(flushdep_vmstat("no_such_counter", &value));
  EXPECT_EQ(value, 5u);
}

TEST_F(AllocatorTest, CountersAddUp) {
  uint64_t allocs = Vmstat("pgalloc_normal"), unmapped = Vmstat("pgalloc_unmapped");
  uint64_t frees = Vmstat("pgfree"), refused = Vmstat("pgfree_refused");
  auto work = [] {
    flushdep_pfn_t pfn = flushdep_page_alloc(2, 0);
    flushdep_page_free(pfn, 2);
    flushdep_page_free(pfn, 2);
    flushdep_page_free(flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED), 0);
  };
  std::thread one(work), two(work);
  one.join();
  two.join();
  EXPECT_EQ(Vmstat("pgalloc_normal"), allocs + 8);
  EXPECT_EQ(Vmstat("pgalloc_unmapped"), unmapped + 2);
  EXPECT_EQ(Vmstat("pgfree"), frees + 10);
  EXPECT_EQ(Vmstat("pgfree_refused"), refused + 2);
  flushdep_mem_stats stats = Stats();
  uint64_t blocks = 0;
  for (uint64_t count : stats.pageblocks) blocks += count;
  EXPECT_EQ(blocks, flushdep_page_count() / 512);
}

}  // namespace
}  // namespace flushdep::testing
