// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random allocations and frees of all kinds against a naive oracle that knows every page.
// FLUSHDEP_TEST_SEED and FLUSHDEP_TEST_OPS change the run; the seed is printed.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

uint64_t NumberFrom(const char* name, uint64_t otherwise) {
  const char* text = getenv(name);
  return text != nullptr ? strtoull(text, nullptr, 10) : otherwise;
}

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

enum class Kind { Mapped, Unmapped, Movable, Reclaimable };

constexpr unsigned FlagsOf(Kind kind) {
  switch (kind) {
    case Kind::Unmapped:
      return FLUSHDEP_ALLOC_UNMAPPED;
    case Kind::Movable:
      return FLUSHDEP_ALLOC_MOVABLE;
    case Kind::Reclaimable:
      return FLUSHDEP_ALLOC_RECLAIMABLE;
    default:
      return 0;
  }
}

uint64_t* Tag(flushdep_pfn_t pfn) { return static_cast<uint64_t*>(flushdep_page_address(pfn)); }

// Knows of each page whether somebody owns it; may be asked by any thread.
class Oracle {
 public:
  explicit Oracle(uint64_t npages) : owned_(npages) {}

  void Own(flushdep_pfn_t pfn, unsigned order) {
    if (pfn == 0 || pfn % (1ull << order) != 0 || pfn + (1ull << order) > owned_.size()) wrong_++;
    for (uint64_t i = 0; i < 1ull << order; i++) wrong_ += owned_[pfn + i].exchange(1);
    total_ += 1ull << order;
  }
  void Disown(flushdep_pfn_t pfn, unsigned order) {
    for (uint64_t i = 0; i < 1ull << order; i++) wrong_ += 1 - owned_[pfn + i].exchange(0);
    total_ -= 1ull << order;
  }
  uint64_t total() const { return total_; }
  uint64_t wrong() const { return wrong_; }

 private:
  std::vector<std::atomic<uint8_t>> owned_;
  std::atomic<uint64_t> total_{0}, wrong_{0};
};

// An allocation and its owner, who has it moved if it is movable.
struct Block {
  std::mutex lock;  // between its owner and who moves it
  flushdep_pfn_t pfn;
  unsigned order;
  Kind kind;
  Oracle* oracle;
  uint64_t tag;
};

bool IsolateBlock(flushdep_pfn_t pfn, void* arg) {
  Block* block = static_cast<Block*>(arg);
  if (!block->lock.try_lock()) return false;
  if (block->pfn == pfn) return true;
  block->lock.unlock();
  return false;
}

int MigrateBlock(flushdep_pfn_t from, flushdep_pfn_t to, void* arg) {
  Block* block = static_cast<Block*>(arg);
  EXPECT_EQ(*Tag(to), block->tag);
  block->oracle->Own(to, block->order);
  block->oracle->Disown(from, block->order);
  block->pfn = to;
  block->lock.unlock();
  return 0;
}

void PutBackBlock(flushdep_pfn_t, void* arg) { static_cast<Block*>(arg)->lock.unlock(); }

constexpr flushdep_movable_ops kOps = {IsolateBlock, MigrateBlock, PutBackBlock};

// One thread's allocations.
class Churn {
 public:
  Churn(Oracle* oracle, uint64_t seed) : oracle_(oracle), random_(seed) {}
  ~Churn() { FreeAll(); }

  void Step(unsigned percent_alloc) {
    if (random_() % 100 < percent_alloc)
      Allocate();
    else
      FreeOne();
  }
  // Blocks outlive their pages: a mover that comes late still finds the lock.
  void FreeAll() {
    while (!blocks_.empty()) FreeOne();
  }

 private:
  void Allocate() {
    unsigned order = random_() % 64 == 0 ? random_() % 11 : random_() % 4;
    Kind kind = static_cast<Kind>(random_() % 4);
    unsigned compound = random_() % 2 == 0 ? unsigned{FLUSHDEP_ALLOC_COMPOUND} : 0;
    flushdep_pfn_t pfn = flushdep_page_alloc(order, FlagsOf(kind) | compound);
    if (pfn == FLUSHDEP_PFN_NONE) return;
    oracle_->Own(pfn, order);
    bool unmapped = kind == Kind::Unmapped;
    for (uint64_t i = 0; i < 1ull << order; i++) {
      EXPECT_EQ(flushdep_direct_map_present(pfn + i), !unmapped);
      EXPECT_EQ(flushdep_page_unmapped(pfn + i), unmapped);
    }
    Block* block = NewBlock();
    std::lock_guard<std::mutex> guard(block->lock);
    block->pfn = pfn;
    block->order = order;
    block->kind = kind;
    block->oracle = oracle_;
    block->tag = random_();
    if (!unmapped) *Tag(pfn) = block->tag;
    if (kind == Kind::Movable) {
      EXPECT_EQ(flushdep_page_set_movable(pfn, &kOps, block), 0);
    }
    blocks_.push_back(block);
  }

  void FreeOne() {
    if (blocks_.empty()) return;
    std::swap(blocks_[random_() % blocks_.size()], blocks_.back());
    Block* block = blocks_.back();
    blocks_.pop_back();
    std::lock_guard<std::mutex> guard(block->lock);
    if (block->kind != Kind::Unmapped) {
      EXPECT_EQ(*Tag(block->pfn), block->tag);
    }
    oracle_->Disown(block->pfn, block->order);
    flushdep_page_free(block->pfn, block->order);
    block->pfn = FLUSHDEP_PFN_NONE;
    spare_.push_back(block);
  }

