// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What lockdep-style inference finds, by events: each finding beside its quiet
// twin, and nothing else reported in either.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/checker/script.h"

namespace flushdep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kA = 5;
constexpr uint64_t kB = 6;
constexpr uint64_t kLock = 0x1000;
constexpr uint64_t kLockClass = 0x77;
// Code locations.
enum Site : uint64_t {
  kAllocSite = 0x100,
  kPutSite = 0x200,
  kInsert = 0x300,
  kDropSite = 0x400,
  kFreeSite = 0x500,
  kFlushSite = 0x600,
  kOther = 0x700
};

class Inference_ : public ::testing::Test {
 protected:
  void Start(MachineOptions options = {}) {
    options.inference = true;
    if (options.frames == 0) options.frames = 4;
    script_ = std::make_unique<Script>(options);
    s().MmCreate(1);
    s().MmCreate(2);
    s().Load(0, 1);
    for (uint32_t thread = 1; thread <= 3; ++thread)
      s().ThreadStart(thread, static_cast<uint16_t>(thread - 1), thread == 1 ? 0 : 1);
    s().As(1);
    // A run that tells of synchronisation.
    s().Lock(0x9999);
    s().Unlock(0x9999);
  }
  void Alloc(uint64_t pfn) {
    s().where().site = kAllocSite;
    s().Alloc(pfn);
  }
  // Through the slice of the thread's CPU.
  void MapAndPut(uint64_t pfn, uint64_t slot = 3) {
    const uint64_t va = Script::Va(1, s().where().cpu, slot);
    s().where().site = kPutSite - 8;
    s().Map(1, va, pfn);
    s().where().site = kPutSite;
    s().Put(1, va, pfn);
  }
  void Flush() {
    s().where().site = kFlushSite;
    s().FlushMm(1, {0});
  }
  void Free(uint64_t pfn) {
    s().where().site = kFreeSite;
    s().Free(pfn);
  }
  // The hardware loses the entries by accident: a local flush that nobody asked for.
  void Accident() { s().FlushLocal(/*internal=*/true); }
  Script& s() { return *script_; }
  std::unique_ptr<Script> script_;
};

// --- FD004 ------------------------------------------------------------------

TEST_F(Inference_, FD004OnlyTheWrapFlushed) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  Accident();
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD004 pfn=5"));
  EXPECT_EQ(s().last().severity, Severity::Possible);
}

TEST_F(Inference_, FD004TwinSomebodyAskedToo) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  Accident();
  Flush();
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004SixOtherMmsTookTheSlot) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  for (uint32_t mm = 3; mm < 9; ++mm) {
    s().MmCreate(mm);
    s().Load(0, mm);
  }
  s().Load(0, 1);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD004 pfn=5"));
}

TEST_F(Inference_, FD004SwitchWithoutPcid) {
  Start({.pcid = false});
  Alloc(kA);
  MapAndPut(kA);
  s().Load(0, 2);
  s().Load(0, 1);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD004 pfn=5"));
}

TEST_F(Inference_, FD004TwinTheMmEnded) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().Load(0, 2);
  s().MmEnd(1);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004TwinLocalFlushWhereNobodyElseCouldHoldIt) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().FlushLocal();
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004LocalFlushOfOneOfTwoHolders) {
  Start();
  s().Load(1, 1);
  Alloc(kA);
  MapAndPut(kA);
  s().FlushLocal();
  s().As(2).FlushLocal(/*internal=*/true);
  s().As(1);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD004 pfn=5"));
  EXPECT_THAT(std::string(s().last().message.view()), HasSubstr("is too little for it"));
}

TEST_F(Inference_, FD004TwinTwoLocalFlushesCoverBoth) {
  Start();
  s().Load(1, 1);
  Alloc(kA);
  MapAndPut(kA);
  s().FlushLocal();
  s().As(2).FlushLocal();
  s().Sync(FLUSHDEP_SYNC_RELEASE, 0x42);
  s().As(1).Sync(FLUSHDEP_SYNC_ACQUIRE, 0x42);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

// Two removers, one claims the flush and does it, the other skips it.
TEST_F(Inference_, FD004StaleBitRaceOtherFinishesFirst) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().Sync(FLUSHDEP_SYNC_ACQ_REL, 0x42);  // test-and-clear of the bit
  Flush();
  s().As(2).Sync(FLUSHDEP_SYNC_ACQ_REL, 0x42);  // sees it clear
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD004 pfn=5"));
  EXPECT_THAT(std::string(s().last().message.view()), HasSubstr("nothing orders its end"));
}

