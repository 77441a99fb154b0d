// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waits that cannot end are found, and those that can are left alone.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <vector>

#include "runtime/include/flushdep.h"
#include "runtime/machine/call.h"
#include "runtime/machine/sched.h"
#include "runtime/machine/wait.h"
#include "tests/runtime/support/actor.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

LockWait OwnedBy(const std::atomic<uint32_t>& owner, const char* name) {
  return {[](const void* lock) { return static_cast<const std::atomic<uint32_t>*>(lock)->load(); },
          &owner, name};
}

// A spinlock as the machine's own are built on the seam.
class SpinLock {
 public:
  explicit SpinLock(const char* name) : name_(name) {}
  void Lock() {
    Api api(FLUSHDEP_WHY_NONE, 1);
    PreemptDisable(api.call);
    if (!Try()) {
      SpinBegin(OwnedBy(owner_, name_), api.call);
      while (!Try()) std::this_thread::yield();
      SpinEnd(api.call);
    }
  }
  void Unlock() {
    Api api(FLUSHDEP_WHY_NONE, 1);
    owner_.store(0);
    held_.store(false);
    PreemptEnable(api.call);
  }
  bool held() const { return held_.load(); }

 private:
  bool Try() {
    if (held_.exchange(true)) return false;
    owner_.store(t_thread.id);
    return true;
  }
  std::atomic<bool> held_{false};
  std::atomic<uint32_t> owner_{0};
  const char* name_;
};

int Spinning() {
  int spinning = 0;
  MutexLock lock(g_machine.sched_lock);
  ForEachThread(
      [&](const ThreadRecord& record) { spinning += record.lock.holder != nullptr ? 1 : 0; });
  return spinning;
}

bool Pending() {
  for (unsigned i = 0; i < flushdep_cpu_count(); i++)
    if (flushdep_cpu_ipi_pending(i)) return true;
  return false;
}

// Never returns normally: the process ends, or the test program's time does.
void Forever(Actor& one, Actor& two) {
  one.Finish();
  two.Finish();
}

TEST(DeadlockTest, TwoCpusThatFlushAtEachOtherWithInterruptsOff) {
  EXPECT_EXIT(
      {
        Actor one;
        Actor two;
        one.Do([] { flushdep_irq_save(); });
        two.Do([] { flushdep_irq_save(); });
        one.Start(flushdep_flush_all);
        two.Start(flushdep_flush_all);
        Forever(one, two);
      },
      ::testing::ExitedWithCode(4),
      "deadlock: CPU . \\(thread .*\\) waits for its TLB flush to be taken with interrupts off by "
      "CPU .*; CPU . .*Flush before interrupts are turned off");
}

// The twin: one has interrupts off, the other not.
TEST(DeadlockTest, OneOfTwoWithInterruptsOffIsNone) {
  Actor one, two;
  one.Do([] { flushdep_irq_save(); });
  two.Start(flushdep_flush_all);
  Await(Pending);
  one.Do(flushdep_flush_all);
  one.Do([] { flushdep_irq_restore(0); });
  two.Finish();
}

TEST(DeadlockTest, ATargetThatSpinsWithInterruptsOffOnTheSendersLock) {
  EXPECT_EXIT(
      {
        SpinLock lock("spinlock 'list'");
        Actor holder;
        Actor spinner;
        holder.Do([&] { lock.Lock(); });
        spinner.Start([&] {
          flushdep_irq_save();
          lock.Lock();
        });
        Await([] { return Spinning() == 1; });
        holder.Start(flushdep_flush_all);
        Forever(holder, spinner);
      },
      ::testing::ExitedWithCode(4),
      "deadlock: CPU . .*interrupts off by CPU .*waits for spinlock 'list' held by CPU");
}

