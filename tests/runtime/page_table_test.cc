// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Page tables: table pages and their life, entries set by hand, and what each tells.
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include "runtime/memory/page_allocator.h"
#include "runtime/memory/page_table.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

using ::testing::ElementsAre;

constexpr Pte kReadWrite = kPtePresent | kPteWrite | kPteNoExec;

Pte Entry(flushdep_pfn_t pfn, Pte flags) { return pfn << kPageShift | flags; }

class PageTableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    mm_ = flushdep_mm_create();
    area_ = static_cast<char*>(flushdep_pte_area_start(mm_));
    pfn_ = flushdep_page_alloc(2, 0);
    Clear();
  }
  void TearDown() override {
    if (mm_ != nullptr) flushdep_mm_put(mm_);
    flushdep_page_free(pfn_, 2);
  }
  flushdep_pte_t* Populate(uint64_t npages) {
    EXPECT_EQ(flushdep_pte_populate(mm_, area_, area_ + npages * kPageBytes), 0);
    Clear();
    return flushdep_pte_lookup(area_);
  }

  flushdep_mm* mm_ = nullptr;
  char* area_ = nullptr;
  flushdep_pfn_t pfn_ = 0;
};

TEST_F(PageTableTest, NoTableNoEntry) {
  EXPECT_EQ(flushdep_pte_lookup(area_), nullptr);
  ASSERT_EQ(flushdep_pte_populate(mm_, area_, area_ + kPageBytes), 0);
  EXPECT_NE(flushdep_pte_lookup(area_), nullptr);
  EXPECT_NE(flushdep_pte_lookup(area_ + kSliceBytes - 1), nullptr) << "a table has 512 entries";
  EXPECT_EQ(flushdep_pte_lookup(area_ + kSliceBytes), nullptr);
  EXPECT_EQ(flushdep_pte_lookup(&pfn_), nullptr) << "no address of the machine";
  EXPECT_EQ(flushdep_pte_lookup(flushdep_page_address(pfn_)), nullptr) << "of no mm";
}

TEST_F(PageTableTest, TablesAreSimulatedMemoryAndComeBackWithTheMm) {
  const AllocatorStats before = ReadAllocatorStats();
  ASSERT_EQ(flushdep_pte_populate(mm_, area_, area_ + 3 * kSliceBytes), 0);
  EXPECT_EQ(ReadAllocatorStats().free_pages[0], before.free_pages[0] - 6);  // PGD PUD PMD, 3 PTE
  std::set<uint64_t> pages;
  std::vector<int> levels;
  for (const flushdep_event& event : Events(FLUSHDEP_EV_TABLE_LINK)) {
    pages.insert(event.u.pte.pfn);
    levels.push_back(event.u.pte.level);
    EXPECT_EQ(event.u.pte.mm, flushdep_mm_id(mm_));
    EXPECT_EQ(flushdep_page_refcount(event.u.pte.pfn), 1);
  }
  EXPECT_EQ(pages.size(), 6u);
  EXPECT_THAT(levels, ElementsAre(FLUSHDEP_LEVEL_PGD, FLUSHDEP_LEVEL_PUD, FLUSHDEP_LEVEL_PMD,
                                  FLUSHDEP_LEVEL_PTE, FLUSHDEP_LEVEL_PTE, FLUSHDEP_LEVEL_PTE));
  Clear();
  ASSERT_EQ(flushdep_pte_populate(mm_, area_, area_ + 3 * kSliceBytes), 0);
  EXPECT_THAT(Kinds(), ElementsAre()) << "populating again makes nothing";

  flushdep_mm_put(mm_);
  mm_ = nullptr;
  for (const flushdep_event& event : Events(FLUSHDEP_EV_TABLE_UNLINK))
    EXPECT_EQ(pages.erase(event.u.pte.pfn), 1u);
  EXPECT_TRUE(pages.empty());
  EXPECT_EQ(ReadAllocatorStats().free_pages[0], before.free_pages[0]);
}

TEST_F(PageTableTest, ALazyCpuKeepsTheTables) {
  flushdep_mm* first = flushdep_mm_current();
  Populate(1);
  flushdep_mm_switch(mm_);
  flushdep_mm_put(mm_);
  mm_ = nullptr;
  flushdep_mm_switch(nullptr);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_MM_END), 1u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_TABLE_UNLINK), 0u) << "this CPU still walks them";
  flushdep_mm_switch(first);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_TABLE_UNLINK), 4u);
}