TEST_F(Inference_, FD004StaleBitRaceOtherIsStillFlushing) {
  Start();
  s().Load(1, 1);
  Alloc(kA);
  MapAndPut(kA);
  s().Sync(FLUSHDEP_SYNC_ACQ_REL, 0x42);
  flushdep_event_flush flush = {};
  flush.mm = 1;
  flush.flags = FLUSHDEP_FLUSH_BUMPS_GEN;
  flush.req_what = flush.eff_what = FLUSHDEP_FLUSH_SPACE;
  flush.req_who = flush.eff_who = FLUSHDEP_CPUS_SPACE;
  const uint64_t id = s().Issue(flush);
  s().Ack(id, 0);
  s().Ack(id, 1);
  s().As(2).Sync(FLUSHDEP_SYNC_ACQ_REL, 0x42);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD004 pfn=5"));
  s().As(1).Return(id);
}

TEST_F(Inference_, FD004TwinTheOtherWaitsForTheFlush) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().Sync(FLUSHDEP_SYNC_ACQ_REL, 0x42);
  Flush();
  s().Sync(FLUSHDEP_SYNC_RELEASE, 0x43);  // complete()
  s().As(2).Sync(FLUSHDEP_SYNC_ACQ_REL, 0x42);
  s().Sync(FLUSHDEP_SYNC_ACQUIRE, 0x43);  // wait_for_completion()
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004TwinALockOrders) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().Lock(kLock);
  Flush();
  s().Unlock(kLock);
  s().As(2).Lock(kLock);
  s().Unlock(kLock);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004TwinThreadStartOrders) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  Flush();
  s().ThreadStart(7, 3, 1);
  s().where().thread = 7;
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004TwinTheLastReferenceOrders) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().Get(kA, 2);
  Flush();
  s().Drop(kA, 1);
  s().As(2).Drop(kA, 0);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004IsNotAskedWithoutAnySync) {
  MachineOptions options;
  options.inference = true;
  script_ = std::make_unique<Script>(options);
  s().MmCreate(1);
  s().Load(0, 1);
  s().As(1);
  Alloc(kA);
  MapAndPut(kA);
  Flush();
  s().As(2);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004DirectMapRemovalNeedsItsFlush) {
  Start();
  Alloc(kA);
  s().Unmap(kA);
  for (uint16_t cpu = 0; cpu < 4; ++cpu) {
    s().where().cpu = cpu;
    s().FlushLocal(/*internal=*/true);
  }
  s().As(1);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD004 pfn=5"));
}

TEST_F(Inference_, FD004TwinKernelRangeFlush) {
  Start();
  Alloc(kA);
  s().Unmap(kA);
  s().FlushKernelRange(kDirectMap + kA * 4096, kDirectMap + (kA + 1) * 4096, false);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004TwinRestored) {
  Start();
  Alloc(kA);
  s().Unmap(kA);
  s().Remap(kA);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD004TwinFlushedByOtherMeans) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().Cancel(kA);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

// --- FD005 ------------------------------------------------------------------

TEST_F(Inference_, FD005TwoLivesJoined) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().where().site = kInsert;
  s().Get(kA, 2);  // in the cache, a flush owed, and nobody evicts it in this run
  Alloc(kB);
  s().where().site = kInsert;
  s().Get(kB, 2);
  s().where().site = kDropSite;
  s().Drop(kB, 1);
  Free(kB);
  EXPECT_THAT(s().Take(), IsEmpty());
  s().Finish();
  EXPECT_THAT(s().Take(), ElementsAre("FD005 pfn=18446744073709551615"));
  EXPECT_EQ(s().last().severity, Severity::Possible);
  EXPECT_EQ(s().last().class_key, uint64_t{kAllocSite});
  EXPECT_EQ(s().last().events[0].pcs[0], uint64_t{kFreeSite});
}

