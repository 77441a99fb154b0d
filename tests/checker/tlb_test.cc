// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/tlb.h"

#include <gtest/gtest.h>

namespace flushdep {
namespace {

class Tlb : public ::testing::Test {
 protected:
  void Start(bool pcid = true) {
    ASSERT_TRUE(tlb_.Init(4, pcid, 0));
    for (uint32_t cpu = 0; cpu < 4; ++cpu) tlb_.Online(cpu);
  }
  // A translation of `space` that is present for no longer than now.
  bool HeldNow(uint32_t cpu, SpaceIndex space) {
    return tlb_.MayHold(cpu, space, clock_.Now(), clock_.Now());
  }

  EpochClock clock_;
  LimitCounts limits_;
  TlbModel tlb_{clock_, limits_};
};

TEST_F(Tlb, OnlyCpusThatHadItLoadedWhilePresent) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  const SpaceIndex b = tlb_.CreateSpace(2);
  tlb_.Load(0, a);
  tlb_.Load(1, b);
  const Epoch set = clock_.Now();
  EXPECT_TRUE(HeldNow(0, a));
  EXPECT_FALSE(HeldNow(1, a));
  tlb_.Load(1, a);
  const Epoch clear = clock_.Now();
  EXPECT_TRUE(tlb_.MayHold(1, a, set, clear));
  // Loaded only after the clear: cannot have filled.
  tlb_.Load(2, a);
  EXPECT_FALSE(tlb_.MayHold(2, a, set, clear));
}

TEST_F(Tlb, LoadedBeforeAndAfterButNotWhilePresent) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  const SpaceIndex b = tlb_.CreateSpace(2);
  tlb_.Load(0, a);
  tlb_.Load(0, b);
  const Epoch set = clock_.Now();
  const Epoch clear = clock_.Now();
  tlb_.Load(0, a);
  EXPECT_FALSE(tlb_.MayHold(0, a, set, clear));
}

TEST_F(Tlb, SeventhMmTakesTheSlotOfTheFirst) {
  Start();
  SpaceIndex spaces[7];
  for (uint32_t i = 0; i < 7; ++i) spaces[i] = tlb_.CreateSpace(i + 1);
  tlb_.Load(0, spaces[0]);
  const Epoch at = clock_.Now();
  for (uint32_t i = 1; i < 6; ++i) tlb_.Load(0, spaces[i]);
  EXPECT_TRUE(tlb_.MayHold(0, spaces[0], at, at));
  tlb_.Load(0, spaces[6]);
  EXPECT_FALSE(tlb_.MayHold(0, spaces[0], at, at));
}

TEST_F(Tlb, GenerationBehindIsFlushedOnLoad) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  const SpaceIndex b = tlb_.CreateSpace(2);
  tlb_.Load(0, a);
  const Epoch at = clock_.Now();
  tlb_.Load(0, b);
  tlb_.BumpGen(a, 0, clock_.Tick());
  EXPECT_FALSE(tlb_.MayHold(0, a, at, at));
  tlb_.Load(0, a);
  EXPECT_FALSE(tlb_.MayHold(0, a, at, at));
}

TEST_F(Tlb, LazyKeepsAndComingBackChecksTheGeneration) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  tlb_.Load(0, a);
  tlb_.Lazy(0);
  const Epoch at = clock_.Now();
  tlb_.BumpGen(a, 0, clock_.Tick());
  EXPECT_TRUE(tlb_.MayHold(0, a, at, at));
  tlb_.Load(0, a);
  EXPECT_FALSE(tlb_.MayHold(0, a, at, at));
}

TEST_F(Tlb, WithoutPcidASwitchDrops) {
  Start(/*pcid=*/false);
  const SpaceIndex a = tlb_.CreateSpace(1);
  const SpaceIndex b = tlb_.CreateSpace(2);
  tlb_.Load(0, a);
  const Epoch at = clock_.Now();
  tlb_.Load(0, b);
  EXPECT_FALSE(tlb_.MayHold(0, a, at, at));
}

