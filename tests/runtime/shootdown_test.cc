// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shootdowns by the target's interrupt state: taken at once, or pending until interrupts are on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "runtime/include/flushdep.h"
#include "runtime/machine/cpu.h"
#include "runtime/machine/sched.h"
#include "tests/runtime/support/actor.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

using ::testing::ElementsAre;

class ShootdownTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(flushdep_cpu_current(), 0u);
    target_.Do([this] { target_cpu_ = flushdep_cpu_current(); });
    sender_.Do([this] { sender_cpu_ = flushdep_cpu_current(); });
    ASSERT_EQ(target_cpu_, 1u);
    ASSERT_EQ(sender_cpu_, 2u);
    Clear();
  }
  // Begins a flush and waits until it is pending at the target.
  void SendAndAwaitPending(Actor& sender, std::function<void()> flush) {
    sender.Start(std::move(flush));
    Await([this] { return flushdep_cpu_ipi_pending(target_cpu_); });
  }

  Actor target_, sender_;
  unsigned target_cpu_ = 0, sender_cpu_ = 0;
};

std::vector<unsigned> Cpus(const std::vector<flushdep_event>& events) {
  std::vector<unsigned> cpus;
  for (const flushdep_event& event : events) cpus.push_back(event.cpu);
  return cpus;
}

// Threads that wait for an answer.
int Waiting() {
  int waiting = 0;
  MutexLock lock(g_machine.sched_lock);
  ForEachThread([&](const ThreadRecord& record) { waiting += record.waits_for_ipis ? 1 : 0; });
  return waiting;
}

struct Off {
  void (*enter)();
  void (*leave)();
};
const Off kOff[] = {{[] { flushdep_irq_save(); }, [] { flushdep_irq_restore(0); }},
                    {flushdep_hardirq_enter, flushdep_hardirq_exit},
                    {flushdep_nmi_enter, flushdep_nmi_exit}};

TEST_F(ShootdownTest, WaitsUntilTheTargetTurnsInterruptsOn) {
  for (const Off& off : kOff) {
    target_.Do(off.enter);
    EXPECT_FALSE(flushdep_cpu_ipi_pending(1));
    Clear();
    SendAndAwaitPending(sender_, flushdep_flush_all);
    Await([] { return CountEvents(FLUSHDEP_EV_FLUSH_ACK) == 3; });
    EXPECT_FALSE(sender_.Finished());
    EXPECT_THAT(Cpus(Events(FLUSHDEP_EV_FLUSH_ACK)), ElementsAre(0, 2, 3));
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_RETURN), 0u);
    // Other calls of the target do not take it.
    target_.Do([] { flushdep_preempt_disable(), flushdep_preempt_enable(); });
    EXPECT_TRUE(flushdep_cpu_ipi_pending(1));
    Clear();
    target_.Do(off.leave);
    sender_.Finish();
    EXPECT_FALSE(flushdep_cpu_ipi_pending(1));
    EXPECT_THAT(Kinds(), ElementsAre("CONTEXT", "FLUSH_ACK", "FLUSH_RETURN"));
    std::vector<flushdep_event> events = Events();
    EXPECT_EQ(events[1].cpu, 1u);
    EXPECT_EQ(events[1].thread, events[2].thread);  // who asked
    EXPECT_EQ(events[1].reason, FLUSHDEP_WHY_FLUSH_ALL);
    EXPECT_EQ(events[1].u.flush.id, events[2].u.flush.id);
  }
}

TEST_F(ShootdownTest, OnlyTheOutermostRestoreTakesIt) {
  target_.Do([] { flushdep_irq_save(), flushdep_hardirq_enter(); });
  SendAndAwaitPending(sender_, flushdep_flush_all);
  target_.Do(flushdep_hardirq_exit);
  EXPECT_TRUE(flushdep_cpu_ipi_pending(1));
  target_.Do([] { flushdep_irq_restore(0); });
  sender_.Finish();
}

// The twin: interrupts are on, whatever else is off, and wherever the thread is.
TEST_F(ShootdownTest, NeverWaitsForAThreadWithInterruptsOn) {
  target_.Do([] {
    flushdep_preempt_disable();
    flushdep_bh_disable();
    flushdep_softirq_enter();
  });
  Clear();
  flushdep_flush_all();  // both actors sit outside of the machine, CPU 3 is idle
  EXPECT_THAT(Kinds(), ElementsAre("FLUSH_ISSUE", "FLUSH_ACK", "FLUSH_ACK", "FLUSH_ACK",
                                   "FLUSH_ACK", "FLUSH_RETURN"));
  target_.Do([] {
    flushdep_softirq_exit();
    flushdep_bh_enable();
    flushdep_preempt_enable();
  });
}

TEST_F(ShootdownTest, AThreadThatEndsWithInterruptsOffHoldsUpNobody) {
  auto ends = std::make_unique<Actor>();
  unsigned cpu = 0;
  ends->Do([&] { cpu = flushdep_cpu_current(), flushdep_irq_save(); });
  ASSERT_EQ(cpu, 3u);
  sender_.Start(flushdep_flush_all);
  Await([] { return flushdep_cpu_ipi_pending(3); });
  ends.reset();
  sender_.Finish();
  // The next thread there starts with interrupts on.
  Actor next;
  next.Do([] { EXPECT_FALSE(flushdep_irqs_off()); });
  Clear();
  flushdep_flush_all();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ACK), 4u);
}

