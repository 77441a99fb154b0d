// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls that may sleep, where that is forbidden: told, done all the same, and silent elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/machine/call.h"
#include "tests/runtime/support/sync.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  options.cpus = 8;
  options.mem = 64u << 20;
  return FromEnvironment(options);
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Call kCall = {0, FLUSHDEP_WHY_NONE, 0};

struct Context {
  const char* name;
  uint32_t what;
  void (*enter)();
  void (*leave)();
};

flushdep_spinlock g_outer = FLUSHDEP_LOCK("outer");

const Context kContexts[] = {
    {"preempt", FLUSHDEP_CTX_PREEMPT, flushdep_preempt_disable, flushdep_preempt_enable},
    {"spinlock", FLUSHDEP_CTX_PREEMPT, [] { flushdep_spin_lock(&g_outer); },
     [] { flushdep_spin_unlock(&g_outer); }},
    {"bh", FLUSHDEP_CTX_BH_OFF, [] { BhDisable(kCall); }, [] { BhEnable(kCall); }},
    {"irqs", FLUSHDEP_CTX_IRQS_OFF, [] { IrqSave(kCall); }, [] { IrqRestore(false, kCall); }},
    {"softirq", FLUSHDEP_CTX_SOFTIRQ, [] { EnterInterrupt(FLUSHDEP_CTX_SOFTIRQ, kCall); },
     [] { LeaveInterrupt(FLUSHDEP_CTX_SOFTIRQ, kCall); }},
    {"hardirq", FLUSHDEP_CTX_HARDIRQ, [] { EnterInterrupt(FLUSHDEP_CTX_HARDIRQ, kCall); },
     [] { LeaveInterrupt(FLUSHDEP_CTX_HARDIRQ, kCall); }},
    {"rcu", FLUSHDEP_CTX_RCU, flushdep_rcu_read_lock, flushdep_rcu_read_unlock},
};

struct Sleeper {
  const char* name;
  uint16_t api;
  void (*call)();
};

flushdep_mutex g_mutex;
flushdep_rwsem g_sem;
flushdep_completion g_completion;
flushdep_waitqueue g_queue;

const Sleeper kSleepers[] = {
    {"mutex_lock", FLUSHDEP_WHY_MUTEX_LOCK, [] { flushdep_mutex_lock(&g_mutex); }},
    {"down_read", FLUSHDEP_WHY_DOWN_READ, [] { flushdep_down_read(&g_sem); }},
    {"down_write", FLUSHDEP_WHY_DOWN_WRITE, [] { flushdep_down_write(&g_sem); }},
    {"completion", FLUSHDEP_WHY_WAIT_FOR_COMPLETION,
     [] { flushdep_completion_wait(&g_completion); }},
    {"wait", FLUSHDEP_WHY_WAIT, [] { flushdep_wait_while(&g_queue, 1); }},
    {"synchronize_rcu", FLUSHDEP_WHY_SYNCHRONIZE_RCU, [] { flushdep_synchronize_rcu(); }},
    {"rcu_barrier", FLUSHDEP_WHY_RCU_BARRIER, [] { flushdep_rcu_barrier(); }},
};

// Everything is free, complete or due, so that no call really waits.
void MakeReady() {
  g_mutex = {};
  g_sem = {};
  g_queue = {};
  g_completion = {};
  flushdep_complete_all(&g_completion);
  Clear();
}

void Undo(const Sleeper& sleeper) {
  if (sleeper.api == FLUSHDEP_WHY_MUTEX_LOCK) flushdep_mutex_unlock(&g_mutex);
  if (sleeper.api == FLUSHDEP_WHY_DOWN_READ) flushdep_up_read(&g_sem);
  if (sleeper.api == FLUSHDEP_WHY_DOWN_WRITE) flushdep_up_write(&g_sem);
}

TEST(SyncContextTest, EveryCallThatMaySleepIsToldInEveryContextThatForbidsIt) {
  for (const Context& context : kContexts)
    for (const Sleeper& sleeper : kSleepers) {
      SCOPED_TRACE(std::string(sleeper.name) + " in " + context.name);
      MakeReady();
      context.enter();
      sleeper.call();
      context.leave();
      std::vector<flushdep_event> wrong = Events(FLUSHDEP_EV_WRONG_CONTEXT);
      ASSERT_EQ(wrong.size(), 1u);
      EXPECT_EQ(wrong[0].u.context.what, context.what);
      EXPECT_EQ(wrong[0].u.context.depth, 1);
      EXPECT_EQ(wrong[0].u.context.api, sleeper.api);
      EXPECT_EQ(wrong[0].reason, sleeper.api);
      EXPECT_EQ(wrong[0].flags, 0);  // not FAILED: it was done
      Undo(sleeper);
    }
}

