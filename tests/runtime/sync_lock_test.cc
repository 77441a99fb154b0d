// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spinlocks, rwlocks, mutexes and rwsems: they exclude, and tell what they do in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <setjmp.h>

#include <memory>

#include "tests/runtime/support/sync.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  options.cpus = 16;
  options.mem = 64u << 20;
  return FromEnvironment(options);
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SyncLockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    flushdep_cpu_current();
    Clear();
  }
};

// --- Events

TEST_F(SyncLockTest, ASpinlockTellsItsNameAndItself) {
  static flushdep_spinlock lock = FLUSHDEP_LOCK("static_lock");
  flushdep_spin_lock(&lock);
  EXPECT_TRUE(flushdep_spin_is_locked(&lock));
  EXPECT_EQ(flushdep_preempt_count(), 1);
  flushdep_spin_unlock(&lock);
  EXPECT_FALSE(flushdep_spin_is_locked(&lock));
  flushdep_spin_lock(&lock);
  flushdep_spin_unlock(&lock);
  EXPECT_THAT(Story(), ElementsAre("PREEMPT+1", "NAME static_lock", "LOCK", "UNLOCK", "PREEMPT-1",
                                   "PREEMPT+1", "LOCK", "UNLOCK", "PREEMPT-1"));
  std::vector<flushdep_event> syncs = SyncsOf(&lock);
  for (size_t i = 0; i < syncs.size(); i++) {
    EXPECT_EQ(syncs[i].u.sync.seq, i + 1);
    EXPECT_EQ(syncs[i].u.sync.lock_class, reinterpret_cast<uint64_t>(&lock));
    EXPECT_EQ(syncs[i].flags, 0);
    EXPECT_NE(syncs[i].site, 0u);
  }
  EXPECT_EQ(syncs[0].reason, FLUSHDEP_WHY_SPIN_LOCK);
  EXPECT_EQ(syncs[1].reason, FLUSHDEP_WHY_SPIN_UNLOCK);
  for (const flushdep_event& event : Events(FLUSHDEP_EV_CONTEXT))
    EXPECT_EQ(event.flags, FLUSHDEP_F_INTERNAL);
}

void InitHere(flushdep_mutex* mutex) { FLUSHDEP_LOCK_INIT(mutex, "one_of_many"); }

TEST_F(SyncLockTest, LocksOfOneInitSiteAreOneClassNamedOnce) {
  flushdep_mutex a, b;
  InitHere(&a);
  InitHere(&b);
  EXPECT_THAT(Story(), ElementsAre("RESET", "NAME one_of_many", "RESET"));
  Clear();
  flushdep_mutex_lock(&a);
  flushdep_mutex_lock_nested(&b, 3);
  flushdep_mutex_unlock(&b);
  flushdep_mutex_unlock(&a);
  std::vector<flushdep_event> syncs = Events(FLUSHDEP_EV_SYNC);
  // What is taken under another lock is told as wanted before it is told as got.
  ASSERT_EQ(syncs.size(), 5u);
  EXPECT_THAT(Story(), ElementsAre("LOCK", "LOCK_WAIT", "LOCK", "UNLOCK", "UNLOCK"));
  EXPECT_EQ(syncs[1].u.sync.subclass, 3u);
  syncs.erase(syncs.begin() + 1);
  EXPECT_EQ(syncs[0].u.sync.lock_class, reinterpret_cast<uint64_t>(a.lock.key));
  EXPECT_EQ(syncs[1].u.sync.lock_class, syncs[0].u.sync.lock_class);
  EXPECT_EQ(syncs[0].u.sync.subclass, 0u);
  EXPECT_EQ(syncs[1].u.sync.subclass, 3u);
  EXPECT_EQ(syncs[2].u.sync.subclass, 3u);
  EXPECT_NE(syncs[0].u.sync.object, syncs[1].u.sync.object);
}