TEST_F(ShootdownTest, SeveralWaitAndAllAreTaken) {
  Actor other;
  target_.Do([] { flushdep_irq_save(); });
  SendAndAwaitPending(sender_, flushdep_flush_all);
  other.Start([] { flushdep_flush_kernel_range(0, 4096); });
  Await([] { return Waiting() == 2; });
  Clear();
  target_.Do([] { flushdep_irq_restore(0); });
  sender_.Finish();
  other.Finish();
  EXPECT_THAT(Cpus(Events(FLUSHDEP_EV_FLUSH_ACK)), ElementsAre(1, 1));
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_RETURN), 2u);
}

// Whoever waits with interrupts on is not waited for.
TEST_F(ShootdownTest, AWaitingSenderServesOthers) {
  flushdep_mm* mm = flushdep_mm_create();
  sender_.Do([mm] { flushdep_mm_switch(mm); });
  target_.Do([] { flushdep_irq_save(); });
  SendAndAwaitPending(sender_, flushdep_flush_all);
  Await([] { return CountEvents(FLUSHDEP_EV_FLUSH_ACK) == 3; });
  Clear();
  flushdep_flush_mm(mm);
  EXPECT_THAT(Kinds(), ElementsAre("FLUSH_ISSUE", "FLUSH_ACK", "FLUSH_RETURN"));
  EXPECT_EQ(Events()[1].cpu, sender_cpu_);
  EXPECT_FALSE(sender_.Finished());
  target_.Do([] { flushdep_irq_restore(0); });
  sender_.Finish();
  flushdep_mm_put(mm);
}

// flush_tlb_func(): behind by more than this one, the CPU drops all of the mm, and
// the second IPI finds nothing to do.
TEST_F(ShootdownTest, ACpuFurtherBehindDropsTheWholeMmOnce) {
  flushdep_mm* first = flushdep_mm_current();
  flushdep_mm* mm = flushdep_mm_create();
  target_.Do([mm] { flushdep_mm_switch(mm), flushdep_irq_save(); });
  Actor second;
  SendAndAwaitPending(sender_, [mm] { flushdep_flush_mm_range(mm, 0, 4096); });
  second.Start([mm] { flushdep_flush_mm_range(mm, 4096, 8192); });
  Await([] { return Waiting() == 2; });
  target_.Do([] { flushdep_irq_restore(0); });
  sender_.Finish();
  second.Finish();
  std::vector<flushdep_event> acks = Events(FLUSHDEP_EV_FLUSH_ACK);
  ASSERT_GE(acks.size(), 1u);
  EXPECT_EQ(acks[0].u.flush.eff_what, FLUSHDEP_FLUSH_SPACE);
  EXPECT_EQ(acks[0].u.flush.req_what, FLUSHDEP_FLUSH_SPACE_RANGE);
  EXPECT_EQ(acks.size(), 1u);
  // The twin: behind by one only.
  Clear();
  flushdep_flush_mm_range(mm, 0, 4096);
  acks = Events(FLUSHDEP_EV_FLUSH_ACK);
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].u.flush.eff_what, FLUSHDEP_FLUSH_SPACE_RANGE);
  target_.Do([first] { flushdep_mm_switch(first); });
  flushdep_mm_put(mm);
}

TEST_F(ShootdownTest, AForkDoesNotWaitForASenderThatWaits) {
  target_.Do([] { flushdep_irq_save(); });
  SendAndAwaitPending(sender_, flushdep_flush_all);
  Await([] { return CountEvents(FLUSHDEP_EV_FLUSH_ACK) == 3; });
  pid_t pid = fork();
  if (pid == 0) {
    if (flushdep_cpu_ipi_pending(1)) _exit(1);
    flushdep_flush_all();  // CPU 1 has interrupts on: its thread is gone
    _exit(flushdep_cpu_migrate(1) == 0 ? 0 : 2);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(flushdep_cpu_ipi_pending(1));
  target_.Do([] { flushdep_irq_restore(0); });
  sender_.Finish();
}

// Random contexts and flushes on all CPUs: all ends, every flush returns after its
// acknowledgements, and no CPU acknowledges while it has interrupts off.
TEST(ShootdownRandomTest, EveryFlushEndsAndInterruptsOffAreRespected) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  printf("seed %u\n", seed);
  Clear();
  {
    std::vector<std::unique_ptr<Actor>> actors;
    for (unsigned i = 0; i < 4; i++) actors.push_back(std::make_unique<Actor>());
    for (unsigned i = 0; i < 4; i++)
      actors[i]->Start([seed, i] {
        std::mt19937 random(seed + i);
        for (int step = 0; step < 300; step++) {
          const unsigned long flags = flushdep_irq_save();
          if (random() % 4 == 0) std::this_thread::yield();
          flushdep_flush_local();
          flushdep_irq_restore(flags);
          if (random() % 3 == 0) flushdep_flush_all();
          if (random() % 3 == 0) flushdep_flush_mm_range(flushdep_mm_current(), 0, 4096);
        }
      });
  }
  std::map<unsigned, bool> off;
  std::map<uint64_t, bool> open;
  for (const flushdep_event& event : Events()) {
    const uint64_t id = event.u.flush.id;
    const bool local = event.u.flush.req_who == FLUSHDEP_CPUS_LOCAL;
    switch (event.kind) {
      case FLUSHDEP_EV_CONTEXT:
        off[event.cpu] = event.u.context.depth > 0;
        break;
      case FLUSHDEP_EV_FLUSH_ISSUE:
        open[id] = true;
        break;
      case FLUSHDEP_EV_FLUSH_ACK:
        EXPECT_TRUE(open[id]);
        EXPECT_FALSE(!local && off[event.cpu]);
        break;
      case FLUSHDEP_EV_FLUSH_RETURN:
        open[id] = false;
        break;
      default:
        break;
    }
  }
  for (const auto& [id, still] : open) EXPECT_FALSE(still) << id;
}

}  // namespace
}  // namespace flushdep::testing