// The same, found by the spinner, which comes last.
TEST(DeadlockTest, TheSpinnerFindsItToo) {
  EXPECT_EXIT(
      {
        SpinLock lock("spinlock 'list'");
        Actor holder;
        Actor spinner;
        holder.Do([&] { lock.Lock(); });
        spinner.Do([] { flushdep_irq_save(); });
        holder.Start(flushdep_flush_all);
        Await(Pending);
        spinner.Start([&] { lock.Lock(); });
        Forever(holder, spinner);
      },
      ::testing::ExitedWithCode(4), "deadlock: .*spinlock 'list'");
}

// The twin: it spins with interrupts on.
TEST(DeadlockTest, ATargetThatSpinsWithInterruptsOnIsServed) {
  SpinLock lock("spinlock 'list'");
  Actor holder, spinner;
  holder.Do([&] { lock.Lock(); });
  spinner.Start([&] {
    lock.Lock();
    lock.Unlock();
  });
  Await([] { return Spinning() == 1; });
  holder.Do(flushdep_flush_all);
  holder.Do([&] { lock.Unlock(); });
  spinner.Finish();
  EXPECT_FALSE(lock.held());
}

TEST(DeadlockTest, TwoLocksInTwoOrders) {
  EXPECT_EXIT(
      {
        SpinLock a("spinlock a");
        SpinLock b("spinlock b");
        Actor one;
        Actor two;
        one.Do([&] { a.Lock(); });
        two.Do([&] { b.Lock(); });
        one.Start([&] { b.Lock(); });
        two.Start([&] { a.Lock(); });
        Forever(one, two);
      },
      ::testing::ExitedWithCode(4), "deadlock: .*spinlock.*; .*spinlock.*Take locks in one order");
}

TEST(DeadlockTest, ALockTakenTwice) {
  EXPECT_EXIT(
      {
        SpinLock a("spinlock a");
        a.Lock();
        a.Lock();
      },
      ::testing::ExitedWithCode(4), "waits for spinlock a, which it holds itself");
}

// Sleeps in the machine with whatever it holds, until told to go on.
void SleepUntil(const std::atomic<bool>& wake) {
  Api api(FLUSHDEP_WHY_NONE, 1);
  SleepBegin(api.call);
  while (!wake) std::this_thread::yield();
  SleepEnd(api.call);
}

// A holder that slept with the lock held wants its CPU back from the one that spins for it.
TEST(DeadlockTest, ASpinnerOnTheCpuOfTheHolder) {
  EXPECT_EXIT(
      {
        SpinLock lock("spinlock a");
        Actor holder;
        Actor spinner;
        std::atomic<unsigned> cpu{0};
        std::atomic<bool> wake{false};
        holder.Do([&] {
          cpu = flushdep_cpu_current();
          flushdep_cpu_migrate(cpu);  // bound
          lock.Lock();
        });
        holder.Start([&] { SleepUntil(wake); });
        spinner.Start([&] {
          while (flushdep_cpu_migrate(cpu) != 0) std::this_thread::yield();
          lock.Lock();
        });
        Await([] { return Spinning() == 1; });
        wake = true;
        Forever(holder, spinner);
      },
      ::testing::ExitedWithCode(4), "deadlock: .*(waits to run after|waits for spinlock a)");
}

// The twin: whoever sleeps for the lock is about to leave the CPU, or is back only to look again.
TEST(DeadlockTest, ASleeperOnTheCpuOfTheHolderIsNone) {
  std::atomic<uint32_t> owner{0};
  std::atomic<unsigned> cpu{0};
  std::atomic<bool> wake{false}, awaited{false}, sleep{false}, freed{false};
  Actor holder, sleeper;
  holder.Do([&] {
    cpu = flushdep_cpu_current();
    flushdep_cpu_migrate(cpu);  // bound
    owner = t_thread.id;
  });
  holder.Start([&] {
    SleepUntil(wake);
    flushdep_cpu_current();
    owner = 0;
    freed = true;
  });
  sleeper.Start([&] {
    while (flushdep_cpu_migrate(cpu) != 0) std::this_thread::yield();
    Api api(FLUSHDEP_WHY_NONE, 1);
    WaitForHolder(OwnedBy(owner, "mutex"));
    // The holder gets into the queue of this CPU and looks whether it can ever go on.
    awaited = true;
    while (!sleep) std::this_thread::yield();
    SleepBegin(api.call);
    while (!freed) std::this_thread::yield();
    SleepEnd(api.call);
    WaitIsOver();
  });
  Await([&] { return awaited.load(); });
  wake = true;
  Await([&cpu] {
    MutexLock lock(g_machine.sched_lock);
    return g_machine.cpu[cpu].waiting == 1;
  });
  sleep = true;
  holder.Finish();
  sleeper.Finish();
  EXPECT_TRUE(freed);
}

