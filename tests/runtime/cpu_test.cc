// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Boot, attaching threads to CPUs, migration, lazy CPUs, mm switches.
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include "runtime/include/flushdep_sync.h"
#include "runtime/machine/call.h"
#include "runtime/machine/sched.h"
#include "tests/runtime/support/actor.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

using ::testing::ElementsAre;

// Taken before main(), by a constructor that runs after the machine's.
const std::vector<std::string> kBootKinds = Kinds();
const std::vector<flushdep_event> kBootEvents = Events();

uint32_t MainThread() {
  flushdep_flush_local();
  return Events().back().thread;
}

// Keeps the main thread on CPU 0 whatever ran before.
class CpuTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(flushdep_cpu_current(), 0u);
    Clear();
  }
};

TEST_F(CpuTest, BootTellsTheMachineFirst) {
  EXPECT_THAT(kBootKinds, ElementsAre("MACHINE", "REGION", "CPU_ONLINE", "CPU_ONLINE", "CPU_ONLINE",
                                      "CPU_ONLINE", "MM_CREATE"));
  const flushdep_event_machine& machine = kBootEvents[0].u.machine;
  EXPECT_EQ(machine.version, 1u);
  EXPECT_EQ(machine.event_size, 96u);
  EXPECT_EQ(machine.cpus, 4u);
  EXPECT_EQ(machine.knobs, static_cast<uint32_t>(FLUSHDEP_KNOB_PCID));
  EXPECT_EQ(machine.pfns, (64u << 20) / 4096);
  EXPECT_EQ(kBootEvents[0].cpu, FLUSHDEP_NO_CPU);
  EXPECT_EQ(kBootEvents[0].reason, FLUSHDEP_WHY_BOOT);
  const flushdep_event_region& region = kBootEvents[1].u.region;
  EXPECT_EQ(region.type, static_cast<uint32_t>(FLUSHDEP_REGION_DIRECT_MAP));
  EXPECT_EQ(region.mm, FLUSHDEP_SPACE_KERNEL);
  EXPECT_EQ(region.start, FLUSHDEP_WINDOW_START);
  EXPECT_EQ(region.end, FLUSHDEP_WINDOW_START + (64u << 20));
  for (unsigned i = 0; i < 4; i++) EXPECT_EQ(kBootEvents[2 + i].cpu, i);
  EXPECT_EQ(kBootEvents[6].u.mm.mm, 1u);
}

TEST_F(CpuTest, AThreadGetsTheLowestFreeCpuAndLeavesItLazy) {
  unsigned cpu = 99;
  std::thread([&] { cpu = flushdep_cpu_current(); }).join();
  EXPECT_EQ(cpu, 1u);
  EXPECT_THAT(Kinds(),
              ElementsAre("THREAD_START", "THREAD_ON_CPU", "CPU_LOAD", "CPU_LAZY", "THREAD_EXIT"));
  std::vector<flushdep_event> events = Events();
  for (const flushdep_event& event : events) {
    EXPECT_EQ(event.cpu, 1u);
    EXPECT_EQ(event.thread, events[0].thread);
    EXPECT_NE(event.reason, 0u);
  }
  EXPECT_EQ(events[2].u.mm.mm, 1u);
  EXPECT_EQ(events[3].u.mm.mm, 1u);
}

TEST_F(CpuTest, ThreadIdsAreNeverReusedButCpusAre) {
  for (int i = 0; i < 2; i++) std::thread([] { EXPECT_EQ(flushdep_cpu_current(), 1u); }).join();
  std::vector<flushdep_event> starts = Events(FLUSHDEP_EV_THREAD_START);
  ASSERT_EQ(starts.size(), 2u);
  EXPECT_NE(starts[0].thread, starts[1].thread);
  // The second thread ends the first one's laziness with a load of the same mm.
  std::vector<flushdep_event> loads = Events(FLUSHDEP_EV_CPU_LOAD);
  ASSERT_EQ(loads.size(), 2u);
  EXPECT_EQ(loads[1].u.mm.old_mm, loads[1].u.mm.mm);
}

TEST_F(CpuTest, MigrationMovesTheThreadAndLeavesALazyCpu) {
  EXPECT_EQ(flushdep_cpu_migrate(2), 0);
  EXPECT_EQ(flushdep_cpu_current(), 2u);
  EXPECT_THAT(Kinds(), ElementsAre("CPU_LAZY", "THREAD_ON_CPU", "CPU_LOAD"));
  std::vector<flushdep_event> events = Events();
  EXPECT_EQ(events[0].cpu, 0u);
  EXPECT_EQ(events[1].cpu, 2u);
  EXPECT_EQ(events[2].cpu, 2u);
  EXPECT_NE(events[1].site, 0u);
  EXPECT_EQ(flushdep_cpu_migrate(0), 0);
}

