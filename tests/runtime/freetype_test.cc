// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Freetypes: which exist, their dense index, and that equality takes flags in.
#include "runtime/memory/freetype.h"

#include <gtest/gtest.h>

#include <set>

namespace flushdep::testing {
namespace {

constexpr Migratetype kAll[] = {Migratetype::Unmovable, Migratetype::Movable,
                                Migratetype::Reclaimable, Migratetype::Isolate};

TEST(FreetypeTest, IndicesAreDenseAndEachGoesBackToItsFreetype) {
  std::set<int> seen;
  for (Migratetype type : kAll)
    for (unsigned flags : {0u, kFreetypeUnmapped}) {
      Freetype freetype(type, flags);
      int index = freetype.index();
      if (index < 0) continue;
      EXPECT_TRUE(seen.insert(index).second);
      EXPECT_EQ(Freetype::FromIndex(static_cast<unsigned>(index)), freetype);
    }
  EXPECT_EQ(seen.size(), kNumFreetypes);
  EXPECT_EQ(*seen.begin(), 0);
  EXPECT_EQ(*seen.rbegin(), static_cast<int>(kNumFreetypes) - 1);
}

TEST(FreetypeTest, UnmappedExistsWithUnmovableOnly) {
  EXPECT_GE(Freetype(Migratetype::Unmovable, kFreetypeUnmapped).index(), 0);
  for (Migratetype type : {Migratetype::Movable, Migratetype::Reclaimable, Migratetype::Isolate}) {
    EXPECT_EQ(Freetype(type, kFreetypeUnmapped).index(), -1);
    EXPECT_GE(Freetype(type).index(), 0);
  }
}

TEST(FreetypeTest, WhatIsNoFreetypeHasNoIndex) {
  EXPECT_EQ(Freetype::FromBits(~0u).index(), -1);
  EXPECT_EQ(Freetype::FromBits(FLUSHDEP_MIGRATE_TYPES).index(), -1);
  EXPECT_EQ(Freetype(Migratetype::Unmovable, kFreetypeUnmapped << 1).index(), -1);
  EXPECT_EQ(Freetype(Migratetype::Unmovable, kFreetypeUnmapped | kFreetypeUnmapped << 1).index(),
            -1);
  EXPECT_EQ(PcpBank(Freetype::FromBits(~0u)), -1);
}

// The mistake of comparing migratetypes alone; merges of blocks are tested in buddy_test.
TEST(FreetypeTest, EqualOnlyIfFlagsAreToo) {
  Freetype mapped(Migratetype::Unmovable);
  EXPECT_EQ(mapped.migratetype(), kUnmappedFreetype.migratetype());
  EXPECT_FALSE(mapped == kUnmappedFreetype);
  EXPECT_TRUE(mapped == Freetype(Migratetype::Unmovable, 0));
  EXPECT_TRUE(kUnmappedFreetype == Freetype::FromBits(kUnmappedFreetype.bits()));
}

TEST(FreetypeTest, NobodyFallsBackIntoOrOutOfUnmapped) {
  EXPECT_FALSE(HasFallbacks(kUnmappedFreetype));
  EXPECT_FALSE(HasFallbacks(Freetype(Migratetype::Isolate)));
  for (unsigned type = 0; type < kNumPcpMigratetypes; type++) {
    Freetype asker(static_cast<Migratetype>(type));
    EXPECT_TRUE(HasFallbacks(asker));
    for (Migratetype other : kFallbacks[type]) {
      EXPECT_NE(other, asker.migratetype());
      EXPECT_TRUE(HasFallbacks(Freetype(other)));
    }
  }
}

TEST(FreetypeTest, OneExtraBankOfPerCpuLists) {
  std::set<int> banks;
  for (unsigned index = 0; index < kNumFreetypes; index++) {
    int bank = PcpBank(Freetype::FromIndex(index));
    if (bank >= 0) banks.insert(bank);
  }
  EXPECT_EQ(banks, (std::set<int>{0, 1, 2, 3}));
  EXPECT_EQ(PcpBank(Freetype(Migratetype::Isolate)), -1);
}

TEST(FreetypeTest, TheCFormIsTheSame) {
  for (Migratetype type : kAll)
    for (unsigned flags : {0u, kFreetypeUnmapped}) {
      unsigned bits = flushdep_freetype(static_cast<unsigned>(type), flags);
      EXPECT_EQ(bits, Freetype(type, flags).bits());
      EXPECT_EQ(flushdep_freetype_migratetype(bits), static_cast<unsigned>(type));
      EXPECT_EQ(flushdep_freetype_flags(bits), flags);
    }
}

}  // namespace
}  // namespace flushdep::testing