TEST_F(Inference_, FD005TwinAnotherWasFlushedThere) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().where().site = kInsert;
  s().Get(kA, 2);
  Alloc(kB);
  s().where().site = kInsert;
  s().Get(kB, 2);
  Free(kB);
  // A third shows that the free is conditional on the flush.
  Alloc(7);
  MapAndPut(7, 9);
  s().where().site = kInsert;
  s().Get(7, 2);
  Flush();
  Free(7);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD005TwinFlushedAtTheEndOfTheRun) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().where().site = kInsert;
  s().Get(kA, 2);
  Alloc(kB);
  s().where().site = kInsert;
  s().Get(kB, 2);
  Free(kB);
  Flush();
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD005TwinTheCleanOneFlushedToo) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().where().site = kInsert;
  s().Get(kA, 2);
  Alloc(kB);
  s().where().site = kInsert;
  s().Get(kB, 2);
  s().where().site = kFlushSite;
  s().FlushMm(2, {});  // unconditional, though it ends nothing for this page
  Free(kB);
  // What the other owes was not covered by that, so that only the path can silence it.
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD005TwinAnotherClass) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().where().site = kInsert;
  s().Get(kA, 2);
  s().where().site = kOther;
  s().Alloc(kB);
  s().where().site = kInsert;
  s().Get(kB, 2);
  Free(kB);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD005TwinHandedOver) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().where().site = kInsert;
  s().Get(kA, 2);
  s().Handover(kA);
  Alloc(kB);
  s().where().site = kInsert;
  s().Get(kB, 2);
  s().Handover(kB);
  Free(kB);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD005ByTokensOfTheUser) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().where().site = kInsert;
  s().Passes(kA, 11);
  Alloc(kB);
  s().where().site = kInsert;
  s().Passes(kB, 11);
  Free(kB);
  s().Finish();
  EXPECT_THAT(s().Take().size(), 1u);
}

TEST_F(Inference_, FD005TwinOtherToken) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().where().site = kInsert;
  s().Passes(kA, 11);
  Alloc(kB);
  s().where().site = kInsert;
  s().Passes(kB, 12);
  Free(kB);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

// --- FD006 ------------------------------------------------------------------

TEST_F(Inference_, FD006FlushesOnlyWhenItIsLast) {
  Start();
  Alloc(kA);
  s().Get(kA, 2);
  MapAndPut(kA);
  s().where().site = kDropSite;
  s().As(2).Drop(kA, 1);  // with the flush owed
  s().As(1, kFlushSite).Drop(kA, 0);
  Flush();
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD006 pfn=5"));
}

TEST_F(Inference_, FD006TwinWhoeverIsLastFlushes) {
  Start();
  Alloc(kA);
  s().Get(kA, 2);
  MapAndPut(kA);
  s().As(2, kDropSite).Drop(kA, 1);
  s().As(1, kDropSite).Drop(kA, 0);
  Flush();
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD006TwinTheOtherDropIsAlwaysFirst) {
  Start();
  Alloc(kA);
  s().Get(kA, 2);
  MapAndPut(kA);
  s().As(2, kDropSite).Drop(kA, 1);
  s().Sync(FLUSHDEP_SYNC_RELEASE, 0x42);
  s().As(1).Sync(FLUSHDEP_SYNC_ACQUIRE, 0x42);
  s().Drop(kA, 0);
  Flush();
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD006TwinSameThreadDropsBoth) {
  Start();
  Alloc(kA);
  s().Get(kA, 2);
  MapAndPut(kA);
  s().where().site = kDropSite;
  s().Drop(kA, 1);
  s().Drop(kA, 0);
  Flush();
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD006TwinFlushesBeforeItDropsAndAfterThePut) {
  Start();
  Alloc(kA);
  s().Get(kA, 2);
  MapAndPut(kA);
  s().As(2, kDropSite).Drop(kA, 1);
  s().As(1);
  Flush();
  s().Drop(kA, 0);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD006ThePutIsNotOrderedBeforeTheFlush) {
  Start();
  s().Load(1, 1);
  Alloc(kA);
  s().Get(kA, 2);
  s().As(2);
  MapAndPut(kA);
  s().where().site = kDropSite;
  s().Drop(kA, 1);
  s().As(1);
  s().where().site = kFlushSite;
  s().FlushMm(1, {0, 1});
  s().Drop(kA, 0);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD006 pfn=5"));
}

TEST_F(Inference_, FD006TwinBothFlush) {
  Start();
  s().Load(1, 1);
  Alloc(kA);
  s().Get(kA, 2);
  MapAndPut(kA);
  s().As(2).FlushMm(1, {0, 1});
  s().Drop(kA, 1);
  s().As(1).FlushMm(1, {0, 1});
  s().Drop(kA, 0);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD006TwinHandedOver) {
  Start();
  Alloc(kA);
  s().Get(kA, 2);
  MapAndPut(kA);
  s().Handover(kA);
  s().As(2, kDropSite).Drop(kA, 1);
  s().As(1).Drop(kA, 0);
  Flush();
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

// --- FD007 ------------------------------------------------------------------

TEST_F(Inference_, FD007FreeInSoftirq) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  Accident();
  s().Context(FLUSHDEP_CTX_SOFTIRQ, 1, 1);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD007 pfn=5"));
  s().Context(FLUSHDEP_CTX_SOFTIRQ, -1, 0);
}