TEST_F(CpuTest, MigrationIsRefusedWhereItIsImpossible) {
  EXPECT_EQ(flushdep_cpu_migrate(4), -EINVAL);
  flushdep_migrate_disable();
  EXPECT_EQ(flushdep_cpu_migrate(1), -EPERM);
  flushdep_migrate_enable();
  flushdep_preempt_disable();
  EXPECT_EQ(flushdep_cpu_migrate(1), -EPERM);
  flushdep_preempt_enable();
  // Its thread cannot be made to wait.
  flushdep_preempt_disable();
  std::thread([] { EXPECT_EQ(flushdep_cpu_migrate(0), -EBUSY); }).join();
  flushdep_preempt_enable();
  EXPECT_EQ(flushdep_cpu_migrate(0), 0);
  EXPECT_EQ(flushdep_cpu_current(), 0u);
}

// Another thread, in code of its own.
struct Other {
  Other() {
    actor.Do([this] { id = flushdep_thread_current(), flushdep_flush_local(); });
    Clear();
  }
  Actor actor;
  unsigned id = 0;
};

TEST_F(CpuTest, AThreadInCodeOfItsOwnIsMovedAndLearnsItInItsNextCall) {
  Other other;
  EXPECT_EQ(flushdep_thread_cpu(other.id), 1);
  EXPECT_EQ(flushdep_thread_migrate(other.id, 2), 0);
  EXPECT_EQ(flushdep_thread_cpu(other.id), 2);
  EXPECT_THAT(Kinds(), ElementsAre("CPU_LAZY"));
  EXPECT_EQ(Events()[0].cpu, 1u);
  other.actor.Do([] { EXPECT_EQ(flushdep_cpu_current(), 2u); });
  EXPECT_THAT(Kinds(), ElementsAre("CPU_LAZY", "THREAD_ON_CPU", "CPU_LOAD"));
  EXPECT_EQ(Events()[1].cpu, 2u);
  EXPECT_EQ(Events()[1].thread, other.id);
  // It is tied to it: nobody moves it where it would have a CPU at once.
  EXPECT_EQ(flushdep_cpu_migrate(2), 0);
  other.actor.Do([] { flushdep_flush_local(); });
  EXPECT_EQ(flushdep_thread_cpu(other.id), 2);
  EXPECT_EQ(flushdep_cpu_migrate(0), 0);
}

TEST_F(CpuTest, AThreadThatMayNotLeaveIsNotMoved) {
  Other other;
  other.actor.Do([] { flushdep_migrate_disable(); });
  EXPECT_EQ(flushdep_thread_migrate(other.id, 2), -EBUSY);
  EXPECT_EQ(flushdep_thread_migrate(other.id, 1), 0);  // it is there
  other.actor.Do([] { flushdep_preempt_disable(), flushdep_migrate_enable(); });
  EXPECT_EQ(flushdep_thread_migrate(other.id, 2), -EBUSY);
  other.actor.Do([] { flushdep_preempt_enable(); });
  EXPECT_EQ(flushdep_thread_migrate(other.id, 4), -EINVAL);
  EXPECT_EQ(flushdep_thread_cpu(other.id), 1);
  EXPECT_EQ(flushdep_thread_migrate(other.id, 3), 0);
  other.actor.Do([] { EXPECT_EQ(flushdep_cpu_current(), 3u); });
}

TEST_F(CpuTest, AThreadThatSleepsWakesUpWhereItWasMoved) {
  Other other;
  flushdep_completion done = FLUSHDEP_COMPLETION;
  other.actor.Start([&] {
    flushdep_completion_wait(&done);
    EXPECT_EQ(flushdep_cpu_current(), 3u);
  });
  Await([] { return CountEvents(FLUSHDEP_EV_CPU_LAZY) == 1; });
  EXPECT_EQ(flushdep_thread_migrate(other.id, 3), 0);
  flushdep_complete(&done);
  other.actor.Finish();
}

TEST_F(CpuTest, AThreadThatWaitsForItsTurnWaitsElsewhere) {
  Other other;
  EXPECT_EQ(flushdep_thread_migrate(other.id, 0), 0);
  flushdep_preempt_disable();
  other.actor.Start([] {
    flushdep_flush_local();
    EXPECT_EQ(flushdep_cpu_current(), 2u);
  });
  Await([] {
    MutexLock lock(g_machine.sched_lock);
    return g_machine.cpu[0].waiting == 1;
  });
  EXPECT_EQ(flushdep_thread_migrate(other.id, 2), 0);
  other.actor.Finish();
  flushdep_preempt_enable();
}

