// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random allocations and frees against a naive oracle that knows every page.
// FLUSHDEP_TEST_SEED and FLUSHDEP_TEST_OPS change the run; the seed is printed.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "runtime/include/flushdep.h"
#include "runtime/memory/page_allocator.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = getenv(name);
  return text != nullptr ? strtoull(text, nullptr, 10) : otherwise;
}

struct Block {
  flushdep_pfn_t pfn;
  unsigned order;
  bool unmapped;
};

uint64_t FreePagesOfAllTypes() {
  AllocatorStats stats = ReadAllocatorStats();
  return stats.free_pages[0] + stats.free_pages[1];
}

class Oracle {
 public:
  explicit Oracle(uint64_t npages) : owned_(npages, false) {}

  void Allocate(const Block& block) {
    uint64_t end = block.pfn + (1ull << block.order);
    ASSERT_LE(end, owned_.size());
    ASSERT_NE(block.pfn, 0u);
    ASSERT_EQ(block.pfn % (1ull << block.order), 0u);
    for (uint64_t pfn = block.pfn; pfn < end; pfn++) {
      ASSERT_FALSE(owned_[pfn]) << "handed out twice: " << pfn;
      ASSERT_EQ(flushdep_direct_map_present(pfn), !block.unmapped);
      owned_[pfn] = true;
    }
    ASSERT_EQ(flushdep_page_unmapped(block.pfn), block.unmapped);
    total_ += 1ull << block.order;
  }
  void Free(const Block& block) {
    for (uint64_t i = 0; i < 1ull << block.order; i++) owned_[block.pfn + i] = false;
    total_ -= 1ull << block.order;
  }
  uint64_t total() const { return total_; }

 private:
  std::vector<bool> owned_;
  uint64_t total_ = 0;
};

TEST(AllocatorRandomTest, NoPageIsHandedOutTwiceOrLost) {
  uint64_t seed = FromEnvironment("FLUSHDEP_TEST_SEED", 1);
  uint64_t ops = FromEnvironment("FLUSHDEP_TEST_OPS", 200000);
  printf("seed %llu, %llu operations\n", static_cast<unsigned long long>(seed),
         static_cast<unsigned long long>(ops));
  SCOPED_TRACE("FLUSHDEP_TEST_SEED=" + std::to_string(seed));
  SetRecording(false);
  AllocatorStats start = ReadAllocatorStats();
  const uint64_t all = FreePagesOfAllTypes();
  std::mt19937_64 random(seed);
  Oracle oracle(flushdep_page_count());
  std::vector<Block> blocks;
  for (uint64_t op = 0; op < ops; op++) {
    // Drifts between mostly allocating and mostly freeing, so that both run dry.
    bool grow = random() % 100 < (op / 20000 % 2 == 0 ? 60u : 40u);
    if (grow) {
      unsigned order = random() % 64 == 0 ? random() % 11 : random() % 4;
      bool unmapped = random() % 2 == 0;
      flushdep_pfn_t pfn = flushdep_page_alloc(order, unmapped * FLUSHDEP_ALLOC_UNMAPPED);
      if (pfn == FLUSHDEP_PFN_NONE) continue;
      blocks.push_back({pfn, order, unmapped});
      ASSERT_NO_FATAL_FAILURE(oracle.Allocate(blocks.back())) << "op " << op;
    } else if (!blocks.empty()) {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      oracle.Free(blocks.back());
      flushdep_page_free(blocks.back().pfn, blocks.back().order);
      blocks.pop_back();
    }
    if (op % 1000 == 0) {
      ASSERT_EQ(FreePagesOfAllTypes() + oracle.total(), all) << "op " << op;
    }
  }
  for (const Block& block : blocks) flushdep_page_free(block.pfn, block.order);
  // Everything merged: what flipped back to mapped is as it was at the start.
  ASSERT_EQ(FreePagesOfAllTypes(), all);
  for (flushdep_pfn_t pfn; (pfn = flushdep_page_alloc(10, 0)) != FLUSHDEP_PFN_NONE;)
    blocks.push_back({pfn, 10, false});
  while (ReadAllocatorStats().free_pages[1] > 0) {
    flushdep_pfn_t pfn = flushdep_page_alloc(9, 0);
    ASSERT_NE(pfn, FLUSHDEP_PFN_NONE);
    blocks.push_back({pfn, 9, false});
  }
  for (const Block& block : blocks)
    if (block.order >= 9 && flushdep_page_refcount(block.pfn) == 1)
      flushdep_page_free(block.pfn, block.order);
  AllocatorStats end = ReadAllocatorStats();
  for (unsigned order = 0; order <= 10; order++)
    EXPECT_EQ(end.free_blocks[0][order], start.free_blocks[0][order]) << "order " << order;
  EXPECT_GT(end.flips_to[0], 0u);
  EXPECT_GT(end.flips_to[1], 0u);
  SetRecording(true);
}

TEST(AllocatorRandomTest, ThreadsNeverShareAPage) {
  SetRecording(false);
  const uint64_t all = FreePagesOfAllTypes();
  std::vector<std::atomic<uint8_t>> owner(flushdep_page_count());
  std::atomic<uint64_t> clashes{0};
  auto work = [&](uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<Block> blocks;
    auto free_last = [&] {
      Block block = blocks.back();
      blocks.pop_back();
      for (uint64_t i = 0; i < 1ull << block.order; i++) owner[block.pfn + i] = 0;
      flushdep_page_free(block.pfn, block.order);
    };
    for (int op = 0; op < 20000; op++) {
      if (random() % 2 == 0 || blocks.empty()) {
        unsigned order = random() % 4;
        bool unmapped = random() % 2 == 0;
        flushdep_pfn_t pfn = flushdep_page_alloc(order, unmapped * FLUSHDEP_ALLOC_UNMAPPED);
        if (pfn == FLUSHDEP_PFN_NONE) continue;
        for (uint64_t i = 0; i < 1ull << order; i++) clashes += owner[pfn + i].exchange(1);
        blocks.push_back({pfn, order, unmapped});
      } else {
        free_last();
      }
    }
    while (!blocks.empty()) free_last();
  };
  std::thread one(work, 1), two(work, 2), three(work, 3);
  one.join();
  two.join();
  three.join();
  EXPECT_EQ(clashes, 0u);
  EXPECT_EQ(FreePagesOfAllTypes(), all);
  SetRecording(true);
}

TEST(AllocatorRandomTest, OfTwoFreesAtOnceExactlyOneCounts) {
  SetRecording(false);
  const uint64_t all = FreePagesOfAllTypes();
  uint64_t refused = ReadAllocatorStats().refused_frees;
  for (int i = 0; i < 500; i++) {
    flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
    std::thread other([pfn] { flushdep_page_free(pfn, 0); });
    flushdep_page_free(pfn, 0);
    other.join();
  }
  EXPECT_EQ(FreePagesOfAllTypes(), all);
  EXPECT_EQ(ReadAllocatorStats().refused_frees - refused, 500u);
  SetRecording(true);
}

}  // namespace
}  // namespace flushdep::testing
