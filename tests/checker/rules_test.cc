// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each rule by events: a bad case and its quiet twin, and nothing else reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/checker/script.h"

namespace flushdep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kPage = 5;

std::string Message(const Script& script) { return std::string(script.last().message.view()); }

// mm 1 loaded on CPU 0; page kPage allocated, mapped and put there.
class Rules : public ::testing::Test {
 protected:
  void Start(const MachineOptions& options = {}) {
    script_ = std::make_unique<Script>(options);
    script_->MmCreate(1);
    script_->Load(0, 1);
  }
  void MapAndPut() {
    script_->Alloc(kPage);
    script_->Map(1, va_, kPage);
    script_->Put(1, va_, kPage);
  }
  Script& s() { return *script_; }

  const uint64_t va_ = Script::Va(1, 0, 3);
  std::unique_ptr<Script> script_;
};

TEST_F(Rules, FD001PutThenFree) {
  Start();
  MapAndPut();
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("CPU 0 may still reach it"));
  EXPECT_EQ(s().last().va, va_);
  EXPECT_EQ(s().last().mm, 1u);
}

TEST_F(Rules, FD001TwinFlushMm) {
  Start();
  MapAndPut();
  s().FlushMm(1, {0});
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001TwinFlushAll) {
  Start();
  MapAndPut();
  s().FlushAll();
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001TwinNeverMapped) {
  Start();
  s().Alloc(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001FlushBeforeThePutDoesNotCount) {
  Start();
  s().Alloc(kPage);
  s().Map(1, va_, kPage);
  s().FlushAll();
  s().Put(1, va_, kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
}

TEST_F(Rules, FD001SwitchAwayAndBackIsNoFlushWithPcid) {
  Start();
  s().MmCreate(2);
  MapAndPut();
  s().Load(0, 2);
  s().Load(0, 1);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
}

TEST_F(Rules, FD001TwinSwitchFlushesWithoutPcid) {
  Start({.pcid = false});
  s().MmCreate(2);
  MapAndPut();
  s().Load(0, 2);
  s().Load(0, 1);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001NextOwnerIsNotCharged) {
  Start();
  MapAndPut();
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
  s().Alloc(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001SeveralTranslationsOfOnePage) {
  Start();
  s().Load(1, 1);
  s().Alloc(kPage);
  for (uint64_t slot = 0; slot < 4; ++slot) {
    s().Map(1, Script::Va(1, 0, slot), kPage);
    s().Put(1, Script::Va(1, 0, slot), kPage);
  }
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("CPUs 0,1"));
  EXPECT_EQ(s().validator().state().shadow().spilled(), 0u);
}

TEST_F(Rules, FD001BlockIsOneReport) {
  Start();
  s().Alloc(8, 3);
  s().Map(1, va_, 8, 4);
  s().Put(1, va_, 8, 4);
  s().Free(8, 3);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=8"));
  EXPECT_THAT(Message(s()), HasSubstr("3 more pages"));
}

TEST_F(Rules, FD001TransferIsAnOwnerChange) {
  Start();
  MapAndPut();
  s().Transfer(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001TwinFlushedByOtherMeans) {
  Start();
  MapAndPut();
  s().Cancel(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001TwinMmEnded) {
  Start();
  s().MmCreate(2);
  MapAndPut();
  s().Load(0, 2);
  s().MmEnd(1);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001EndedMmThatIsStillLoadedLazily) {
  Start();
  MapAndPut();
  s().Lazy(0, 1);
  s().MmEnd(1);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
}

TEST_F(Rules, FD001WrapFlushReachesItsCpuOnly) {
  Start();
  s().Load(1, 1);
  MapAndPut();
  s().FlushLocal(/*internal=*/true);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("CPU 1 "));
  EXPECT_THAT(std::string(s().last().note.view()), HasSubstr("slice was used up"));
}

TEST_F(Rules, FD001DirectMapRemovalUnflushed) {
  Start();
  s().Alloc(kPage);
  s().Unmap(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("in the direct map"));
}

TEST_F(Rules, FD001TwinDirectMapRestored) {
  Start();
  s().Alloc(kPage);
  s().Unmap(kPage);
  s().Remap(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001TwinDirectMapFlushedByRange) {
  Start();
  s().Alloc(kPage);
  s().Unmap(kPage);
  const uint64_t va = kDirectMap + kPage * 4096;
  s().FlushKernelRange(va, va + 4096, /*everything=*/false);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD001FlushMmLeavesTheDirectMap) {
  Start();
  s().Alloc(kPage);
  s().Unmap(kPage);
  s().FlushMm(1, {0});
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("another mm"));
}

TEST_F(Rules, FD001TwinRestoreThatFailedWasNeverThere) {
  Start();
  s().Alloc(kPage);
  s().Unmap(kPage);
  s().FlushAll();
  s().Remap(kPage);
  s().TakeBack(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, AnotherMachineStartsOver) {
  Start();
  MapAndPut();
  s().Boot();
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD015 pfn=5"));  // not allocated on this one
  s().where().site = 1;
  s().MmCreate(1);
  s().Load(0, 1);
  MapAndPut();
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
}

TEST_F(Rules, FD002FreeWhileMapped) {
  Start();
  s().Alloc(kPage);
  s().Map(1, va_, kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD002 pfn=5"));
  // The put that comes late is not charged to the page's next owner.
  s().Put(1, va_, kPage);
  s().Alloc(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD003LocalFlushWithTwoCpus) {
  Start();
  s().Load(1, 1);
  MapAndPut();
  s().FlushLocal();
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("too few CPUs"));
}

TEST_F(Rules, FD003TwinLocalFlushWhereNoOtherCpuRanTheMm) {
  Start();
  MapAndPut();
  s().FlushLocal();
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD003LazyCpuSkipped) {
  Start();
  s().Load(1, 1);
  s().Lazy(1, 1);
  MapAndPut();
  s().FlushMm(1, {0});
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("CPU 1 "));
}

TEST_F(Rules, FD003TwinUnloadedCpuNeedsNoIpi) {
  Start();
  s().MmCreate(2);
  s().Load(1, 1);
  MapAndPut();
  s().Load(1, 2);
  s().FlushMm(1, {0});
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
  // And it flushes when it comes back, so a later page is clean too.
  s().Load(1, 1);
  s().Alloc(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD003UnloadedCpuWithoutGenerationBump) {
  Start();
  s().MmCreate(2);
  s().Load(1, 1);
  MapAndPut();
  s().Load(1, 2);
  s().FlushMm(1, {0}, /*bumps=*/false);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=5"));
}

TEST_F(Rules, FD003ShortRange) {
  Start();
  s().Alloc(8, 1);
  s().Map(1, va_, 8, 2);
  s().Put(1, va_, 8, 2);
  s().FlushMmRange(1, va_, va_ + 4096, {0});
  s().Free(8, 1);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=9"));
  EXPECT_THAT(Message(s()), HasSubstr("other addresses"));
}

TEST_F(Rules, FD003TwinWholeRange) {
  Start();
  s().Load(1, 1);
  s().Alloc(8, 1);
  s().Map(1, va_, 8, 2);
  s().Put(1, va_, 8, 2);
  s().FlushMmRange(1, va_, va_ + 8192, {0, 1});
  s().Free(8, 1);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD003RangeOnOneOfTwoCpus) {
  Start();
  s().Load(1, 1);
  MapAndPut();
  s().FlushMmRange(1, va_, va_ + 4096, {1});
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("CPU 0 "));
}

TEST_F(Rules, FD003TwinTwoRangesTogetherReachAll) {
  Start();
  s().Load(1, 1);
  MapAndPut();
  s().FlushMmRange(1, va_, va_ + 4096, {1});
  s().FlushMmRange(1, va_, va_ + 4096, {0});
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD003AnotherMm) {
  Start();
  s().MmCreate(2);
  MapAndPut();
  s().FlushMm(2, {});
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("another mm"));
}

TEST_F(Rules, FD003NotReturned) {
  Start();
  s().Load(1, 1);
  MapAndPut();
  flushdep_event_flush flush = {};
  flush.req_what = flush.eff_what = FLUSHDEP_FLUSH_EVERYTHING;
  flush.req_who = flush.eff_who = FLUSHDEP_CPUS_ALL;
  const uint64_t id = s().Issue(flush);
  s().Ack(id, 0);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("not all CPUs yet"));
}

TEST_F(Rules, FD003KernelRangeReachesTheLoadedMmOnly) {
  Start();
  s().MmCreate(2);
  s().Load(1, 1);
  MapAndPut();
  s().Load(1, 2);
  s().FlushKernelRange(va_, va_ + 4096, /*everything=*/false);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD003 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("CPU 1 "));
}

TEST_F(Rules, FD003TwinKernelRangeWhereAllHaveItLoaded) {
  Start();
  s().Load(1, 1);
  MapAndPut();
  s().FlushKernelRange(va_, va_ + 4096, /*everything=*/false);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD008AccessAfterPut) {
  Start();
  MapAndPut();
  s().Access(va_ + 8, /*write=*/true);
  EXPECT_THAT(s().Take(), ElementsAre("FD008 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("store to"));
}

TEST_F(Rules, FD008TwinWhileMapped) {
  Start();
  s().Alloc(kPage);
  s().Map(1, va_, kPage);
  s().Access(va_);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD008TwinAddressThatWasNeverMapped) {
  Start();
  s().Access(va_);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD010UnmappedThroughTheDirectMap) {
  Start();
  s().Alloc(kPage);
  s().Unmap(kPage);
  s().Access(kDirectMap + kPage * 4096 + 100);
  EXPECT_THAT(s().Take(), ElementsAre("FD010 pfn=5"));
}

TEST_F(Rules, FD010TwinAfterItIsBack) {
  Start();
  s().Alloc(kPage);
  s().Unmap(kPage);
  s().Remap(kPage);
  s().Access(kDirectMap + kPage * 4096);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD015DoubleFree) {
  Start();
  s().Alloc(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD015 pfn=5"));
  EXPECT_THAT(Message(s()), HasSubstr("twice"));
}

TEST_F(Rules, FD015WrongOrder) {
  Start();
  s().Alloc(8, 2);
  s().Free(8, 1);
  EXPECT_THAT(s().Take(), ElementsAre("FD015 pfn=8"));
  EXPECT_THAT(Message(s()), HasSubstr("order 1, allocated with order 2"));
  s().Free(8, 2);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, FD015MiddleOfAnAllocation) {
  Start();
  s().Alloc(8, 2);
  s().Free(9, 0);
  EXPECT_THAT(s().Take(), ElementsAre("FD015 pfn=9"));
}

TEST_F(Rules, FD015NeverAllocatedAndNoPage) {
  Start();
  s().Free(77);
  EXPECT_THAT(s().Take(), ElementsAre("FD015 pfn=77"));
  s().where().site = 0x1234;  // another place, so another problem
  s().Free(1u << 30);
  EXPECT_THAT(s().Take(), ElementsAre("FD015 pfn=1073741824"));
}

TEST_F(Rules, FD015MappingAFreePage) {
  Start();
  s().Alloc(kPage);
  s().Free(kPage);
  s().Map(1, va_, kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD015 pfn=5"));
  s().Put(1, va_, kPage);
  s().Alloc(kPage);
  s().Free(kPage);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Rules, EachProblemOnceButCounted) {
  Start();
  for (int i = 0; i < 3; ++i) {
    MapAndPut();
    s().Free(kPage);
  }
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
  EXPECT_EQ(s().validator().findings(Severity::Error), 3u);
  EXPECT_EQ(s().validator().problems(), 1u);
}

TEST_F(Rules, AnotherPlaceIsAnotherProblem) {
  Start({.frames = 4});
  s().where().site = 0x100;
  MapAndPut();
  s().where().site = 0x200;
  s().Free(kPage);
  s().where().site = 0x100;
  MapAndPut();
  s().where().site = 0x300;
  s().Free(kPage);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5", "FD001 pfn=5"));
}

TEST_F(Rules, ReportHasTheStacksOfFreePutMapAndAlloc) {
  Start({.frames = 4});
  s().where().site = 0x100;
  s().Alloc(kPage);
  s().where().site = 0x200;
  s().Map(1, va_, kPage);
  s().where().site = 0x300;
  s().Put(1, va_, kPage);
  s().where().site = 0x400;
  s().Free(kPage);
  const RawReport& report = s().last();
  ASSERT_EQ(report.events_count, 4u);
  const std::pair<Role, uint64_t> expected[] = {
      {Role::Free, 0x400}, {Role::Put, 0x300}, {Role::Map, 0x200}, {Role::Alloc, 0x100}};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(report.events[i].role, expected[i].first) << i;
    ASSERT_EQ(report.events[i].frames, 1u) << i;
    EXPECT_EQ(report.events[i].pcs[0], expected[i].second) << i;
  }
}

TEST_F(Rules, FD003ShowsTheFlushThatDidNotSuffice) {
  Start({.frames = 4});
  s().Load(1, 1);
  MapAndPut();
  s().where().site = 0x500;
  s().FlushLocal();
  s().where().site = 0x600;
  s().Free(kPage);
  const RawReport& report = s().last();
  const RawEvent& flush = report.events[1];  // newer than the put
  EXPECT_EQ(flush.role, Role::Flush);
  ASSERT_EQ(flush.frames, 1u);
  EXPECT_EQ(flush.pcs[0], 0x500u);
}

}  // namespace
}  // namespace flushdep