// The twin: the holder is not tied to that CPU (it did not turn preemption off) and takes another.
TEST(DeadlockTest, AHolderThatMayMoveFindsAnotherCpu) {
  std::atomic<bool> held{true};
  std::atomic<uint32_t> owner{0};
  std::atomic<unsigned> cpu{0};
  std::atomic<bool> wake{false};
  auto spin = [&] {
    while (flushdep_cpu_migrate(cpu) != 0) std::this_thread::yield();
    Api api(FLUSHDEP_WHY_NONE, 1);
    SpinBegin(OwnedBy(owner, "lock"), api.call);
    while (held) std::this_thread::yield();
    SpinEnd(api.call);
  };
  Actor holder, spinner;
  holder.Do([&] {
    cpu = flushdep_cpu_current();
    owner = t_thread.id;
  });
  holder.Start([&] { SleepUntil(wake); });
  spinner.Start(spin);
  Await([] { return Spinning() == 1; });
  wake = true;
  holder.Do([&] {
    EXPECT_NE(flushdep_cpu_current(), cpu);
    owner = 0;
    held = false;
  });
  spinner.Finish();
}

// As before, but every CPU has a thread that spins for it: now none is left to move to.
TEST(DeadlockTest, AHolderThatMayMoveAndFindsAllCpusSpinning) {
  EXPECT_EXIT(
      {
        std::atomic<uint32_t> owner{0};
        std::atomic<bool> wake{false};
        Actor holder;
        holder.Do([&] {
          flushdep_cpu_current();
          owner = t_thread.id;
        });
        holder.Start([&] { SleepUntil(wake); });
        std::vector<std::unique_ptr<Actor>> spinners;
        for (unsigned i = 0; i < 4; i++) {
          spinners.push_back(std::make_unique<Actor>());
          spinners.back()->Start([&owner, i] {
            while (flushdep_cpu_migrate(i) != 0) std::this_thread::yield();
            Api api(FLUSHDEP_WHY_NONE, 1);
            SpinBegin(OwnedBy(owner, "the lock"), api.call);
            for (;;) std::this_thread::yield();
          });
        }
        Await([] { return Spinning() == 4; });
        wake = true;
        holder.Finish();
      },
      ::testing::ExitedWithCode(4),
      "deadlock: .*waits (to run after|for the lock held by).*None of them can go on");
}

// Many threads, few locks in one order: contended all the time, and no deadlock.
TEST(DeadlockTest, ContentionIsNone) {
  SetRecording(false);
  SpinLock a("spinlock a"), b("spinlock b");
  int count = 0;
  {
    std::vector<std::unique_ptr<Actor>> actors;
    for (int i = 0; i < 4; i++) {
      actors.push_back(std::make_unique<Actor>());
      actors.back()->Start([&] {
        for (int step = 0; step < 500; step++) {
          const unsigned long flags = step % 2 == 0 ? flushdep_irq_save() : 0;
          a.Lock();
          b.Lock();
          count++;
          b.Unlock();
          a.Unlock();
          if (step % 2 == 0) flushdep_irq_restore(flags);
          if (step % 5 == 0) flushdep_flush_all();
        }
      });
    }
  }
  EXPECT_EQ(count, 2000);
  SetRecording(true);
}

}  // namespace
}  // namespace flushdep::testing