TEST_F(CpuTest, AThreadThatHasEndedIsNowhere) {
  unsigned id = 0;
  std::thread([&] { id = flushdep_thread_current(); }).join();
  EXPECT_EQ(flushdep_thread_cpu(id), -ESRCH);
  EXPECT_EQ(flushdep_thread_migrate(id, 0), -ESRCH);
}

TEST_F(CpuTest, ThreadsThatMoveEachOtherStayOnOneCpuAtATime) {
  constexpr int kThreads = 6;
  std::atomic<unsigned> ids[kThreads] = {};
  std::atomic<int> left{kThreads};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; i++)
    threads.emplace_back([&, i] {
      ids[i] = flushdep_thread_current();
      for (int step = 0; step < 400; step++) {
        if (unsigned id = ids[(i + step) % kThreads]) {
          const int error = flushdep_thread_migrate(id, (i * 7 + step) % 4);
          EXPECT_TRUE(error == 0 || error == -EBUSY || error == -ESRCH) << error;
        }
        flushdep_preempt_disable();
        const unsigned cpu = flushdep_cpu_current();
        flushdep_flush_local();
        EXPECT_EQ(flushdep_cpu_current(), cpu);
        flushdep_preempt_enable();
      }
      left--;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(left, 0);
  // Between two switches of a CPU, all that is done there is done by one thread.
  std::map<unsigned, unsigned> current;
  for (const flushdep_event& event : Events()) {
    if (event.kind == FLUSHDEP_EV_THREAD_ON_CPU || event.kind == FLUSHDEP_EV_THREAD_START)
      current[event.cpu] = event.thread;
    if (event.kind != FLUSHDEP_EV_FLUSH_ISSUE) continue;
    EXPECT_EQ(event.thread, current[event.cpu]);
  }
}

TEST_F(CpuTest, MmSwitchLoadsAndANullMmIsLazy) {
  flushdep_mm* first = flushdep_mm_current();
  flushdep_mm* mm = flushdep_mm_create();
  ASSERT_NE(mm, nullptr);
  Clear();
  flushdep_mm_switch(mm);
  flushdep_mm_switch(nullptr);
  EXPECT_EQ(flushdep_mm_current(), nullptr);
  flushdep_mm_switch(mm);
  flushdep_mm_switch(mm);
  flushdep_mm_switch(first);
  EXPECT_THAT(Kinds(), ElementsAre("CPU_LOAD", "CPU_LAZY", "CPU_LOAD", "CPU_LOAD"));
  std::vector<flushdep_event> events = Events();
  EXPECT_EQ(events[0].u.mm.mm, flushdep_mm_id(mm));
  EXPECT_EQ(events[0].u.mm.old_mm, 1u);
  EXPECT_EQ(events[0].reason, FLUSHDEP_WHY_SWITCH_MM);
  EXPECT_EQ(events[1].u.mm.mm, flushdep_mm_id(mm));
  EXPECT_EQ(events[3].u.mm.old_mm, flushdep_mm_id(mm));
  flushdep_mm_put(mm);
}

TEST_F(CpuTest, AnMmEndsWithItsLastUserNotWithALazyCpu) {
  flushdep_mm* first = flushdep_mm_current();
  flushdep_mm* mm = flushdep_mm_create();
  uint32_t id = flushdep_mm_id(mm);
  flushdep_mm_switch(mm);
  Clear();
  flushdep_mm_put(mm);  // the thread still runs in it
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_MM_END), 0u);
  flushdep_mm_switch(nullptr);
  EXPECT_THAT(Kinds(), ElementsAre("CPU_LAZY", "MM_END"));
  // Lazily loaded, its slot and addresses are not given to another mm.
  flushdep_mm* other = flushdep_mm_create();
  EXPECT_NE(other, mm);
  EXPECT_NE(flushdep_mm_id(other), id);
  flushdep_mm_put(other);
  flushdep_mm_switch(first);
}

TEST_F(CpuTest, MigrationToACpuInUseSharesIt) {
  const uint32_t main_thread = MainThread();
  Actor other;
  other.Do([] { EXPECT_EQ(flushdep_cpu_current(), 1u); });
  Clear();
  // This thread is in code of its own meanwhile, so it loses CPU 0.
  other.Do([] {
    EXPECT_EQ(flushdep_cpu_migrate(0), 0);
    EXPECT_EQ(flushdep_cpu_current(), 0u);
  });
  EXPECT_THAT(Kinds(), ElementsAre("CPU_LAZY", "THREAD_ON_CPU"));
  EXPECT_EQ(Events()[1].cpu, 0u);
  EXPECT_NE(Events()[1].thread, main_thread);
  // It was put there itself by an earlier test or is now: it gets its turn again.
  EXPECT_EQ(flushdep_cpu_migrate(0), 0);
  EXPECT_EQ(flushdep_cpu_current(), 0u);
}