TEST_F(SyncLockTest, ALongNameComesInPieces) {
  static constexpr char kName[] =
      "a_name_of_exactly_ninety_six_characters_"
      "which_is_two_full_pieces_and_then_an_empty_one_at_the_en";
  static_assert(sizeof(kName) == 97);
  static flushdep_mutex mutex = FLUSHDEP_LOCK(kName);
  flushdep_mutex_lock(&mutex);
  flushdep_mutex_unlock(&mutex);
  std::string name;
  std::vector<flushdep_event> pieces = Events(FLUSHDEP_EV_NAME);
  for (const flushdep_event& event : pieces) {
    EXPECT_EQ(event.u.name.index, name.size());
    EXPECT_EQ(event.u.name.kind, uint32_t{FLUSHDEP_EV_SYNC});
    EXPECT_EQ(event.u.name.object, reinterpret_cast<uint64_t>(&mutex));
    name.append(event.u.name.text, strnlen(event.u.name.text, sizeof(event.u.name.text)));
  }
  EXPECT_EQ(name, kName);
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces.back().u.name.text[47], 0);
}

TEST_F(SyncLockTest, WhatASpinlockTurnsOffComesBackAsItWas) {
  flushdep_spinlock lock = FLUSHDEP_LOCK(nullptr), other = FLUSHDEP_LOCK(nullptr);
  flushdep_spin_lock_bh(&lock);
  flushdep_spin_unlock_bh(&lock);
  EXPECT_THAT(Story(),
              ElementsAre("BH_OFF+1", "PREEMPT+1", "LOCK", "UNLOCK", "PREEMPT-1", "BH_OFF-1"));
  Clear();
  unsigned long flags = flushdep_spin_lock_irqsave(&lock);
  unsigned long inner = flushdep_spin_lock_irqsave(&other);
  flushdep_spin_unlock_irqrestore(&other, inner);
  flushdep_spin_unlock_irqrestore(&lock, flags);
  EXPECT_THAT(Story(),
              ElementsAre("IRQS_OFF+1", "PREEMPT+1", "LOCK_WAIT", "LOCK", "PREEMPT+1", "LOCK_WAIT",
                          "LOCK", "UNLOCK", "PREEMPT-1", "UNLOCK", "IRQS_OFF-1", "PREEMPT-1"));
  Clear();
  flushdep_spin_lock_irq(&lock);
  flushdep_spin_unlock_irq(&lock);
  EXPECT_THAT(Story(), ElementsAre("IRQS_OFF+1", "PREEMPT+1", "LOCK_WAIT", "LOCK", "UNLOCK",
                                   "IRQS_OFF-1", "PREEMPT-1"));
}

TEST_F(SyncLockTest, AFailedTrylockTellsNothingAndLeavesNothingOff) {
  flushdep_spinlock spin = FLUSHDEP_LOCK(nullptr);
  flushdep_mutex mutex = FLUSHDEP_LOCK(nullptr);
  flushdep_rwsem sem = FLUSHDEP_LOCK(nullptr);
  flushdep_rwlock rw = FLUSHDEP_LOCK(nullptr);
  ASSERT_TRUE(flushdep_spin_trylock(&spin));
  ASSERT_TRUE(flushdep_mutex_trylock(&mutex));
  ASSERT_TRUE(flushdep_down_write_trylock(&sem));
  ASSERT_TRUE(flushdep_read_trylock(&rw));
  std::vector<flushdep_event> failed;
  Thread([&] {
    Clear();
    unsigned long flags = 7;
    EXPECT_FALSE(flushdep_spin_trylock(&spin));
    EXPECT_FALSE(flushdep_spin_trylock_irqsave(&spin, &flags));
    EXPECT_FALSE(flushdep_mutex_trylock(&mutex));
    EXPECT_FALSE(flushdep_down_write_trylock(&sem));
    EXPECT_FALSE(flushdep_down_read_trylock(&sem));
    EXPECT_FALSE(flushdep_write_trylock(&rw));
    EXPECT_EQ(flushdep_preempt_count(), 0);
    EXPECT_TRUE(Events(FLUSHDEP_EV_SYNC).empty());
    EXPECT_TRUE(flushdep_read_trylock(&rw));
    flushdep_read_unlock(&rw);
  }).Join();
  flushdep_read_unlock(&rw);
  flushdep_up_write(&sem);
  flushdep_mutex_unlock(&mutex);
  flushdep_spin_unlock(&spin);
  EXPECT_EQ(flushdep_preempt_count(), 0);
  unsigned long flags = 7;
  EXPECT_TRUE(flushdep_spin_trylock_irqsave(&spin, &flags));
  EXPECT_EQ(flags, 0u);
  flushdep_spin_unlock_irqrestore(&spin, flags);
}

