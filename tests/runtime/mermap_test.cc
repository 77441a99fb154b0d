// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mermap through the C API: events, flushes, failures, teardown.
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "runtime/include/flushdep.h"
#include "runtime/machine/limits.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

using ::testing::ElementsAre;

constexpr unsigned kReadWrite = FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE;
constexpr uint64_t kPage = 4096;

class MermapTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(flushdep_cpu_current(), 0u);
    first_ = flushdep_mm_current();
    // A fresh mm, and so a fresh slice, for every test.
    mm_ = flushdep_mm_create();
    flushdep_mm_switch(mm_);
    pfn_ = flushdep_page_alloc(9, FLUSHDEP_ALLOC_UNMAPPED);
    ASSERT_NE(pfn_, FLUSHDEP_PFN_NONE);
    ASSERT_EQ(flushdep_mermap_prepare(mm_), 0);
    Clear();
  }
  void TearDown() override {
    flushdep_mm_switch(first_);
    flushdep_mm_put(mm_);
    flushdep_page_free(pfn_, 9);
    EXPECT_EQ(flushdep_migrate_count(), 0);
    EXPECT_EQ(flushdep_preempt_count(), 0);
  }
  // Gets and puts `npages` pages; false if the get failed.
  bool Cycle(uint64_t npages) {
    flushdep_mapping* mapping = flushdep_mermap_get(pfn_, npages * kPage, kReadWrite);
    if (mapping != nullptr) flushdep_mermap_put(mapping);
    return mapping != nullptr;
  }
  uint64_t SliceStart(unsigned cpu) {
    return reinterpret_cast<uint64_t>(flushdep_mermap_slice_start(mm_, cpu));
  }

  flushdep_mm* first_ = nullptr;
  flushdep_mm* mm_ = nullptr;
  flushdep_pfn_t pfn_ = 0;
};

TEST_F(MermapTest, GetAndPutTellWhatTheyDoInOrder) {
  flushdep_mapping* mapping = flushdep_mermap_get(pfn_ + 1, kPage + 1, kReadWrite);
  ASSERT_NE(mapping, nullptr);
  EXPECT_EQ(flushdep_migrate_count(), 1);
  char* addr = static_cast<char*>(flushdep_mermap_addr(mapping));
  flushdep_copy_to(addr + kPage, "secret", 7);
  flushdep_mermap_put(mapping);
  EXPECT_EQ(flushdep_migrate_count(), 0);
  EXPECT_THAT(Kinds(),
              ElementsAre("CONTEXT", "PTE_SET", "MAP_BEGIN", "PTE_CLEAR", "MAP_END", "CONTEXT"));
  std::vector<flushdep_event> events = Events();
  const flushdep_event_pte& set = events[1].u.pte;
  EXPECT_EQ(set.va, reinterpret_cast<uint64_t>(addr));
  EXPECT_EQ(set.va, SliceStart(0));
  EXPECT_EQ(set.pfn, pfn_ + 1);
  EXPECT_EQ(set.old_pfn, FLUSHDEP_NO_PFN);
  EXPECT_EQ(set.npages, 2u);
  EXPECT_EQ(set.mm, flushdep_mm_id(mm_));
  EXPECT_EQ(set.level, FLUSHDEP_LEVEL_PTE);
  EXPECT_EQ(set.prot, FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE);
  const flushdep_event_map& begin = events[2].u.map;
  EXPECT_NE(begin.handle, 0u);
  EXPECT_EQ(begin.handle, set.handle);
  EXPECT_EQ(begin.owner_cpu, 0u);
  EXPECT_EQ(begin.owner_thread, events[2].thread);
  EXPECT_EQ(events[3].u.pte.handle, begin.handle);
  EXPECT_EQ(events[3].u.pte.old_prot, set.prot);
  EXPECT_EQ(events[4].u.map.handle, begin.handle);
  EXPECT_EQ(events[4].flags, 0u);
  EXPECT_EQ(events[1].reason, FLUSHDEP_WHY_MERMAP_GET);
  EXPECT_EQ(events[4].reason, FLUSHDEP_WHY_MERMAP_PUT);
  for (const flushdep_event& event : events) EXPECT_NE(event.site, 0u);
}