TEST_F(CpuTest, WhoLostItsCpuMovesToAFreeOneUnlessItIsTiedDown) {
  Actor free_thread, tied, guest_of_free, guest_of_tied;
  unsigned cpu = 0, tied_cpu = 0;
  free_thread.Do([&] { cpu = flushdep_cpu_current(); });
  tied.Do([&] {
    flushdep_migrate_disable();
    tied_cpu = flushdep_cpu_current();
  });
  guest_of_free.Do([&] { EXPECT_EQ(flushdep_cpu_migrate(cpu), 0); });
  guest_of_tied.Do([&] { EXPECT_EQ(flushdep_cpu_migrate(tied_cpu), 0); });
  free_thread.Do([&] {
    flushdep_flush_local();
    EXPECT_NE(flushdep_cpu_current(), cpu);
  });
  tied.Do([&] {
    flushdep_flush_local();
    EXPECT_EQ(flushdep_cpu_current(), tied_cpu);
    flushdep_migrate_enable();
  });
}

TEST_F(CpuTest, KthreadsBorrowAnMmAndKeepItLazily) {
  flushdep_mm* first = flushdep_mm_current();
  flushdep_mm* mm = flushdep_mm_create();
  EXPECT_EQ(flushdep_kthread_use_mm(mm), -EINVAL);  // has one
  flushdep_mm_switch(nullptr);
  Clear();
  EXPECT_EQ(flushdep_kthread_use_mm(mm), 0);
  EXPECT_EQ(flushdep_mm_current(), mm);
  EXPECT_EQ(flushdep_kthread_unuse_mm(first), -EINVAL);
  EXPECT_EQ(flushdep_kthread_unuse_mm(mm), 0);
  EXPECT_EQ(flushdep_mm_current(), nullptr);
  EXPECT_EQ(flushdep_kthread_unuse_mm(mm), -EINVAL);
  EXPECT_THAT(Kinds(), ElementsAre("CPU_LOAD", "CPU_LAZY"));
  // The borrower is no user of the mm: this ends it, though it is in use.
  EXPECT_EQ(flushdep_kthread_use_mm(mm), 0);
  Clear();
  flushdep_mm_put(mm);
  EXPECT_THAT(Kinds(), ElementsAre("MM_END"));
  EXPECT_EQ(flushdep_kthread_unuse_mm(mm), 0);
  flushdep_mm_switch(first);
}

TEST_F(CpuTest, OfflineCpusAreLeftAloneAndComeBackEmpty) {
  EXPECT_EQ(flushdep_cpu_offline(4), -EINVAL);
  EXPECT_EQ(flushdep_cpu_online(1), -EINVAL);
  EXPECT_EQ(flushdep_cpu_offline(0), -EBUSY);          // we run here
  std::thread([] { flushdep_cpu_current(); }).join();  // CPU 1 has the mm lazily
  flushdep_preempt_disable();
  EXPECT_EQ(flushdep_cpu_offline(1), -EPERM);
  flushdep_preempt_enable();
  Clear();
  EXPECT_EQ(flushdep_cpu_offline(1), 0);
  EXPECT_THAT(Kinds(), ElementsAre("CPU_LOAD", "CPU_OFFLINE"));
  EXPECT_EQ(Events()[0].u.mm.mm, FLUSHDEP_SPACE_KERNEL);
  EXPECT_EQ(flushdep_cpu_offline(1), -EINVAL);
  EXPECT_EQ(flushdep_cpu_migrate(1), -EINVAL);
  std::thread([] { EXPECT_EQ(flushdep_cpu_current(), 2u); }).join();
  Clear();
  flushdep_flush_all();
  for (const flushdep_event& ack : Events(FLUSHDEP_EV_FLUSH_ACK)) EXPECT_NE(ack.cpu, 1u);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ACK), 3u);
  Clear();
  EXPECT_EQ(flushdep_cpu_online(1), 0);
  EXPECT_THAT(Kinds(), ElementsAre("CPU_ONLINE"));
  std::thread([] { EXPECT_EQ(flushdep_cpu_current(), 1u); }).join();
}

TEST_F(CpuTest, ACpuThatSomebodyIsTiedToStays) {
  Actor tied, guest;
  unsigned cpu = 0;
  tied.Do([&] {
    flushdep_migrate_disable();
    cpu = flushdep_cpu_current();
  });
  EXPECT_EQ(flushdep_cpu_offline(cpu), -EBUSY);
  guest.Do([&] {
    EXPECT_EQ(flushdep_cpu_migrate(cpu), 0);  // takes it from the tied thread
    EXPECT_EQ(flushdep_cpu_migrate(3), 0);    // and leaves it idle
  });
  EXPECT_EQ(flushdep_cpu_offline(cpu), -EBUSY);
  tied.Do(flushdep_migrate_enable);
}

}  // namespace
}  // namespace flushdep::testing