TEST_F(PageTableTest, AnEntryMapsItsPage) {
  flushdep_pte_t* ptep = Populate(2);
  ASSERT_EQ(flushdep_pte_set(ptep + 1, Entry(pfn_, kReadWrite)), 0);
  EXPECT_EQ(flushdep_pte_read(ptep + 1), Entry(pfn_, kReadWrite));
  EXPECT_EQ(flushdep_pte_address(ptep + 1), area_ + kPageBytes);
  EXPECT_EQ(flushdep_pte_mm(ptep + 1), mm_);
  std::vector<flushdep_event> events = Events();
  ASSERT_THAT(Kinds(), ElementsAre("PTE_SET"));
  const flushdep_event_pte& pte = events[0].u.pte;
  EXPECT_EQ(pte.va, reinterpret_cast<uint64_t>(area_ + kPageBytes));
  EXPECT_EQ(pte.pfn, pfn_);
  EXPECT_EQ(pte.old_pfn, FLUSHDEP_NO_PFN);
  EXPECT_EQ(pte.prot, FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE);
  EXPECT_EQ(pte.old_prot, 0);
  EXPECT_EQ(pte.mm, flushdep_mm_id(mm_));
  EXPECT_EQ(events[0].reason, FLUSHDEP_WHY_SET_PTE);
  flushdep_mm* mm = flushdep_mm_current();
  flushdep_mm_switch(mm_);  // only the loaded one's entries are walked
  flushdep_store(area_ + kPageBytes, 42, 1);
  flushdep_mm_switch(mm);
  EXPECT_EQ(*static_cast<char*>(flushdep_page_address(pfn_)), 42);
}

TEST_F(PageTableTest, AChangedEntryTellsWhatWasThere) {
  flushdep_pte_t* ptep = Populate(1);
  ASSERT_EQ(flushdep_pte_set(ptep, Entry(pfn_, kReadWrite)), 0);
  Clear();
  // Another page, read only, at the same address.
  ASSERT_EQ(flushdep_pte_set(ptep, Entry(pfn_ + 1, kPtePresent | kPteNoExec)), 0);
  ASSERT_THAT(Kinds(), ElementsAre("PTE_SET"));
  EXPECT_EQ(Events()[0].u.pte.pfn, pfn_ + 1);
  EXPECT_EQ(Events()[0].u.pte.old_pfn, pfn_);
  EXPECT_EQ(Events()[0].u.pte.prot, FLUSHDEP_PROT_READ);
  EXPECT_EQ(Events()[0].u.pte.old_prot, FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE);
}

TEST_F(PageTableTest, NotPresentIsOneClearWhateverTheEntrySays) {
  flushdep_pte_t* ptep = Populate(1);
  ASSERT_EQ(flushdep_pte_set(ptep, Entry(pfn_, kReadWrite)), 0);
  Clear();
  ASSERT_EQ(flushdep_pte_set(ptep, FLUSHDEP_PTE_SOFT), 0);  // not none, not present
  ASSERT_EQ(flushdep_pte_set(ptep, 0), 0);
  ASSERT_THAT(Kinds(), ElementsAre("PTE_CLEAR"));
  EXPECT_EQ(Events()[0].u.pte.pfn, pfn_);
  EXPECT_EQ(flushdep_pte_read(ptep), 0u);
}

TEST_F(PageTableTest, WhatIsNoEntryIsRefusedAndTellsNothing) {
  flushdep_pte_t* ptep = Populate(1);
  flushdep_pte_t own = 0;
  EXPECT_EQ(flushdep_pte_set(&own, Entry(pfn_, kReadWrite)), -EINVAL);
  EXPECT_EQ(flushdep_pte_set(nullptr, 0), -EINVAL);
  EXPECT_EQ(flushdep_pte_set(ptep + 512, Entry(pfn_, kReadWrite)), -EINVAL) << "no table there";
  EXPECT_EQ(flushdep_pte_set(ptep, Entry(flushdep_page_count(), kReadWrite)), -EINVAL);
  EXPECT_EQ(flushdep_pte_read(ptep), 0u);
  EXPECT_EQ(flushdep_pte_populate(mm_, area_, static_cast<char*>(flushdep_pte_area_end(mm_)) + 1),
            -EINVAL);
  EXPECT_EQ(flushdep_pte_populate(nullptr, area_, area_), -EINVAL);
  EXPECT_THAT(Kinds(), ElementsAre());
}