TEST_F(MermapTest, WhatIsWrittenIsFoundAtTheNextGet) {
  flushdep_mapping* mapping = flushdep_mermap_get(pfn_, kPage, kReadWrite);
  flushdep_copy_to(flushdep_mermap_addr(mapping), "kept", 5);
  flushdep_mermap_put(mapping);
  mapping = flushdep_mermap_get(pfn_, kPage, FLUSHDEP_MAP_READ);
  char text[5] = {};
  flushdep_copy_from(text, flushdep_mermap_addr(mapping), 5);
  EXPECT_STREQ(text, "kept");
  flushdep_mermap_put(mapping);
}

TEST_F(MermapTest, FillingASlicePageByPageFlushesAsPredicted) {
  constexpr unsigned kRounds = 3;
  flushdep_mermap_stats before, after;
  flushdep_mermap_read_stats(&before);
  for (unsigned i = 0; i < kRounds * kSliceUsablePages + 1; i++) ASSERT_TRUE(Cycle(1));
  flushdep_mermap_read_stats(&after);
  EXPECT_EQ(after.wraps - before.wraps, kRounds);
  EXPECT_EQ(after.gets - before.gets, kRounds * kSliceUsablePages + 1);
  EXPECT_EQ(after.puts - before.puts, kRounds * kSliceUsablePages + 1);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), kRounds);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ACK), kRounds);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_MAP_REWIND), kRounds);
}

TEST_F(MermapTest, AWrapIsOneLocalFlushBeforeTheAddressesComeBack) {
  flushdep_mapping* bottom = flushdep_mermap_get(pfn_, 10 * kPage, kReadWrite);
  ASSERT_TRUE(Cycle(kSliceUsablePages - 10));
  Clear();
  ASSERT_TRUE(Cycle(kSliceUsablePages - 10));
  EXPECT_THAT(Kinds(),
              ElementsAre("CONTEXT", "FLUSH_ISSUE", "FLUSH_ACK", "FLUSH_RETURN", "MAP_REWIND",
                          "PTE_SET", "MAP_BEGIN", "PTE_CLEAR", "MAP_END", "CONTEXT"));
  std::vector<flushdep_event> events = Events();
  EXPECT_EQ(events[1].u.flush.req_what, FLUSHDEP_FLUSH_EVERYTHING);
  EXPECT_EQ(events[1].u.flush.req_who, FLUSHDEP_CPUS_LOCAL);
  EXPECT_EQ(events[1].reason, FLUSHDEP_WHY_MERMAP_WRAP);
  EXPECT_EQ(events[1].flags, FLUSHDEP_F_INTERNAL);
  EXPECT_EQ(events[2].cpu, 0u);
  EXPECT_EQ(events[4].u.map.va, SliceStart(0) + 10 * kPage);
  EXPECT_EQ(events[4].u.map.npages, kSliceUsablePages - 10);
  EXPECT_EQ(events[5].u.pte.va, SliceStart(0) + 10 * kPage);
  flushdep_mermap_put(bottom);
}

TEST_F(MermapTest, UpToTheSliceMinusTheReserveAndNotOnePageMore) {
  EXPECT_TRUE(Cycle(kSliceUsablePages));
  Clear();
  EXPECT_FALSE(Cycle(kSliceUsablePages + 1));
  EXPECT_THAT(Kinds(), ElementsAre("CONTEXT", "CONTEXT", "MAP_FAIL"));
  EXPECT_EQ(Events()[2].u.map.cause, FLUSHDEP_MAP_FAIL_SPACE);
  EXPECT_EQ(flushdep_migrate_count(), 0);
}

