// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses that the machine sees: what is granted, refused and told, the same on both backends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "runtime/machine/layout.h"
#include "runtime/memory/backend.h"
#include "tests/runtime/support/recorder.h"
#include "tests/runtime/support/traps.h"

namespace flushdep::testing {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kPage = 4096;
constexpr unsigned kReadWrite = FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE;

uint64_t Va(const void* addr) { return reinterpret_cast<uint64_t>(addr); }

class AccessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(flushdep_mermap_prepare(flushdep_mm_current()), 0);
    pfn_ = flushdep_page_alloc(3, FLUSHDEP_ALLOC_UNMAPPED);
    mapped_ = flushdep_page_alloc(3, 0);
    Clear();
  }
  void TearDown() override {
    flushdep_page_free(pfn_, 3);
    flushdep_page_free(mapped_, 3);
    EXPECT_EQ(flushdep_migrate_count(), 0);
  }
  flushdep_mapping* Get(uint64_t npages, unsigned prot = kReadWrite) {
    flushdep_mapping* mapping = flushdep_mermap_get(pfn_, npages * kPage, prot);
    EXPECT_NE(mapping, nullptr);
    Clear();
    return mapping;
  }
  char* Addr(const flushdep_mapping* mapping) {
    return static_cast<char*>(flushdep_mermap_addr(mapping));
  }

  flushdep_pfn_t pfn_ = 0, mapped_ = 0;
};

TEST_F(AccessTest, EverySizeReadsWhatItWrote) {
  flushdep_mapping* mapping = Get(1);
  int ordinary[4] = {};
  for (char* base : {Direct(mapped_), Addr(mapping), reinterpret_cast<char*>(ordinary)})
    for (size_t size : {1u, 2u, 4u, 8u})
      for (size_t at : {0u, 1u, 3u}) {
        flushdep_fill(base, 0xee, 16);
        const uint64_t value = 0x1122334455667788;
        flushdep_store(base + at, value, size);
        const uint64_t mask = size == 8 ? ~0ull : (1ull << (8 * size)) - 1;
        EXPECT_EQ(flushdep_load(base + at, size), value & mask);
        EXPECT_EQ(flushdep_load(base + at + size, 1), 0xeeu);
      }
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 0u);
  flushdep_mermap_put(mapping);
}

TEST_F(AccessTest, ASizeThatIsNoneIsRefused) {
  char bytes[16];
  for (size_t size : {0u, 3u, 5u, 16u, 4096u}) {
    EXPECT_EXIT(flushdep_load(bytes, size), ::testing::ExitedWithCode(2), "1, 2, 4 and 8");
    EXPECT_EXIT(flushdep_store(bytes, 1, size), ::testing::ExitedWithCode(2), "1, 2, 4 and 8");
  }
}

TEST_F(AccessTest, AnAbsentPageIsRefusedAndToldAndAPresentOneIsNot) {
  EXPECT_TRUE(SeenStoreTraps(Direct(pfn_) + 5));
  const std::vector<flushdep_event> accesses = Events(FLUSHDEP_EV_ACCESS);
  ASSERT_EQ(accesses.size(), 1u);
  const flushdep_event& event = accesses[0];
  EXPECT_EQ(event.flags, FLUSHDEP_F_TRAPPED);
  EXPECT_EQ(event.u.access.va, Va(Direct(pfn_) + 5));
  EXPECT_EQ(event.u.access.size, 1u);
  EXPECT_EQ(event.u.access.pfn, pfn_);
  EXPECT_EQ(event.u.access.mm, 1u);
  EXPECT_EQ(event.u.access.flags, static_cast<uint32_t>(FLUSHDEP_ACCESS_WRITE));
  EXPECT_EQ(event.u.access.ucontext, 0u);
  EXPECT_NE(event.u.access.frame, 0u);
  EXPECT_NE(event.site, 0u);
  EXPECT_EQ(event.cpu, flushdep_cpu_current());
  Clear();
  EXPECT_TRUE(SeenLoadTraps(Direct(pfn_)));
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS)[0].u.access.flags, 0u);
  Clear();
  EXPECT_FALSE(SeenStoreTraps(Direct(mapped_)));
  EXPECT_FALSE(SeenLoadTraps(Direct(mapped_)));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 0u);
}

TEST_F(AccessTest, APageTakenOutByHandIsRefusedUntilItIsPutBack) {
  ASSERT_EQ(flushdep_direct_map_set(mapped_ + 1, 1, false), 0);
  EXPECT_FALSE(SeenLoadTraps(Direct(mapped_)));
  EXPECT_TRUE(SeenLoadTraps(Direct(mapped_ + 1)));
  EXPECT_FALSE(SeenLoadTraps(Direct(mapped_ + 2)));
  ASSERT_EQ(flushdep_direct_map_set(mapped_ + 1, 1, true), 0);
  EXPECT_FALSE(SeenStoreTraps(Direct(mapped_ + 1)));
}