TEST_F(SyncLockTest, AWaiterSaysSoBeforeAndTheEventsAreInTheOrderOfTheHolders) {
  flushdep_mutex mutex = FLUSHDEP_LOCK(nullptr);
  flushdep_mutex_lock(&mutex);
  Thread waiter([&] {
    flushdep_mutex_lock(&mutex);
    flushdep_mutex_unlock(&mutex);
  });
  AwaitSync(FLUSHDEP_SYNC_LOCK_WAIT, &mutex);
  flushdep_mutex_unlock(&mutex);
  waiter.Join();
  EXPECT_THAT(Story(SyncsOf(&mutex)), ElementsAre("LOCK", "LOCK_WAIT", "UNLOCK", "LOCK", "UNLOCK"));
  std::vector<uint64_t> seqs;
  for (const flushdep_event& event : SyncsOf(&mutex)) seqs.push_back(event.u.sync.seq);
  EXPECT_THAT(seqs, ElementsAre(1, 0, 2, 3, 4));
}

TEST_F(SyncLockTest, ReadersShareAndADowngradedWriterIsOne) {
  flushdep_rwsem sem = FLUSHDEP_LOCK(nullptr);
  flushdep_down_write(&sem);
  EXPECT_TRUE(flushdep_lock_is_held(&sem.lock));
  flushdep_downgrade_write(&sem);
  Thread([&] {
    EXPECT_FALSE(flushdep_lock_is_held(&sem.lock));
    EXPECT_FALSE(flushdep_down_write_trylock(&sem));
    flushdep_down_read(&sem);
    flushdep_up_read(&sem);
  }).Join();
  EXPECT_TRUE(flushdep_rwsem_is_locked(&sem));
  flushdep_up_read(&sem);
  EXPECT_FALSE(flushdep_rwsem_is_locked(&sem));
  EXPECT_FALSE(flushdep_lock_is_held(&sem.lock));
  EXPECT_THAT(Story(SyncsOf(&sem)), ElementsAre("LOCK", "UNLOCK", "LOCK_SHARED", "LOCK_SHARED",
                                                "UNLOCK_SHARED", "UNLOCK_SHARED"));
}

TEST_F(SyncLockTest, AReaderMayReadAgainWhileAWriterWaits) {
  flushdep_rwlock lock = FLUSHDEP_LOCK(nullptr);
  flushdep_read_lock(&lock);
  Thread writer([&] {
    flushdep_write_lock(&lock);
    flushdep_write_unlock(&lock);
  });
  AwaitSync(FLUSHDEP_SYNC_LOCK_WAIT, &lock);
  flushdep_read_lock(&lock);
  flushdep_read_unlock(&lock);
  flushdep_read_unlock(&lock);
  writer.Join();
  EXPECT_THAT(Story(SyncsOf(&lock)),
              ElementsAre("LOCK_SHARED", "LOCK_WAIT", "LOCK_WAIT", "LOCK_SHARED", "UNLOCK_SHARED",
                          "UNLOCK_SHARED", "LOCK", "UNLOCK"));
}

TEST_F(SyncLockTest, GuardsHoldForTheirScope) {
  flushdep_spinlock spin = FLUSHDEP_LOCK(nullptr);
  flushdep_mutex mutex = FLUSHDEP_LOCK(nullptr);
  flushdep_rwsem sem = FLUSHDEP_LOCK(nullptr);
  {
    machine::MutexGuard a(mutex);
    machine::RwsemReadGuard b(sem);
    machine::SpinIrqGuard c(spin);
    machine::RcuReadGuard d;
    EXPECT_TRUE(flushdep_rcu_read_lock_held());
    EXPECT_TRUE(flushdep_mutex_is_locked(&mutex));
    EXPECT_TRUE(flushdep_rwsem_is_locked(&sem));
    EXPECT_TRUE(flushdep_spin_is_locked(&spin));
  }
  EXPECT_FALSE(flushdep_rcu_read_lock_held());
  EXPECT_FALSE(flushdep_mutex_is_locked(&mutex));
  EXPECT_FALSE(flushdep_rwsem_is_locked(&sem));
  EXPECT_FALSE(flushdep_spin_is_locked(&spin));
  EXPECT_EQ(flushdep_preempt_count(), 0);
}