TEST_F(Inference_, FD007FreeWithInterruptsOff) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  Accident();
  s().Context(FLUSHDEP_CTX_IRQS_OFF, 1, 1);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD007 pfn=5"));
}

TEST_F(Inference_, FD007TwinASpinlockIsNoSuchPlace) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  Accident();
  s().Lock(kLock);
  s().Context(FLUSHDEP_CTX_PREEMPT, 1, 1);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD004 pfn=5"));
}

TEST_F(Inference_, FD007TwinFlushedBefore) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  Flush();
  s().Context(FLUSHDEP_CTX_IRQS_OFF, 1, 1);
  Free(kA);
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD007AtTheEndOfAnFD005Path) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().where().site = kInsert;
  s().Get(kA, 2);
  Alloc(kB);
  s().where().site = kInsert;
  s().Get(kB, 2);
  s().Context(FLUSHDEP_CTX_HARDIRQ, 1, 1);
  Free(kB);
  s().Context(FLUSHDEP_CTX_HARDIRQ, -1, 0);
  s().Finish();
  EXPECT_THAT(s().Take(), ElementsAre("FD007 pfn=18446744073709551615"));
  EXPECT_EQ(s().last().severity, Severity::Possible);
}

TEST_F(Inference_, FD001SaysWhereNoFlushCanRun) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().Context(FLUSHDEP_CTX_SOFTIRQ, 1, 1);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
  EXPECT_THAT(std::string(s().last().note.view()), HasSubstr("no flush could run"));
}

// --- FD017 ------------------------------------------------------------------

TEST_F(Inference_, FD017FlushUnderALockAwaitedWithInterruptsOff) {
  Start();
  s().Lock(kLock, kLockClass);
  Flush();
  s().Unlock(kLock, kLockClass);
  s().As(2).Context(FLUSHDEP_CTX_IRQS_OFF, 1, 1);
  s().Lock(kLock + 8, kLockClass);
  EXPECT_THAT(s().Take().size(), 1u);
  EXPECT_EQ(s().last().rule, Rule::FD017);
  EXPECT_EQ(s().last().severity, Severity::Possible);
}

TEST_F(Inference_, FD017CallsALockByItsName) {
  Start();
  const std::string name(60, 'n');
  s().Name(kLockClass, name);
  s().Name(kLockClass + 1, "other");
  s().Lock(kLock, kLockClass);
  Flush();
  s().Unlock(kLock, kLockClass);
  s().As(2).Context(FLUSHDEP_CTX_IRQS_OFF, 1, 1);
  s().Lock(kLock + 8, kLockClass);
  EXPECT_THAT(s().Take().size(), 1u);
  // Cut off, and ended.
  EXPECT_THAT(std::string(s().last().message.view()),
              HasSubstr("class '" + name.substr(0, LockClass::kNameBytes - 1) + "' (A) is held"));
}

TEST_F(Inference_, FD017TheOtherWayRound) {
  Start();
  s().As(2).Context(FLUSHDEP_CTX_HARDIRQ, 1, 1);
  s().Lock(kLock, kLockClass);
  s().Unlock(kLock, kLockClass);
  s().Context(FLUSHDEP_CTX_HARDIRQ, -1, 0);
  s().As(1).Lock(kLock, kLockClass);
  EXPECT_THAT(s().Take(), IsEmpty());
  s().where().site = kFlushSite;
  s().FlushAll();
  EXPECT_THAT(s().Take().size(), 1u);
  EXPECT_EQ(s().last().rule, Rule::FD017);
}

TEST_F(Inference_, FD017ByWayOfAnotherLock) {
  Start();
  constexpr uint64_t kMiddle = 0x2000, kMiddleClass = 0x88;
  // Somebody holds the middle one and waits for the flusher's.
  s().As(2).Lock(kMiddle, kMiddleClass);
  s().Lock(kLock, kLockClass);
  s().Unlock(kLock, kLockClass);
  s().Unlock(kMiddle, kMiddleClass);
  s().As(3).Context(FLUSHDEP_CTX_IRQS_OFF, 1, 1);
  s().Lock(kMiddle, kMiddleClass);
  s().Unlock(kMiddle, kMiddleClass);
  s().As(1).Lock(kLock, kLockClass);
  Flush();
  EXPECT_THAT(s().Take().size(), 1u);
  EXPECT_EQ(s().last().rule, Rule::FD017);
}