TEST_F(PageTableTest, TheMermapIsMadeOfTheseEntries) {
  flushdep_mm* first = flushdep_mm_current();
  flushdep_mm_switch(mm_);
  ASSERT_EQ(flushdep_mermap_prepare(mm_), 0);
  flushdep_mapping* mapping =
      flushdep_mermap_get(pfn_, 2 * kPageBytes, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  flushdep_pte_t* ptep = flushdep_pte_lookup(flushdep_mermap_addr(mapping));
  EXPECT_EQ(flushdep_pte_read(ptep), Entry(pfn_, kReadWrite));
  EXPECT_EQ(flushdep_pte_read(ptep + 1), Entry(pfn_ + 1, kReadWrite));
  EXPECT_EQ(flushdep_pte_read(ptep + 2), 0u);
  flushdep_mermap_put(mapping);
  EXPECT_EQ(flushdep_pte_read(ptep), FLUSHDEP_PTE_SOFT) << "not present, and not none";
  mapping = flushdep_mermap_get(pfn_, kPageBytes, FLUSHDEP_MAP_READ);
  ptep = flushdep_pte_lookup(flushdep_mermap_addr(mapping));
  EXPECT_EQ(flushdep_pte_read(ptep), Entry(pfn_, kPtePresent | kPteNoExec));
  flushdep_mermap_put(mapping);
  flushdep_mm_switch(first);
}

TEST_F(PageTableTest, AreasOfDifferentMmsAreApart) {
  flushdep_mm* other = flushdep_mm_create();
  char* start = static_cast<char*>(flushdep_pte_area_start(other));
  EXPECT_TRUE(start >= flushdep_pte_area_end(mm_) || flushdep_pte_area_end(other) <= area_);
  EXPECT_EQ(flushdep_pte_populate(mm_, start, start + kPageBytes), -EINVAL);
  flushdep_mm_put(other);
}

TEST_F(PageTableTest, OutOfMemoryKeepsWhatIsThereAndIsHonest) {
  SetRecording(false);
  std::vector<flushdep_pfn_t> pages;
  for (flushdep_pfn_t pfn; (pfn = flushdep_page_alloc(0, 0)) != FLUSHDEP_PFN_NONE;)
    pages.push_back(pfn);
  SetRecording(true);
  EXPECT_EQ(flushdep_mermap_prepare(mm_), -ENOMEM);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_REGION), 0u);
  for (flushdep_pfn_t pfn : pages) flushdep_page_free(pfn, 0);
  EXPECT_EQ(flushdep_mermap_prepare(mm_), 0);
}

TEST_F(PageTableTest, TheAreaIsToldOnceAndGoesWithTheMm) {
  ASSERT_EQ(flushdep_pte_populate(mm_, area_, area_ + kPageBytes), 0);
  ASSERT_EQ(CountEvents(FLUSHDEP_EV_REGION), 1u);
  for (const flushdep_event& event : Events()) {
    if (event.kind != FLUSHDEP_EV_REGION) continue;
    EXPECT_EQ(event.u.region.start, reinterpret_cast<uint64_t>(area_));
    EXPECT_EQ(event.u.region.end, reinterpret_cast<uint64_t>(flushdep_pte_area_end(mm_)));
    EXPECT_EQ(event.u.region.type, static_cast<uint32_t>(FLUSHDEP_REGION_USER));
  }
  ASSERT_EQ(flushdep_pte_populate(mm_, area_, area_ + 2 * kSliceBytes), 0);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_REGION), 1u);
  // What is left in it is not there any more when the next mm has the addresses.
  ASSERT_EQ(flushdep_pte_set(flushdep_pte_lookup(area_), Entry(pfn_, kReadWrite)), 0);
  Clear();
  flushdep_mm_put(mm_);
  EXPECT_THAT(Kinds(), ::testing::IsSupersetOf({"PTE_CLEAR", "REGION_END", "MM_END"}));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PTE_CLEAR), 1u);
  EXPECT_EQ(flushdep_pte_lookup(area_), nullptr);
  // Slots go round.
  for (uint32_t tries = 0; tries < kMaxMms; tries++) {
    mm_ = flushdep_mm_create();
    if (flushdep_pte_area_start(mm_) == area_) break;
    flushdep_mm_put(mm_);
  }
  ASSERT_EQ(flushdep_pte_area_start(mm_), area_);
  EXPECT_EQ(flushdep_pte_read(Populate(1)), 0u);
}

// A program's own mermap: entries of slices, by hand.
class OwnSlicesTest : public PageTableTest {
 protected:
  void SetUp() override {
    PageTableTest::SetUp();
    ASSERT_EQ(flushdep_mermap_prepare(mm_), 0);
    Clear();
  }
  flushdep_pte_t* EntryOf(unsigned cpu) {
    return flushdep_pte_lookup(flushdep_mermap_slice_start(mm_, cpu));
  }
};

TEST_F(OwnSlicesTest, ThisCpusEntriesAreEntries) {
  ASSERT_EQ(flushdep_pte_set(EntryOf(flushdep_cpu_current()), Entry(pfn_, kReadWrite)), 0);
  ASSERT_EQ(flushdep_pte_set(EntryOf(flushdep_cpu_current()), 0), 0);
  EXPECT_THAT(Kinds(), ElementsAre("PTE_SET", "PTE_CLEAR"));
}