TEST_F(AccessTest, APutMappingIsRefusedAndALiveOneIsNot) {
  flushdep_mapping* mapping = Get(1);
  char* addr = Addr(mapping);
  EXPECT_FALSE(SeenStoreTraps(addr));
  EXPECT_TRUE(SeenLoadTraps(addr + kPage)) << "one page was mapped";
  flushdep_mermap_put(mapping);
  Clear();
  EXPECT_TRUE(SeenLoadTraps(addr));
  ASSERT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 1u);
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS)[0].flags, FLUSHDEP_F_TRAPPED);
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS)[0].u.access.pfn, FLUSHDEP_NO_PFN);
}

TEST_F(AccessTest, AReadOnlyMappingRefusesStoresAndNotLoads) {
  flushdep_mapping* mapping = Get(2, FLUSHDEP_MAP_READ);
  EXPECT_FALSE(SeenLoadTraps(Addr(mapping)));
  EXPECT_TRUE(SeenStoreTraps(Addr(mapping) + kPage + 1));
  const std::vector<flushdep_event> accesses = Events(FLUSHDEP_EV_ACCESS);
  ASSERT_EQ(accesses.size(), 1u);
  EXPECT_EQ(accesses[0].u.access.pfn, pfn_ + 1);
  flushdep_mermap_put(mapping);
}

TEST_F(AccessTest, WhatNothingMapsIsRefused) {
  char* past = Direct(0) + flushdep_page_count() * kPage;
  EXPECT_TRUE(SeenLoadTraps(past));
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS).back().u.access.pfn, FLUSHDEP_NO_PFN);
  EXPECT_TRUE(SeenStoreTraps(reinterpret_cast<char*>(FLUSHDEP_WINDOW_END - 8)));
  EXPECT_TRUE(SeenLoadTraps(flushdep_mermap_slice_start(flushdep_mm_current(), 3)));
}

TEST_F(AccessTest, AnotherCpusSliceIsToldAndDoneAndThisCpusIsNotTold) {
  flushdep_mapping* mapping = Get(2);
  flushdep_store(Addr(mapping), 77, 8);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 0u);
  char* addr = Addr(mapping);
  std::thread([&] {
    ASSERT_EQ(flushdep_cpu_current(), 1u);
    EXPECT_EQ(flushdep_load(addr, 8), 77u);
    flushdep_store(addr + kPage, 78, 8);
  }).join();
  EXPECT_EQ(flushdep_load(addr + kPage, 8), 78u);
  const std::vector<flushdep_event> accesses = Events(FLUSHDEP_EV_ACCESS);
  ASSERT_EQ(accesses.size(), 2u);
  for (const flushdep_event& event : accesses) {
    EXPECT_EQ(event.flags, 0u);
    EXPECT_EQ(event.cpu, 1u);
    EXPECT_EQ(event.u.access.size, 8u);
    EXPECT_NE(event.site, 0u);
  }
  EXPECT_EQ(accesses[0].u.access.pfn, pfn_);
  EXPECT_EQ(accesses[0].u.access.flags, 0u);
  EXPECT_EQ(accesses[1].u.access.pfn, pfn_ + 1);
  EXPECT_EQ(accesses[1].u.access.flags, static_cast<uint32_t>(FLUSHDEP_ACCESS_WRITE));
  flushdep_mermap_put(mapping);
}

TEST_F(AccessTest, AnotherCpusReadOnlyMappingRefusesStoresToo) {
  flushdep_mapping* mapping = Get(1, FLUSHDEP_MAP_READ);
  bool trapped = false;
  std::thread([&] { trapped = SeenStoreTraps(Addr(mapping)); }).join();
  EXPECT_TRUE(trapped);
  ASSERT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 1u);
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS)[0].flags, FLUSHDEP_F_TRAPPED);
  flushdep_mermap_put(mapping);
}

TEST_F(AccessTest, AnMmThatIsNotLoadedIsOutOfReachAndALazyOneIsNot) {
  flushdep_mm* mm = flushdep_mm_current();
  flushdep_mm* other = flushdep_mm_create();
  flushdep_mapping* mapping = Get(1);
  flushdep_store(Addr(mapping), 5, 8);
  flushdep_mm_switch(nullptr);  // a kernel thread keeps it loaded
  Clear();
  EXPECT_EQ(flushdep_load(Addr(mapping), 8), 5u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 0u);
  flushdep_mm_switch(other);
  EXPECT_TRUE(SeenLoadTraps(Addr(mapping)));
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS)[0].u.access.mm, flushdep_mm_id(other));
  flushdep_mm_switch(mm);
  EXPECT_EQ(flushdep_load(Addr(mapping), 8), 5u);
  flushdep_mermap_put(mapping);
  flushdep_mm_put(other);
}