TEST_F(MermapTest, FourLiveThenNoneThenTheReserveStillServes) {
  std::vector<flushdep_mapping*> live;
  for (unsigned i = 0; i < kLivePerSlice; i++) {
    live.push_back(flushdep_mermap_get(pfn_ + i, kPage, kReadWrite));
    ASSERT_NE(live.back(), nullptr);
  }
  EXPECT_EQ(flushdep_migrate_count(), 4);
  EXPECT_EQ(flushdep_mermap_get(pfn_, kPage, kReadWrite), nullptr);
  EXPECT_EQ(Events().back().u.map.cause, FLUSHDEP_MAP_FAIL_SLOTS);
  EXPECT_EQ(flushdep_migrate_count(), 4);
  flushdep_preempt_disable();
  flushdep_mapping* reserved = flushdep_mermap_get_reserved(pfn_ + 9, kReadWrite);
  ASSERT_NE(reserved, nullptr);
  char* addr = static_cast<char*>(flushdep_mermap_addr(reserved));
  EXPECT_EQ(addr + kPage, flushdep_mermap_slice_end(mm_, 0));
  flushdep_store(addr, 1, 1);
  flushdep_mermap_put(reserved);
  flushdep_preempt_enable();
  for (flushdep_mapping* mapping : live) flushdep_mermap_put(mapping);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u);
}

TEST_F(MermapTest, TheReservedAddressIsFlushedBeforeItsSecondUse) {
  flushdep_preempt_disable();
  flushdep_mermap_put(flushdep_mermap_get_reserved(pfn_, kReadWrite));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), 0u);
  Clear();
  flushdep_mermap_put(flushdep_mermap_get_reserved(pfn_ + 1, kReadWrite));
  flushdep_preempt_enable();
  EXPECT_THAT(Kinds(), ElementsAre("FLUSH_ISSUE", "FLUSH_ACK", "FLUSH_RETURN", "MAP_REWIND",
                                   "PTE_SET", "MAP_BEGIN", "PTE_CLEAR", "MAP_END", "CONTEXT"));
  const flushdep_event_flush flush = Events()[0].u.flush;
  EXPECT_EQ(flush.req_what, FLUSHDEP_FLUSH_SPACE_RANGE);
  EXPECT_EQ(flush.req_who, FLUSHDEP_CPUS_LOCAL);
  EXPECT_EQ(flush.mm, flushdep_mm_id(mm_));
  EXPECT_EQ(flush.end - flush.start, kPage);
}

TEST_F(MermapTest, AWrapFlushesTheReservedAddressToo) {
  flushdep_preempt_disable();
  flushdep_mermap_put(flushdep_mermap_get_reserved(pfn_, kReadWrite));
  ASSERT_TRUE(Cycle(kSliceUsablePages));
  ASSERT_TRUE(Cycle(1));  // wraps
  Clear();
  flushdep_mermap_put(flushdep_mermap_get_reserved(pfn_ + 1, kReadWrite));
  flushdep_preempt_enable();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ISSUE), 0u);
}

TEST_F(MermapTest, TheReserveNeedsPreemptionOffFromGetToPut) {
  EXPECT_EQ(flushdep_mermap_get_reserved(pfn_, kReadWrite), nullptr);
  EXPECT_THAT(Kinds(), ElementsAre("WRONG_CONTEXT", "MAP_FAIL"));
  EXPECT_EQ(Events()[0].u.context.api, static_cast<uint32_t>(FLUSHDEP_WHY_MERMAP_GET_RESERVED));
  EXPECT_EQ(Events()[0].flags, FLUSHDEP_F_FAILED);
  flushdep_preempt_disable();
  flushdep_mapping* mapping = flushdep_mermap_get_reserved(pfn_, kReadWrite);
  flushdep_preempt_enable();
  Clear();
  flushdep_mermap_put(mapping);
  EXPECT_THAT(Kinds(), ElementsAre("PTE_CLEAR", "MAP_END", "WRONG_CONTEXT"));
}