TEST_F(Inference_, FD017TwinLocalFlush) {
  Start();
  s().As(2).Context(FLUSHDEP_CTX_IRQS_OFF, 1, 1);
  s().Lock(kLock, kLockClass);
  s().Unlock(kLock, kLockClass);
  s().As(1).Lock(kLock, kLockClass);
  s().FlushLocal();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD017TwinLetGoBefore) {
  Start();
  s().As(2).Context(FLUSHDEP_CTX_IRQS_OFF, 1, 1);
  s().Lock(kLock, kLockClass);
  s().Unlock(kLock, kLockClass);
  s().As(1).Lock(kLock, kLockClass);
  s().Unlock(kLock, kLockClass);
  Flush();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD017TwinTrylockDoesNotWait) {
  Start();
  s().As(2).Context(FLUSHDEP_CTX_IRQS_OFF, 1, 1);
  s().Sync(FLUSHDEP_SYNC_LOCK, kLock, kLockClass);
  s().Unlock(kLock, kLockClass);
  s().As(1).Lock(kLock, kLockClass);
  Flush();
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, FD017TwinOtherClass) {
  Start();
  s().As(2).Context(FLUSHDEP_CTX_IRQS_OFF, 1, 1);
  s().Lock(kLock, kLockClass + 1);
  s().Unlock(kLock, kLockClass + 1);
  s().As(1).Lock(kLock, kLockClass);
  Flush();
  EXPECT_THAT(s().Take(), IsEmpty());
}

// --- Scopes and assertions -----------------------------------------------------

TEST_F(Inference_, NothingIsReportedInAnUncheckedScope) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().Context(FLUSHDEP_CTX_CHECKER_OFF, 1, 1);
  Free(kA);
  s().Context(FLUSHDEP_CTX_CHECKER_OFF, -1, 0);
  EXPECT_THAT(s().Take(), IsEmpty());
  Alloc(kA);
  MapAndPut(kA);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
}

TEST_F(Inference_, AssertFlushed) {
  Start();
  Alloc(kA);
  MapAndPut(kA);
  s().Assert(kA, 1);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
  EXPECT_THAT(std::string(s().last().message.view()), HasSubstr("claimed to be flushed"));
  s().where().site = kOther;
  Accident();
  s().Assert(kA, 1);
  EXPECT_THAT(s().Take(), ElementsAre("FD004 pfn=5"));
  Flush();
  s().Assert(kA, 1);
  s().Assert(kA, 0);
  EXPECT_THAT(s().Take(), IsEmpty());
}

TEST_F(Inference_, AssertNotMapped) {
  Start();
  Alloc(kA);
  const uint64_t va = Script::Va(1, 0, 3);
  s().Map(1, va, kA);
  s().Assert(kA, 1);
  EXPECT_THAT(s().Take(), IsEmpty());
  s().Assert(kA, 2);
  EXPECT_THAT(s().Take(), ElementsAre("FD002 pfn=5"));
  s().Put(1, va, kA);
  s().Assert(kA, 2);
  EXPECT_THAT(s().Take(), IsEmpty());
}

// --- Limits ---------------------------------------------------------------------

TEST_F(Inference_, FullTablesStopLearningAndNothingElse) {
  MachineOptions options;
  options.frames = 4;
  for (Limit limit : {Limit::Classes, Limit::Sites, Limit::Edges, Limit::LifeStates, Limit::Steps,
                      Limit::Drops, Limit::SyncObjects, Limit::LockClasses, Limit::LockOrders})
    options.limits.value[static_cast<size_t>(limit)] = 2;
  Start(options);
  for (uint64_t i = 0; i < 40; ++i) {
    s().where().site = 0x10000 + i * 16;
    s().Alloc(100 + i);
    s().Get(100 + i, 2);
    s().Lock(0x5000 + i * 8, i);
    s().Lock(0x6000 + i * 8, i + 100);
    s().Unlock(0x6000 + i * 8, i + 100);
    s().Unlock(0x5000 + i * 8, i);
    s().Free(100 + i);
  }
  s().Finish();
  EXPECT_THAT(s().Take(), IsEmpty());
  LimitCounts& limits = s().validator().state().limits();
  EXPECT_GT(limits.Count(Limit::Classes) + limits.Count(Limit::Steps), 0u);
  EXPECT_GT(limits.Count(Limit::SyncObjects), 0u);
  EXPECT_GT(limits.Count(Limit::LockClasses), 0u);
  // The invariant holds on.
  Alloc(kA);
  MapAndPut(kA);
  Free(kA);
  EXPECT_THAT(s().Take(), ElementsAre("FD001 pfn=5"));
}

}  // namespace
}  // namespace flushdep