TEST_F(OwnSlicesTest, AnotherCpusEntryClearedIsAPutThere) {
  const unsigned other = flushdep_cpu_current() == 0 ? 1 : 0;
  ASSERT_LT(other, flushdep_cpu_count());
  ASSERT_EQ(flushdep_pte_set(EntryOf(other), Entry(pfn_, kReadWrite)), 0);
  ASSERT_EQ(flushdep_pte_set(EntryOf(other), 0), 0);
  ASSERT_THAT(Kinds(), ElementsAre("PTE_SET", "PTE_CLEAR", "MAP_END"));
  const flushdep_event_map map = Events()[2].u.map;
  EXPECT_EQ(map.owner_cpu, other);
  EXPECT_EQ(map.pfn, pfn_);
  EXPECT_EQ(map.mm, flushdep_mm_id(mm_));
  EXPECT_EQ(map.va, reinterpret_cast<uint64_t>(flushdep_mermap_slice_start(mm_, other)));
}

TEST_F(OwnSlicesTest, AnotherPageAtALiveAddressEndsTheOldMapping) {
  flushdep_pte_t* ptep = EntryOf(flushdep_cpu_current());
  ASSERT_EQ(flushdep_pte_set(ptep, Entry(pfn_, kReadWrite)), 0);
  ASSERT_EQ(flushdep_pte_set(ptep, Entry(pfn_ + 1, kReadWrite)), 0);
  EXPECT_THAT(Kinds(), ElementsAre("PTE_SET", "PTE_CLEAR", "PTE_SET"));
  Clear();
  // The same page: the entry changes.
  ASSERT_EQ(flushdep_pte_set(ptep, Entry(pfn_ + 1, kPtePresent | kPteNoExec)), 0);
  EXPECT_THAT(Kinds(), ElementsAre("PTE_SET"));
  EXPECT_EQ(flushdep_pte_set(ptep, Entry(flushdep_page_count(), kReadWrite)), -EINVAL);
  EXPECT_EQ(flushdep_pte_read(ptep), Entry(pfn_ + 1, kPtePresent | kPteNoExec));
}

TEST_F(OwnSlicesTest, WhatIsLeftIsALeakOfTheMm) {
  ASSERT_EQ(flushdep_pte_set(EntryOf(1), Entry(pfn_, kReadWrite)), 0);
  Clear();
  flushdep_mm_put(mm_);
  mm_ = nullptr;
  const std::vector<flushdep_event> clears = Events(FLUSHDEP_EV_PTE_CLEAR);
  ASSERT_EQ(clears.size(), 1u);
  EXPECT_EQ(clears[0].reason, FLUSHDEP_WHY_MERMAP_TEARDOWN);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_MAP_END), 0u);
}

TEST_F(PageTableTest, TheEndOfAccessIsTold) {
  flushdep_access_lost(mm_, area_, pfn_, 4);
  ASSERT_THAT(Kinds(), ElementsAre("ACCESS_LOST"));
  EXPECT_EQ(Events()[0].u.pte.va, reinterpret_cast<uint64_t>(area_));
  EXPECT_EQ(Events()[0].u.pte.pfn, pfn_);
  EXPECT_EQ(Events()[0].u.pte.npages, 4u);
  EXPECT_EQ(Events()[0].reason, FLUSHDEP_WHY_AREA_CLOSE);
}

// Random entries of several mms against a naive map; events say each change exactly.
TEST_F(PageTableTest, RandomEntriesAgreeWithAnOracle) {
  constexpr uint64_t kSeed = 7;
  printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  std::mt19937_64 random(kSeed);
  constexpr unsigned kPages = 1024;
  flushdep_pte_t* ptep = Populate(kPages);
  std::vector<Pte> oracle(kPages, 0);
  for (int op = 0; op < 5000; op++) {
    Clear();
    const unsigned index = random() % kPages;
    const Pte before = oracle[index];
    const Pte flags[] = {0, FLUSHDEP_PTE_SOFT, kPtePresent, kReadWrite};
    Pte pte = flags[random() % 4];
    if (PteIsPresent(pte)) pte |= (pfn_ + random() % 4) << kPageShift;
    ASSERT_EQ(flushdep_pte_set(ptep + index, pte), 0);
    oracle[index] = pte;
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_PTE_SET), PteIsPresent(pte) ? 1u : 0u);
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_PTE_CLEAR),
              !PteIsPresent(pte) && PteIsPresent(before) ? 1u : 0u);
  }
  for (unsigned i = 0; i < kPages; i++) ASSERT_EQ(flushdep_pte_read(ptep + i), oracle[i]) << i;
}

}  // namespace
}  // namespace flushdep::testing