TEST_F(MermapTest, NotReadyInvalidAndUnpreparedFailCleanly) {
  struct {
    flushdep_pfn_t pfn;
    size_t size;
    unsigned prot;
  } bad[] = {{pfn_, 0, kReadWrite},
             {pfn_, kPage, 0},
             {pfn_, kPage, FLUSHDEP_MAP_WRITE},
             {pfn_, kPage, kReadWrite | 16},
             {flushdep_page_count(), kPage, kReadWrite},
             {flushdep_page_count() - 1, 2 * kPage, kReadWrite},
             {pfn_, ~0ul, kReadWrite}};
  for (const auto& request : bad) {
    Clear();
    EXPECT_EQ(flushdep_mermap_get(request.pfn, request.size, request.prot), nullptr);
    ASSERT_EQ(Events().back().kind, FLUSHDEP_EV_MAP_FAIL);
    EXPECT_EQ(Events().back().u.map.cause, FLUSHDEP_MAP_FAIL_INVALID);
    EXPECT_EQ(flushdep_migrate_count(), 0);
  }
  EXPECT_TRUE(flushdep_mermap_ready());
  flushdep_mm* bare = flushdep_mm_create();
  for (flushdep_mm* mm : {bare, static_cast<flushdep_mm*>(nullptr)}) {
    flushdep_mm_switch(mm);
    EXPECT_FALSE(flushdep_mermap_ready());
    EXPECT_EQ(flushdep_mermap_get(pfn_, kPage, kReadWrite), nullptr);
    EXPECT_EQ(Events().back().u.map.cause, FLUSHDEP_MAP_FAIL_NOT_READY);
    EXPECT_EQ(flushdep_migrate_count(), 0);
  }
  flushdep_mm_switch(mm_);
  flushdep_mm_put(bare);
  EXPECT_EQ(flushdep_mermap_prepare(nullptr), -EINVAL);
}

TEST_F(MermapTest, PrepareIsIdempotentAndTellsTheRegionOnce) {
  flushdep_mm* mm = flushdep_mm_create();
  Clear();
  EXPECT_EQ(flushdep_mermap_prepare(mm), 0);
  EXPECT_EQ(flushdep_mermap_prepare(mm), 0);
  // Tables first, the region last: PGD, PUD, PMD, and a table for each of four slices.
  std::vector<std::string> kinds = Kinds();
  ASSERT_EQ(kinds.back(), "REGION");
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "REGION"), 1);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_TABLE_LINK), 3u + 4u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_PAGE_ALLOC), 3u + 4u);
  const flushdep_event_region region = Events().back().u.region;
  EXPECT_EQ(region.type, static_cast<uint32_t>(FLUSHDEP_REGION_MERMAP));
  EXPECT_EQ(region.mm, flushdep_mm_id(mm));
  EXPECT_EQ(region.slice_pages, 512u);
  EXPECT_EQ(region.reserved_pages, 1u);
  EXPECT_EQ(region.start, reinterpret_cast<uint64_t>(flushdep_mermap_slice_start(mm, 0)));
  EXPECT_EQ(region.end, reinterpret_cast<uint64_t>(flushdep_mermap_slice_end(mm, 3)));
  EXPECT_EQ(flushdep_mermap_slice_start(mm, 4), nullptr);
  flushdep_mm_put(mm);
}

TEST_F(MermapTest, PrepareFromManyThreadsTellsTheRegionOnce) {
  flushdep_mm* mm = flushdep_mm_create();
  Clear();
  std::thread one([mm] { flushdep_mermap_prepare(mm); });
  std::thread two([mm] { flushdep_mermap_prepare(mm); });
  flushdep_mermap_prepare(mm);
  one.join();
  two.join();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_REGION), 1u);
  flushdep_mm_put(mm);
}

TEST_F(MermapTest, ADoublePutIsToldAndChangesNothing) {
  flushdep_mapping* mapping = flushdep_mermap_get(pfn_, kPage, kReadWrite);
  uint64_t handle = Events().back().u.map.handle;
  flushdep_mermap_put(mapping);
  // The next mapping is another handle, which the second put does not end.
  flushdep_mapping* other = flushdep_mermap_get(pfn_ + 1, kPage, kReadWrite);
  Clear();
  flushdep_mermap_put(mapping);
  ASSERT_THAT(Kinds(), ElementsAre("MAP_END"));
  EXPECT_EQ(Events()[0].flags, FLUSHDEP_F_FAILED);
  EXPECT_EQ(Events()[0].u.map.handle, handle);
  EXPECT_EQ(flushdep_migrate_count(), 1);
  flushdep_store(flushdep_mermap_addr(other), 1, 1);
  flushdep_mermap_put(other);
}