TEST_F(SyncLockTest, LocksBeyondTheFollowedOnesStillWork) {
  constexpr int kLocks = 60;
  auto locks = std::make_unique<flushdep_mutex[]>(kLocks);
  for (int i = 0; i < kLocks; i++) flushdep_mutex_lock(&locks[i]);
  for (int i = 0; i < kLocks; i++) EXPECT_TRUE(flushdep_mutex_is_locked(&locks[i]));
  for (int i = 0; i < kLocks; i++) flushdep_mutex_unlock(&locks[i]);
  for (int i = 0; i < kLocks; i++) EXPECT_FALSE(flushdep_mutex_is_locked(&locks[i]));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_SYNC), 2u * kLocks + kLocks - 1);
}

// --- Non-local exits

__attribute__((noinline)) void LeaveHolding(jmp_buf& jump, flushdep_mutex& mutex,
                                            flushdep_spinlock& spin) {
  flushdep_mutex on_stack = FLUSHDEP_LOCK(nullptr);
  flushdep_mutex_lock(&mutex);
  flushdep_mutex_lock(&on_stack);
  flushdep_rcu_read_lock();
  flushdep_spin_lock_irq(&spin);
  longjmp(jump, 1);
}

TEST_F(SyncLockTest, UnwindingLetsGoOfEverything) {
  static flushdep_mutex mutex;
  static flushdep_spinlock spin;
  static jmp_buf jump;
  EXPECT_FALSE(flushdep_sync_unwind());
  if (setjmp(jump) == 0) LeaveHolding(jump, mutex, spin);
  EXPECT_TRUE(flushdep_sync_unwind());
  EXPECT_FALSE(flushdep_sync_unwind());
  EXPECT_FALSE(flushdep_mutex_is_locked(&mutex));
  EXPECT_FALSE(flushdep_spin_is_locked(&spin));
  EXPECT_FALSE(flushdep_rcu_read_lock_held());
  EXPECT_EQ(flushdep_preempt_count(), 1);  // the runner's own business, as before
  flushdep_preempt_enable();
  Clear();
  flushdep_mutex_lock(&mutex);
  flushdep_mutex_unlock(&mutex);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u);
}

// --- Exclusion

// A counter that only the lock protects: lost updates, or a race that TSan sees.
template <typename Lock, typename Take, typename Drop>
void Count(Lock* lock, Take take, Drop drop) {
  constexpr int kThreads = 4, kRounds = 4000;
  SetRecording(false);
  long counter = 0;
  {
    std::vector<std::unique_ptr<Thread>> threads;
    for (int i = 0; i < kThreads; i++)
      threads.push_back(std::make_unique<Thread>([&] {
        for (int round = 0; round < kRounds; round++) {
          take(lock);
          long seen = counter;
          if (round % 64 == 0) sched_yield();
          counter = seen + 1;
          drop(lock);
        }
      }));
  }
  SetRecording(true);
  EXPECT_EQ(counter, long{kThreads} * kRounds);
}

TEST_F(SyncLockTest, ASpinlockExcludes) {
  flushdep_spinlock lock = FLUSHDEP_LOCK(nullptr);
  Count(&lock, flushdep_spin_lock, flushdep_spin_unlock);
}
TEST_F(SyncLockTest, AnIrqSpinlockExcludes) {
  flushdep_spinlock lock = FLUSHDEP_LOCK(nullptr);
  Count(&lock, flushdep_spin_lock_irq, flushdep_spin_unlock_irq);
}
TEST_F(SyncLockTest, AMutexExcludes) {
  flushdep_mutex lock = FLUSHDEP_LOCK(nullptr);
  Count(&lock, flushdep_mutex_lock, flushdep_mutex_unlock);
}
TEST_F(SyncLockTest, ATriedMutexExcludes) {
  flushdep_mutex lock = FLUSHDEP_LOCK(nullptr);
  Count(
      &lock,
      [](flushdep_mutex* mutex) {
        while (!flushdep_mutex_trylock(mutex)) sched_yield();
      },
      flushdep_mutex_unlock);
}
TEST_F(SyncLockTest, WritersExclude) {
  flushdep_rwlock lock = FLUSHDEP_LOCK(nullptr);
  Count(&lock, flushdep_write_lock, flushdep_write_unlock);
  flushdep_rwsem sem = FLUSHDEP_LOCK(nullptr);
  Count(&sem, flushdep_down_write, flushdep_up_write);
}

}  // namespace
}  // namespace flushdep::testing
