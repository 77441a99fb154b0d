// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What would hang ends with a message; and what only looks like it goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runtime/support/sync.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  options.cpus = 8;
  options.mem = 64u << 20;
  return FromEnvironment(options);
}

namespace {

using ::testing::ExitedWithCode;

flushdep_spinlock g_spin = FLUSHDEP_LOCK("spin");
flushdep_mutex g_a = FLUSHDEP_LOCK("a");
flushdep_mutex g_b = FLUSHDEP_LOCK("b");
flushdep_mutex g_c = FLUSHDEP_LOCK("c");
flushdep_rwsem g_sem = FLUSHDEP_LOCK("sem");
flushdep_rwsem g_other = FLUSHDEP_LOCK("other");

// Takes one lock, waits until all of `threads` hold theirs, then wants another one.
struct Meeting {
  std::atomic<int> up{0};
  int threads;
  void Wait() {
    up++;
    while (up < threads) sched_yield();
  }
};

#define EXPECT_DEADLOCK(statement, message) EXPECT_EXIT({ statement; }, ExitedWithCode(4), message)

// --- Recursion

TEST(SyncDeadlockTest, TakingALockTwiceNamesItAndBothPlaces) {
  EXPECT_DEADLOCK(flushdep_spin_lock(&g_spin);
                  flushdep_spin_lock(&g_spin),
                  "thread 1 waits for itself in spin_lock\\(\\) at 0x[0-9a-f]+ for 'spin' "
                  "\\(0x[0-9a-f]+\\), taken by spin_lock\\(\\) at 0x[0-9a-f]+ in the same thread");
  EXPECT_DEADLOCK(flushdep_mutex_lock(&g_a);
                  flushdep_mutex_lock(&g_a), "in mutex_lock.*for 'a'.*in the same thread");
  EXPECT_DEADLOCK(flushdep_down_read(&g_sem);
                  flushdep_down_write(&g_sem),
                  "in down_write.*for 'sem'.*taken by down_read.*in the same thread");
  EXPECT_DEADLOCK(flushdep_down_write(&g_sem);
                  flushdep_down_read(&g_sem),
                  "in down_read.*for 'sem'.*taken by down_write.*in the same thread");
}

TEST(SyncDeadlockTest, ReadingTwiceIsNoRecursion) {
  flushdep_down_read(&g_sem);
  flushdep_down_read(&g_sem);
  flushdep_up_read(&g_sem);
  flushdep_up_read(&g_sem);
  flushdep_mutex_lock(&g_a);
  flushdep_mutex_unlock(&g_a);
  flushdep_mutex_lock(&g_a);
  flushdep_mutex_unlock(&g_a);
}

// --- Unlocking

TEST(SyncDeadlockTest, UnlockingWhatIsNotHeldIsSaid) {
  EXPECT_DEADLOCK(flushdep_mutex_unlock(&g_a),
                  "thread 1 calls mutex_unlock\\(\\) at 0x.*'a'.*which nobody holds");
  EXPECT_DEADLOCK(flushdep_up_read(&g_sem), "up_read.*'sem'.*which nobody holds");
  EXPECT_DEADLOCK(flushdep_down_read(&g_sem);
                  flushdep_up_write(&g_sem), "up_write.*'sem'.*which others hold as readers");
  EXPECT_DEADLOCK(flushdep_mutex_lock(&g_a);
                  Thread([] { flushdep_mutex_unlock(&g_a); }),
                  "thread [0-9]+ calls mutex_unlock.*'a'.*taken at 0x[0-9a-f]+ by thread 1");
  EXPECT_DEADLOCK(flushdep_down_read(&g_sem);
                  Thread([] { flushdep_up_read(&g_sem); }),
                  "thread [0-9]+ calls up_read.*'sem'.*which others hold as readers");
}

// --- Cycles

void TakeBoth(Meeting& meeting, flushdep_mutex& first, flushdep_mutex& second) {
  flushdep_mutex_lock(&first);
  meeting.Wait();
  flushdep_mutex_lock(&second);
  flushdep_mutex_unlock(&second);
  flushdep_mutex_unlock(&first);
}

TEST(SyncDeadlockTest, TwoLocksTheOtherWayRoundNamesThreadsAndLocks) {
  EXPECT_DEADLOCK(
      {
        Meeting meeting = {.threads = 2};
        Thread one([&] { TakeBoth(meeting, g_a, g_b); });
        Thread two([&] { TakeBoth(meeting, g_b, g_a); });
      },
      "deadlock: thread [0-9]+ waits in mutex_lock\\(\\) at 0x[0-9a-f]+ for '[ab]' "
      "\\(0x[0-9a-f]+\\), taken by mutex_lock\\(\\) at 0x[0-9a-f]+ in thread [0-9]+; "
      "thread [0-9]+ waits in mutex_lock\\(\\) at 0x[0-9a-f]+ for '[ab]'.* in thread [0-9]+\n");
}

TEST(SyncDeadlockTest, ThreeLocksInARing) {
  EXPECT_DEADLOCK(
      {
        Meeting meeting = {.threads = 3};
        Thread one([&] { TakeBoth(meeting, g_a, g_b); });
        Thread two([&] { TakeBoth(meeting, g_b, g_c); });
        Thread three([&] { TakeBoth(meeting, g_c, g_a); });
      },
      "deadlock: .*in thread [0-9]+; .*in thread [0-9]+; .* in thread [0-9]+\n");
}

TEST(SyncDeadlockTest, ASpinlockAndAMutex) {
  EXPECT_DEADLOCK(
      {
        Meeting meeting = {.threads = 2};
        Thread one([&] {
          flushdep_spin_lock(&g_spin);
          meeting.Wait();
          flushdep_mutex_lock(&g_a);
        });
        Thread two([&] {
          flushdep_mutex_lock(&g_a);
          meeting.Wait();
          flushdep_spin_lock(&g_spin);
        });
      },
      "deadlock: .*'(spin|a)'.*'(spin|a)'");
}

TEST(SyncDeadlockTest, TwoReadersThatBothWantToWrite) {
  EXPECT_DEADLOCK(
      {
        Meeting meeting = {.threads = 2};
        Thread one([&] {
          flushdep_down_read(&g_sem);
          meeting.Wait();
          flushdep_down_write(&g_other);
        });
        Thread two([&] {
          flushdep_down_read(&g_other);
          meeting.Wait();
          flushdep_down_write(&g_sem);
        });
      },
      "deadlock: .*taken by down_read.*taken by down_read");
}

TEST(SyncDeadlockTest, ReadersOfEachOthersLocksAreNone) {
  Meeting meeting = {.threads = 2};
  Thread one([&] {
    machine::RwsemReadGuard a(g_sem);
    meeting.Wait();
    machine::RwsemReadGuard b(g_other);
  });
  Thread two([&] {
    machine::RwsemReadGuard a(g_other);
    meeting.Wait();
    machine::RwsemReadGuard b(g_sem);
  });
}

TEST(SyncDeadlockTest, AChainThatEndsIsNone) {
  // c is held by a thread that goes on; two others wait behind it in a row.
  flushdep_mutex_lock(&g_c);
  Clear();  // before it can wait
  Thread one([] {
    machine::MutexGuard b(g_b);
    machine::MutexGuard c(g_c);
  });
  AwaitSync(FLUSHDEP_SYNC_LOCK_WAIT, &g_c);
  Thread two([] {
    machine::MutexGuard a(g_a);
    machine::MutexGuard b(g_b);
  });
  AwaitSync(FLUSHDEP_SYNC_LOCK_WAIT, &g_b);
  flushdep_mutex_unlock(&g_c);
}

TEST(SyncDeadlockTest, JoiningAThreadThatWantsAHeldLock) {
  EXPECT_DEADLOCK(
      {
        flushdep_mutex_lock(&g_a);
        Thread([] { flushdep_mutex_lock(&g_a); }).Join();
      },
      "deadlock: .*(waits in thread_join.* for the end of thread [0-9]+|for 'a').*;");
  EXPECT_DEADLOCK(
      {
        static flushdep_thread self;
        flushdep_thread_create(
            &self, "self",
            [](void* arg) { flushdep_thread_join(static_cast<flushdep_thread*>(arg)); }, &self);
        flushdep_thread_join(&self);
      },
      "deadlock: thread [0-9]+ waits in thread_join.* for the end of thread [0-9]+\n");
}

TEST(SyncDeadlockTest, AGracePeriodUnderALockThatAReaderWants) {
  EXPECT_DEADLOCK(
      {
        Meeting meeting = {.threads = 2};
        Thread reader([&] {
          flushdep_rcu_read_lock();
          meeting.Wait();
          flushdep_spin_lock(&g_spin);
        });
        flushdep_mutex_lock(&g_a);
        flushdep_spin_lock(&g_spin);
        meeting.Wait();
        flushdep_synchronize_rcu();
      },
      "deadlock: .*(waits in synchronize_rcu.* for the RCU read section of thread [0-9]+|for "
      "'spin').*;");
}

// --- Holders that are gone

TEST(SyncDeadlockTest, WaitingForAThreadThatExitedWithTheLock) {
  EXPECT_DEADLOCK(
      {
        Thread([] { flushdep_mutex_lock(&g_a); }).Join();
        flushdep_mutex_lock(&g_a);
      },
      "thread [0-9]+ exits with locks held: 'a' .*taken by mutex_lock(.|\n)*thread 1 waits in "
      "mutex_lock.*'a'.*by thread [0-9]+, which is gone");
  EXPECT_DEADLOCK(
      {
        Thread holder([&] {
          flushdep_spin_lock(&g_spin);
          AwaitSync(FLUSHDEP_SYNC_LOCK_WAIT, &g_spin);
        });
        while (!flushdep_spin_is_locked(&g_spin)) sched_yield();
        flushdep_spin_lock(&g_spin);
      },
      "thread [0-9]+ exits with locks held(.|\n)*'spin'.*by thread [0-9]+, which is gone");
}

TEST(SyncDeadlockTest, AForkedChildMayUseWhatWasFreeAndIsToldOfTheRest) {
  flushdep_mutex_lock(&g_b);  // ours: the child has it too
  std::atomic<bool> held{false}, done{false};
  Thread other([&] {
    machine::MutexGuard guard(g_a);
    flushdep_rcu_read_lock();
    held = true;
    while (!done) sched_yield();
    flushdep_rcu_read_unlock();
  });
  while (!held) sched_yield();
  pid_t child = fork();
  if (child == 0) {
    machine::MutexGuard guard(g_c);
    flushdep_mutex_unlock(&g_b);
    flushdep_synchronize_rcu();  // the reader is the parent's
    flushdep_spin_lock(&g_spin);
    flushdep_spin_unlock(&g_spin);
#if !defined(FLUSHDEP_SANITIZED)  // TSan allows no new thread here
    Thread([] { machine::MutexGuard guard(g_b); }).Join();
#endif
    _exit(flushdep_mutex_trylock(&g_a) ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_DEADLOCK(flushdep_mutex_lock(&g_a), "'a'.*which is gone");
  done = true;
  other.Join();
  flushdep_mutex_unlock(&g_b);
}

TEST(SyncDeadlockTest, AForkIsNotHeldUpByAThreadThatSpins) {
  flushdep_spin_lock(&g_spin);
  Clear();
  Thread spinner([] { machine::SpinGuard guard(g_spin); });
  AwaitSync(FLUSHDEP_SYNC_LOCK_WAIT, &g_spin);
  pid_t child = fork();
  if (child == 0) {
    flushdep_spin_unlock(&g_spin);
    _exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  flushdep_spin_unlock(&g_spin);
}

TEST(SyncDeadlockTest, AThreadOfTheParentCannotBeJoinedByTheChild) {
  std::atomic<bool> done{false};
  Thread other([&] {
    while (!done) sched_yield();
  });
  EXPECT_DEADLOCK(other.Join(), "thread_join.* that only the parent of this process has");
  done = true;
}

}  // namespace
}  // namespace flushdep::testing