TEST_F(Tlb, ObservedCr3WritesOverrideTheModel) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  const SpaceIndex b = tlb_.CreateSpace(2);
  tlb_.Load(0, a);
  const Epoch at = clock_.Now();
  tlb_.Load(0, b);
  tlb_.Load(0, a, TlbModel::Kept::No);
  EXPECT_FALSE(tlb_.MayHold(0, a, at, at));
}

TEST_F(Tlb, KernelEntriesSurviveAllButGlobalFlushes) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  tlb_.Load(0, a);
  const Epoch at = clock_.Now();
  tlb_.DropSpace(0, a, clock_.Tick());
  tlb_.DropEverything(0, clock_.Tick(), /*global=*/false);
  EXPECT_TRUE(tlb_.MayHold(0, kKernelSpace, at, at));
  tlb_.DropEverything(0, clock_.Tick(), /*global=*/true);
  EXPECT_FALSE(tlb_.MayHold(0, kKernelSpace, at, at));
  EXPECT_TRUE(tlb_.MayHold(1, kKernelSpace, at, at));
}

TEST_F(Tlb, OfflineCpuHoldsNothing) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  tlb_.Load(3, a);
  const Epoch at = clock_.Now();
  tlb_.Offline(3);
  EXPECT_FALSE(tlb_.MayHold(3, a, at, at));
  EXPECT_FALSE(tlb_.MayHold(3, kKernelSpace, at, at));
}

TEST_F(Tlb, LoadingTheKernelsMmEndsTheLoadButDropsNothing) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  tlb_.Load(3, a);
  const Epoch before = clock_.Now();
  tlb_.Lazy(3);
  tlb_.LoadKernel(3);
  EXPECT_TRUE(tlb_.MayHold(3, a, before, before));
  clock_.Tick();
  EXPECT_FALSE(HeldNow(3, a));
  // Its slot is behind after a flush that bumps the generation.
  tlb_.BumpGen(a, 2, clock_.Tick());
  EXPECT_FALSE(tlb_.MayHold(3, a, before, before));
  EXPECT_EQ(tlb_.LoadedOn(3), kKernelSpace);
}

TEST_F(Tlb, AnEndedMmIsGoneWhenItsLastCpuLoadsTheKernels) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  tlb_.Load(3, a);
  tlb_.EndSpace(a);
  EXPECT_EQ(tlb_.FindSpace(1), a);
  tlb_.LoadKernel(3);
  EXPECT_EQ(tlb_.FindSpace(1), kNoSpace);
}

TEST_F(Tlb, PlacesOfEndedMmsAreUsedAgainAndCarryNoDebt) {
  Start();
  const SpaceIndex a = tlb_.CreateSpace(1);
  tlb_.Load(0, a);
  const Epoch at = clock_.Now();
  const SpaceIndex b = tlb_.CreateSpace(2);
  tlb_.Load(0, b);
  tlb_.EndSpace(a);
  EXPECT_EQ(tlb_.FindSpace(1), kNoSpace);
  const SpaceIndex c = tlb_.CreateSpace(3);
  EXPECT_EQ(c, a);
  EXPECT_TRUE(tlb_.Holders(c, at, at).empty());
  EXPECT_GT(tlb_.FlushedThrough(c), at);
}

TEST_F(Tlb, ManyMmsNeedNoMorePlacesThanAreAlive) {
  Start();
  for (uint32_t mm = 1; mm < 3 * kMaxSpaces; ++mm) {
    const SpaceIndex space = tlb_.CreateSpace(mm);
    ASSERT_NE(space, kNoSpace) << mm;
    tlb_.EndSpace(space);
  }
  EXPECT_EQ(limits_.Count(Limit::Spaces), 0u);
}

TEST_F(Tlb, TooManyLiveMmsAreCounted) {
  Start();
  for (uint32_t mm = 1; mm < kMaxSpaces; ++mm) ASSERT_NE(tlb_.CreateSpace(mm), kNoSpace);
  EXPECT_EQ(tlb_.CreateSpace(kMaxSpaces), kNoSpace);
  EXPECT_EQ(limits_.Count(Limit::Spaces), 1u);
}

}  // namespace
}  // namespace flushdep