  Block* NewBlock() {
    if (spare_.empty()) {
      owned_.push_back(std::make_unique<Block>());
      return owned_.back().get();
    }
    Block* block = spare_.back();
    spare_.pop_back();
    return block;
  }

  Oracle* oracle_;
  std::mt19937_64 random_;
  std::vector<Block*> blocks_, spare_;
  std::vector<std::unique_ptr<Block>> owned_;
};

// Takes all memory as movable and mapped, and gives it back: every pageblock is as at boot.
void ConvertEverything() {
  flushdep_drain_all_pages();
  EXPECT_EQ(flushdep_map_reserve(Stats().free_pages), 0);
  std::vector<std::pair<flushdep_pfn_t, unsigned>> taken;
  for (unsigned order : {9u, 0u})
    for (;;) {
      flushdep_pfn_t pfn =
          flushdep_page_alloc_frozen(order, FLUSHDEP_ALLOC_MOVABLE, FLUSHDEP_ALLOCF_NO_WATERMARKS);
      if (pfn == FLUSHDEP_PFN_NONE) break;
      taken.push_back({pfn, order});
    }
  for (auto [pfn, order] : taken) flushdep_page_free(pfn, order);
  flushdep_drain_all_pages();
}

void ExpectSameState(const flushdep_mem_stats& a, const flushdep_mem_stats& b) {
  EXPECT_EQ(a.free_pages, b.free_pages);
  EXPECT_EQ(memcmp(a.free_blocks, b.free_blocks, sizeof(a.free_blocks)), 0);
  EXPECT_EQ(memcmp(a.pageblocks, b.pageblocks, sizeof(a.pageblocks)), 0);
}

class AllocatorRandomTest : public ::testing::Test {
 protected:
  void SetUp() override {
    SetRecording(false);
    ConvertEverything();
    start_ = Stats();
    ASSERT_EQ(start_.free_pages, flushdep_page_count() - 1);
    ASSERT_EQ(start_.pageblocks[FLUSHDEP_MIGRATE_MOVABLE], flushdep_page_count() / 512);
  }
  void TearDown() override {
    ConvertEverything();
    ExpectSameState(Stats(), start_);
    SetRecording(true);
  }
  flushdep_mem_stats start_;
};

TEST_F(AllocatorRandomTest, NoPageIsHandedOutTwiceOrLost) {
  uint64_t seed = NumberFrom("FLUSHDEP_TEST_SEED", 1);
  uint64_t ops = NumberFrom("FLUSHDEP_TEST_OPS", 200000);
  printf("seed %llu, %llu operations\n", static_cast<unsigned long long>(seed),
         static_cast<unsigned long long>(ops));
  SCOPED_TRACE("FLUSHDEP_TEST_SEED=" + std::to_string(seed));
  uint64_t unmaps = Vmstat("pageblock_unmap"), maps = Vmstat("pageblock_map");
  uint64_t moves = Vmstat("pgmigrate_success"), claims = Vmstat("pageblock_claim");
  Oracle oracle(flushdep_page_count());
  {
    Churn churn(&oracle, seed);
    for (uint64_t op = 0; op < ops; op++) {
      // Drifts between mostly allocating and mostly freeing, so that both run dry.
      churn.Step(op / 20000 % 2 == 0 ? 60 : 40);
      if (op % 1000 == 0) {
        ASSERT_EQ(oracle.wrong(), 0u) << "op " << op;
        ASSERT_EQ(Stats().free_pages + oracle.total(), start_.free_pages) << "op " << op;
        ASSERT_FALSE(HasFailure()) << "op " << op;
      }
    }
  }
  EXPECT_EQ(oracle.wrong(), 0u);
  EXPECT_EQ(Stats().free_pages, start_.free_pages);
  // It went through all that there is.
  EXPECT_GT(Vmstat("pageblock_unmap"), unmaps);
  EXPECT_GT(Vmstat("pageblock_map"), maps);
  EXPECT_GT(Vmstat("pgmigrate_success"), moves);
  EXPECT_GT(Vmstat("pageblock_claim"), claims);
}

TEST_F(AllocatorRandomTest, ThreadsNeverShareAPage) {
  uint64_t seed = NumberFrom("FLUSHDEP_TEST_SEED", 1);
  uint64_t ops = NumberFrom("FLUSHDEP_TEST_OPS", 200000) / 5;
  printf("seed %llu, 3 threads, %llu operations each\n", static_cast<unsigned long long>(seed),
         static_cast<unsigned long long>(ops));
  Oracle oracle(flushdep_page_count());
  {
    Churn churns[3] = {{&oracle, seed}, {&oracle, seed + 1}, {&oracle, seed + 2}};
    std::vector<std::thread> threads;
    for (Churn& churn : churns)
      threads.emplace_back([&churn, ops] {
        for (uint64_t op = 0; op < ops; op++) churn.Step(op / 4000 % 2 == 0 ? 70 : 35);
      });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(Stats().free_pages + oracle.total(), start_.free_pages);
  }
  EXPECT_EQ(oracle.wrong(), 0u);
}

TEST_F(AllocatorRandomTest, OfTwoFreesAtOnceExactlyOneCounts) {
  uint64_t refused = Vmstat("pgfree_refused");
  for (int i = 0; i < 500; i++) {
    flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
    std::thread other([pfn] { flushdep_page_free(pfn, 0); });
    flushdep_page_free(pfn, 0);
    other.join();
  }
  EXPECT_EQ(Stats().free_pages, start_.free_pages);
  EXPECT_EQ(Vmstat("pgfree_refused") - refused, 500u);
}

}  // namespace
}  // namespace flushdep::testing