TEST_F(AccessTest, AnAccessOverTwoPagesIsJudgedPageByPage) {
  flushdep_store(Direct(mapped_) + kPage - 3, 0x1122334455667788, 8);
  EXPECT_EQ(flushdep_load(Direct(mapped_) + kPage - 3, 8), 0x1122334455667788u);
  EXPECT_EQ(flushdep_load(Direct(mapped_ + 1), 1), 0x55u);
  ASSERT_EQ(flushdep_direct_map_set(mapped_ + 1, 1, false), 0);
  Clear();
  EXPECT_TRUE(Traps([&] { flushdep_load(Direct(mapped_) + kPage - 3, 8); }));
  ASSERT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 1u);
  const flushdep_event event = Events(FLUSHDEP_EV_ACCESS)[0];
  EXPECT_EQ(event.u.access.va, Va(Direct(mapped_ + 1)));
  EXPECT_EQ(event.u.access.size, 5u);
  EXPECT_EQ(event.u.access.pfn, mapped_ + 1);
  ASSERT_EQ(flushdep_direct_map_set(mapped_ + 1, 1, true), 0);
}

TEST_F(AccessTest, RangesAreDoneAsFarAsTheyAreAllowed) {
  char bytes[4 * kPage];
  memset(bytes, 'x', sizeof(bytes));
  flushdep_fill(Direct(mapped_), 'a', 4 * kPage);
  ASSERT_EQ(flushdep_direct_map_set(mapped_ + 2, 1, false), 0);
  Clear();
  EXPECT_TRUE(Traps([&] { flushdep_copy_to(Direct(mapped_) + 1, bytes, sizeof(bytes)); }));
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS)[0].u.access.flags,
            static_cast<uint32_t>(FLUSHDEP_ACCESS_WRITE | FLUSHDEP_ACCESS_RANGE));
  EXPECT_EQ(flushdep_load(Direct(mapped_), 1), uint64_t{'a'});
  EXPECT_EQ(flushdep_load(Direct(mapped_ + 2) - 1, 1), uint64_t{'x'});
  EXPECT_EQ(flushdep_load(Direct(mapped_ + 3), 1), uint64_t{'a'});
  Clear();
  EXPECT_TRUE(Traps([&] { flushdep_copy_from(bytes, Direct(mapped_), sizeof(bytes)); }));
  EXPECT_EQ(Events(FLUSHDEP_EV_ACCESS)[0].u.access.flags,
            static_cast<uint32_t>(FLUSHDEP_ACCESS_RANGE));
  EXPECT_TRUE(Traps([&] { flushdep_fill(Direct(mapped_), 0, sizeof(bytes)); }));
  EXPECT_FALSE(Traps([&] { flushdep_fill(Direct(mapped_), 0, 2 * kPage); }));
  ASSERT_EQ(flushdep_direct_map_set(mapped_ + 2, 1, true), 0);
}

TEST_F(AccessTest, CopiesBetweenSimulatedPages) {
  flushdep_mapping* mapping = Get(3);
  for (uint64_t i = 0; i < 3 * kPage; i += 8) flushdep_store(Direct(mapped_) + i, i, 8);
  flushdep_copy_to(Addr(mapping) + 40, Direct(mapped_), 2 * kPage + 100);
  for (uint64_t i = 0; i < 2 * kPage + 96; i += 8)
    ASSERT_EQ(flushdep_load(Addr(mapping) + 40 + i, 8), i);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_ACCESS), 0u);
  flushdep_mermap_put(mapping);
}

