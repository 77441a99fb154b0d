// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The address arithmetic of a slice, without a machine around it.
#include "runtime/mermap/slice.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace flushdep {
namespace {

// Does what the mermap does on a get; counts the flushes it would make.
Mapping* Get(Slice& slice, uint64_t npages, int* flushes) {
  Slice::Plan plan = slice.Prepare(npages);
  if (plan.fit == Slice::Fit::Slots || plan.fit == Slice::Fit::Space) return nullptr;
  if (plan.fit == Slice::Fit::Wrap) {
    ++*flushes;
    slice.Rewind(plan.floor);
  }
  return slice.Take(static_cast<uint32_t>(npages));
}

class SliceTest : public ::testing::Test {
 protected:
  std::unique_ptr<Slice> slice_ = std::make_unique<Slice>();
  int flushes_ = 0;
};

TEST_F(SliceTest, TheWholeSliceButTheReserveFitsAtOnce) {
  EXPECT_EQ(slice_->Prepare(kSliceUsablePages).fit, Slice::Fit::Ok);
  EXPECT_EQ(slice_->Prepare(kSliceUsablePages + 1).fit, Slice::Fit::Space);
  EXPECT_EQ(slice_->Prepare(~0ull).fit, Slice::Fit::Space);
}

TEST_F(SliceTest, ThePictureOfFillingAndWrapping) {
  // ____ -> AAAA____ -> TTTT____ -> TTTTAAAA -> TTTTTTAA -> all T.
  constexpr uint32_t kHalf = kSliceUsablePages / 2;
  constexpr uint32_t kRest = kSliceUsablePages - 2 * kHalf;
  slice_->Release(Get(*slice_, kHalf, &flushes_));
  Mapping* first = Get(*slice_, kHalf - 1, &flushes_);
  Mapping* last = Get(*slice_, 1 + kRest, &flushes_);
  EXPECT_EQ(flushes_, 0);
  slice_->Release(first);
  // The last one is live at the very top, so nothing can be reclaimed.
  EXPECT_EQ(slice_->Prepare(1).fit, Slice::Fit::Space);
  slice_->Release(last);
  Mapping* again = Get(*slice_, 1, &flushes_);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->page, 0u);
  EXPECT_EQ(flushes_, 1);
}

TEST_F(SliceTest, AWrapReclaimsAboveTheHighestLiveMappingOnly) {
  Mapping* bottom = Get(*slice_, 100, &flushes_);
  slice_->Release(Get(*slice_, kSliceUsablePages - 100, &flushes_));
  EXPECT_EQ(slice_->Prepare(kSliceUsablePages - 99).fit, Slice::Fit::Space);
  Mapping* next = Get(*slice_, kSliceUsablePages - 100, &flushes_);
  ASSERT_NE(next, nullptr);
  EXPECT_EQ(next->page, 100u);
  EXPECT_EQ(flushes_, 1);
  slice_->Release(bottom);
  EXPECT_EQ(slice_->Prepare(1).fit, Slice::Fit::Space);  // below a live one
}

TEST_F(SliceTest, FourLiveAndTheReserveBesidesThem) {
  for (uint32_t i = 0; i < kLivePerSlice; i++) ASSERT_NE(Get(*slice_, 1, &flushes_), nullptr);
  EXPECT_EQ(slice_->Prepare(1).fit, Slice::Fit::Slots);
  Mapping* reserved = slice_->TakeReserved();
  ASSERT_NE(reserved, nullptr);
  EXPECT_EQ(reserved->page, kSlicePages - 1);
  EXPECT_EQ(slice_->TakeReserved(), nullptr);
  slice_->Release(reserved);
  EXPECT_EQ(slice_->live(), kLivePerSlice);
}

TEST_F(SliceTest, FillingPageByPageFlushesOncePerSliceful) {
  constexpr int kRounds = 5;
  for (uint32_t i = 0; i < kRounds * kSliceUsablePages; i++)
    slice_->Release(Get(*slice_, 1, &flushes_));
  EXPECT_EQ(flushes_, kRounds - 1);
}

TEST_F(SliceTest, ContainsOnlyItsOwnHandles) {
  Slice other;
  Mapping* mine = Get(*slice_, 1, &flushes_);
  EXPECT_TRUE(slice_->Contains(mine));
  EXPECT_FALSE(other.Contains(mine));
  EXPECT_FALSE(slice_->Contains(reinterpret_cast<Mapping*>(reinterpret_cast<char*>(mine) + 8)));
  EXPECT_FALSE(slice_->Contains(nullptr));
}

// Against the plainest possible picture: an array of pages.
TEST_F(SliceTest, RandomGetsNeverOverlapAndFlushExactlyWhenPredicted) {
  constexpr uint32_t kSeed = 20240917;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937 random(kSeed);
  std::vector<Mapping*> live;
  std::vector<bool> used(kSlicePages), waiting(kSlicePages);
  for (int step = 0; step < 200000; step++) {
    if (!live.empty() && random() % 2 == 0) {
      size_t i = random() % live.size();
      for (uint32_t p = 0; p < live[i]->npages; p++) used[live[i]->page + p] = false;
      slice_->Release(live[i]);
      live.erase(live.begin() + static_cast<long>(i));
      continue;
    }
    uint32_t npages = 1 + random() % (random() % 8 == 0 ? 520 : 40);
    // Naive: pages above everything handed out, else above everything live.
    uint32_t top_waiting = 0, top_used = 0;
    for (uint32_t p = 0; p < kSliceUsablePages; p++) {
      if (waiting[p]) top_waiting = p + 1;
      if (used[p]) top_used = p + 1;
    }
    bool plain = top_waiting + npages <= kSliceUsablePages;
    bool wrap = !plain && top_used + npages <= kSliceUsablePages;
    bool expected = live.size() < kLivePerSlice && (plain || wrap);
    int before = flushes_;
    Mapping* mapping = Get(*slice_, npages, &flushes_);
    ASSERT_EQ(mapping != nullptr, expected) << step;
    ASSERT_EQ(flushes_ - before, expected && wrap ? 1 : 0) << step;
    if (mapping == nullptr) continue;
    if (wrap)
      for (uint32_t p = top_used; p < kSlicePages; p++) waiting[p] = false;
    for (uint32_t p = mapping->page; p < mapping->page + npages; p++) {
      ASSERT_LT(p, kSliceUsablePages);
      ASSERT_FALSE(used[p]) << step;
      ASSERT_FALSE(waiting[p]) << step;
      used[p] = waiting[p] = true;
    }
    live.push_back(mapping);
  }
}

}  // namespace
}  // namespace flushdep