TEST(SyncContextTest, TheSameCallsOutsideAreSilent) {
  for (const Context& context : kContexts)
    for (const Sleeper& sleeper : kSleepers) {
      SCOPED_TRACE(std::string(sleeper.name) + " after " + context.name);
      MakeReady();
      context.enter();
      context.leave();
      sleeper.call();
      Undo(sleeper);
      EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u);
    }
}

TEST(SyncContextTest, MigrationDisabledIsNoReasonNotToSleep) {
  for (const Sleeper& sleeper : kSleepers) {
    MakeReady();
    flushdep_migrate_disable();
    sleeper.call();
    flushdep_migrate_enable();
    Undo(sleeper);
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u) << sleeper.name;
  }
}

TEST(SyncContextTest, AMutexIsTriedAndUnlockedInTasksOnly) {
  MakeReady();
  EnterInterrupt(FLUSHDEP_CTX_HARDIRQ, kCall);
  ASSERT_TRUE(flushdep_mutex_trylock(&g_mutex));
  flushdep_mutex_unlock(&g_mutex);
  LeaveInterrupt(FLUSHDEP_CTX_HARDIRQ, kCall);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 2u);
  Clear();
  flushdep_preempt_disable();
  ASSERT_TRUE(flushdep_mutex_trylock(&g_mutex));
  flushdep_mutex_unlock(&g_mutex);
  flushdep_preempt_enable();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u);
}

TEST(SyncContextTest, WhatDoesNotSleepIsAllowedAnywhere) {
  for (const Context& context : kContexts) {
    SCOPED_TRACE(context.name);
    MakeReady();
    flushdep_spinlock lock = {};
    flushdep_atomic atomic = FLUSHDEP_ATOMIC(0);
    context.enter();
    flushdep_spin_lock(&lock);
    flushdep_spin_unlock(&lock);
    flushdep_complete(&g_completion);
    EXPECT_TRUE(flushdep_completion_try_wait(&g_completion));
    EXPECT_TRUE(flushdep_down_read_trylock(&g_sem));
    flushdep_up_read(&g_sem);
    flushdep_atomic_inc_return(&atomic);
    flushdep_wake_up(&g_queue);
    context.leave();
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u);
  }
}

TEST(SyncContextTest, AJoinInAtomicContextIsTold) {
  Thread quiet([] {});
  Clear();
  quiet.Join();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u);
  Thread told([] {});
  flushdep_preempt_disable();
  told.Join();
  flushdep_preempt_enable();
  std::vector<flushdep_event> wrong = Events(FLUSHDEP_EV_WRONG_CONTEXT);
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0].u.context.api, uint32_t{FLUSHDEP_WHY_THREAD_JOIN});
}

TEST(SyncContextTest, AContendedMutexInAtomicContextIsToldAndGot) {
  MakeReady();
  flushdep_mutex_lock(&g_mutex);
  Thread waiter([] {
    flushdep_preempt_disable();
    flushdep_mutex_lock(&g_mutex);
    flushdep_mutex_unlock(&g_mutex);
    flushdep_preempt_enable();
  });
  AwaitSync(FLUSHDEP_SYNC_LOCK_WAIT, &g_mutex);
  flushdep_mutex_unlock(&g_mutex);
  waiter.Join();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 1u);
}

TEST(SyncContextTest, AReadSectionTellsItsNesting) {
  MakeReady();
  flushdep_rcu_read_lock();
  flushdep_rcu_read_lock();
  flushdep_rcu_read_unlock();
  EXPECT_TRUE(flushdep_rcu_read_lock_held());
  flushdep_rcu_read_unlock();
  EXPECT_FALSE(flushdep_rcu_read_lock_held());
  EXPECT_THAT(Story(), ElementsAre("RCU+1", "ACQUIRE", "RCU+1", "RCU-1", "RELEASE", "RCU-1"));
  Clear();
  flushdep_rcu_read_unlock();
  ASSERT_EQ(CountEvents(FLUSHDEP_EV_CONTEXT), 1u);
  EXPECT_EQ(Events()[0].flags, FLUSHDEP_F_FAILED);
  EXPECT_EQ(Events()[0].u.context.depth, -1);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_SYNC), 0u);
}

}  // namespace
}  // namespace flushdep::testing