TEST_F(MermapTest, PutOfWhatIsNoHandleIsTold) {
  int local = 0;
  flushdep_mermap_put(nullptr);
  flushdep_mermap_put(reinterpret_cast<flushdep_mapping*>(&local));
  ASSERT_THAT(Kinds(), ElementsAre("MAP_END", "MAP_END"));
  for (const flushdep_event& event : Events()) EXPECT_EQ(event.flags, FLUSHDEP_F_FAILED);
}

TEST_F(MermapTest, APutOnAnotherCpuTellsBothCpus) {
  flushdep_mapping* mapping = flushdep_mermap_get(pfn_, kPage, kReadWrite);
  Clear();
  std::thread([mapping] { flushdep_mermap_put(mapping); }).join();
  std::vector<flushdep_event> ends = Events(FLUSHDEP_EV_MAP_END);
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].cpu, 1u);
  EXPECT_EQ(ends[0].flags, 0u);
  EXPECT_EQ(ends[0].u.map.owner_cpu, 0u);
  EXPECT_NE(ends[0].thread, ends[0].u.map.owner_thread);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_CONTEXT), 0u);
  flushdep_migrate_enable();  // what the owner is still owed
}

TEST_F(MermapTest, APutInAnotherMmTellsTheMmOfTheMapping) {
  flushdep_mapping* mapping = flushdep_mermap_get(pfn_, kPage, kReadWrite);
  flushdep_mm_switch(first_);
  Clear();
  flushdep_mermap_put(mapping);
  EXPECT_EQ(Events(FLUSHDEP_EV_MAP_END)[0].u.map.mm, flushdep_mm_id(mm_));
  EXPECT_EQ(Events(FLUSHDEP_EV_PTE_CLEAR)[0].u.pte.mm, flushdep_mm_id(mm_));
  flushdep_mm_switch(mm_);
}

TEST_F(MermapTest, EveryCpuHasASliceOfItsOwn) {
  std::thread([this] {
    flushdep_mm_switch(mm_);
    flushdep_mapping* mapping = flushdep_mermap_get(pfn_, kPage, kReadWrite);
    EXPECT_EQ(reinterpret_cast<uint64_t>(flushdep_mermap_addr(mapping)), SliceStart(1));
    flushdep_mermap_put(mapping);
  }).join();
  EXPECT_EQ(SliceStart(1) - SliceStart(0), kSlicePages * kPage);
}

TEST_F(MermapTest, TeardownClearsLiveMappingsOfAllCpusWithoutAPut) {
  flushdep_mm* mm = flushdep_mm_create();
  flushdep_mermap_prepare(mm);
  flushdep_mm_switch(mm);
  ASSERT_NE(flushdep_mermap_get(pfn_, kPage, kReadWrite), nullptr);
  std::thread([mm, this] {
    flushdep_mm_switch(mm);
    ASSERT_NE(flushdep_mermap_get(pfn_ + 1, kPage, kReadWrite), nullptr);
  }).join();
  flushdep_mm_switch(mm_);
  Clear();
  flushdep_mm_put(mm);
  EXPECT_THAT(Kinds(), ElementsAre("PTE_CLEAR", "PTE_CLEAR", "REGION_END", "MM_END"));
  std::vector<flushdep_event> events = Events();
  EXPECT_EQ(events[0].u.pte.pfn, pfn_);
  EXPECT_EQ(events[1].u.pte.pfn, pfn_ + 1);
  EXPECT_EQ(events[0].reason, FLUSHDEP_WHY_MERMAP_TEARDOWN);
  flushdep_migrate_enable();
}

}  // namespace
}  // namespace flushdep::testing