TEST_F(AccessTest, TranslateGivesTheHostsAddressOrRefuses) {
  flushdep_mapping* mapping = Get(2);
  char* host = static_cast<char*>(flushdep_translate(Addr(mapping) + 8, kPage, kReadWrite));
  ASSERT_NE(host, nullptr);
  EXPECT_EQ(host == Addr(mapping) + 8, !OnModelBackend());
  strcpy(host, "through");
  char text[8] = {};
  flushdep_copy_from(text, Addr(mapping) + 8, 8);
  EXPECT_STREQ(text, "through");
  EXPECT_EQ(memcmp(HostAddress(pfn_) + 8, "through", 8), 0);
  int ordinary = 0;
  EXPECT_EQ(flushdep_translate(&ordinary, sizeof(ordinary), kReadWrite), &ordinary);
  EXPECT_TRUE(
      Traps([&] { flushdep_translate(Addr(mapping) + kPage, kPage + 1, FLUSHDEP_MAP_READ); }));
  EXPECT_TRUE(Traps([&] { flushdep_translate(Direct(pfn_), 1, FLUSHDEP_MAP_READ); }));
  // Two mappings next to each other, of pages that are not.
  flushdep_mapping* next = flushdep_mermap_get(pfn_ + 5, kPage, kReadWrite);
  ASSERT_EQ(Addr(next), Addr(mapping) + 2 * kPage);
  void* both = flushdep_translate(Addr(next) - 8, 16, FLUSHDEP_MAP_READ);
  EXPECT_EQ(both, OnModelBackend() ? nullptr : Addr(next) - 8);
  flushdep_mermap_put(next);
  flushdep_mermap_put(mapping);
}

TEST_F(AccessTest, WithoutAHandlerTheProcessDiesBySegvAfterItsReports) {
  std::string text;
  const int status = RunInChild([&] { flushdep_store(Direct(pfn_), 1, 8); }, &text);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
  EXPECT_EQ(text.rfind("drained\nflushdep: store to 0x7e8", 0), 0u) << text;
}

TEST_F(AccessTest, AnAccessMayBeAThreadsFirstCall) {
  const flushdep_pfn_t pfn = pfn_;
  bool trapped = false;
  std::thread([&] { trapped = SeenLoadTraps(Direct(pfn)); }).join();
  EXPECT_TRUE(trapped);
  uint64_t value = 0;
  flushdep_store(Direct(mapped_), 9, 8);
  std::thread([&] { value = flushdep_load(Direct(mapped_), 8); }).join();
  EXPECT_EQ(value, 9u);
}

// Random accesses against the bytes and permissions that a naive oracle keeps.
TEST_F(AccessTest, RandomRangesAgainstAnOracle) {
  const char* given = getenv("FLUSHDEP_TEST_SEED");
  const uint64_t seed = given != nullptr ? strtoull(given, nullptr, 10) : 1;
  printf("FLUSHDEP_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  SetRecording(false);
  SetQuiet(true);
  std::mt19937_64 random(seed);
  constexpr uint64_t kPages = 8;
  std::vector<uint8_t> bytes(kPages * kPage, 0), buffer(kPages * kPage);
  std::vector<bool> present(kPages, true);
  flushdep_fill(Direct(mapped_), 0, kPages * kPage);
  for (int op = 0; op < 5000; op++) {
    if (random() % 4 == 0) {
      const uint64_t page = random() % kPages;
      present[page] = random() % 3 != 0;
      ASSERT_EQ(flushdep_direct_map_set(mapped_ + page, 1, present[page]), 0);
    }
    const uint64_t start = random() % bytes.size();
    const uint64_t size = 1 + random() % (bytes.size() - start);
    uint64_t allowed = 0;
    while (allowed < size && present[(start + allowed) / kPage]) allowed++;
    const bool write = random() % 2 == 0;
    const uint8_t fill = static_cast<uint8_t>(random());
    const bool trapped = Traps([&] {
      if (write)
        flushdep_fill(Direct(mapped_) + start, fill, size);
      else
        flushdep_copy_from(buffer.data(), Direct(mapped_) + start, size);
    });
    ASSERT_EQ(trapped, allowed < size) << "op " << op;
    if (write)
      memset(bytes.data() + start, fill, allowed);
    else
      ASSERT_EQ(memcmp(bytes.data() + start, buffer.data(), allowed), 0) << "op " << op;
  }
  SetQuiet(false);
  SetRecording(true);
  ASSERT_EQ(flushdep_direct_map_set(mapped_, kPages, true), 0);
  EXPECT_EQ(memcmp(HostAddress(mapped_), bytes.data(), bytes.size()), 0);
}

// What nobody instrumented cannot reach a mapping of the model backend; it is told why.
TEST(ModelAccessTest, AnOrdinaryAccessToAMappingSaysWhatWouldReachIt) {
  flushdep_mermap_prepare(flushdep_mm_current());
  const flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = flushdep_mermap_get(pfn, kPage, kReadWrite);
  std::string text;
  const int status =
      RunInChild([&] { *static_cast<volatile char*>(flushdep_mermap_addr(mapping)) = 1; }, &text);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
  EXPECT_THAT(text, HasSubstr("with backend=model only instrumented code, flushdep_load()"));
  flushdep_mermap_put(mapping);
  flushdep_page_free(pfn, 0);
}

}  // namespace
}  // namespace flushdep::testing
