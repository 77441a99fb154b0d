// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that share few CPUs do at random all that a machine can do, and a naive oracle follows
// the events: one thread at a time on a CPU, loads that fit, generations in order, interrupts off
// respected, flushes that end.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "runtime/include/flushdep.h"
#include "runtime/machine/call.h"
#include "runtime/machine/sched.h"
#include "tests/runtime/support/actor.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  options.mem = 64u << 20;
  options.cpus = 3;
  return options;
}

namespace {

class Oracle {
 public:
  void Apply(const flushdep_event& event) {
    switch (event.kind) {
      case FLUSHDEP_EV_THREAD_START:
      case FLUSHDEP_EV_THREAD_ON_CPU:
        Cpu(event).thread = event.thread;
        Cpu(event).irqs_off = irqs_off_[event.thread];
        return;
      case FLUSHDEP_EV_THREAD_EXIT:
        ExpectCurrent(event);
        Cpu(event).thread = 0;
        return;
      case FLUSHDEP_EV_CPU_LOAD:
        return Load(event);
      case FLUSHDEP_EV_CPU_LAZY:
        ExpectCurrent(event);
        EXPECT_EQ(event.u.mm.mm, Cpu(event).mm);
        Cpu(event).lazy = true;
        return;
      case FLUSHDEP_EV_CONTEXT:
        ExpectCurrent(event);
        if (event.u.context.what != FLUSHDEP_CTX_IRQS_OFF) return;
        Cpu(event).irqs_off = irqs_off_[event.thread] = event.u.context.depth > 0;
        return;
      case FLUSHDEP_EV_FLUSH_ISSUE:
        ExpectCurrent(event);
        open_[event.u.flush.id] = true;
        if (event.u.flush.gen == 0) return;
        EXPECT_EQ(event.u.flush.gen, Gen(event.u.flush.mm) + 1);
        gens_[event.u.flush.mm] = event.u.flush.gen;
        return;
      case FLUSHDEP_EV_FLUSH_ACK:
        return Ack(event);
      case FLUSHDEP_EV_FLUSH_RETURN:
        ExpectCurrent(event);
        open_[event.u.flush.id] = false;
        return;
      default:
        return;
    }
  }
  void End() {
    for (const auto& [id, open] : open_) EXPECT_FALSE(open) << id;
  }

 private:
  struct State {
    uint32_t thread = 0, mm = 0;
    bool lazy = false, irqs_off = false;
    // It is up to date with a generation between these: an ISSUE may be told between the CPU's look
    // at the mm's generation and its ACK.
    uint64_t gen = 0, newest = 0;
  };
  State& Cpu(const flushdep_event& event) { return cpus_[event.cpu]; }
  uint64_t Gen(uint32_t mm) { return gens_.count(mm) != 0 ? gens_[mm] : 1; }
  void ExpectCurrent(const flushdep_event& event) {
    EXPECT_EQ(Cpu(event).thread, event.thread) << "kind " << event.kind << " on CPU " << event.cpu;
  }
  void Load(const flushdep_event& event) {
    State& cpu = Cpu(event);
    EXPECT_EQ(event.u.mm.old_mm, cpu.mm);
    if (event.u.mm.mm == FLUSHDEP_SPACE_KERNEL) {
      EXPECT_TRUE(cpu.lazy);  // asked to flush while lazy
    } else {
      ExpectCurrent(event);
      EXPECT_EQ(event.u.mm.tlb_gen, Gen(event.u.mm.mm));
    }
    cpu.mm = event.u.mm.mm;
    cpu.gen = cpu.newest = event.u.mm.tlb_gen;
    cpu.lazy = false;
  }
  void Ack(const flushdep_event& event) {
    State& cpu = Cpu(event);
    const flushdep_event_flush& flush = event.u.flush;
    EXPECT_TRUE(open_[flush.id]);
    if (flush.req_who == FLUSHDEP_CPUS_LOCAL) return ExpectCurrent(event);
    // A sender flushes its own CPU whatever its state.
    EXPECT_FALSE(cpu.irqs_off && cpu.thread != event.thread);
    if (flush.mm == 0) return;
    EXPECT_EQ(cpu.mm, flush.mm);
    if (cpu.lazy) {
      EXPECT_NE(flush.flags & FLUSHDEP_FLUSH_TABLES, 0u);
      return;
    }
    EXPECT_LT(cpu.gen, flush.gen);
    if (flush.eff_what == FLUSHDEP_FLUSH_SPACE_RANGE) {
      EXPECT_LE(cpu.gen, flush.gen - 1);
      EXPECT_GE(cpu.newest, flush.gen - 1);
    }
    cpu.gen = flush.gen;
    cpu.newest = flush.eff_what == FLUSHDEP_FLUSH_SPACE ? Gen(flush.mm) : flush.gen;
  }

  std::map<uint16_t, State> cpus_;
  std::map<uint32_t, bool> irqs_off_;
  std::map<uint32_t, uint64_t> gens_;
  std::map<uint64_t, bool> open_;
};

void Nap() {
  Api api(FLUSHDEP_WHY_NONE, 1);
  SleepBegin(api.call);
  std::this_thread::yield();
  SleepEnd(api.call);
}

void IrqSection(std::mt19937& random) {
  const unsigned long flags = flushdep_irq_save();
  flushdep_flush_local();
  if (random() % 4 == 0) std::this_thread::yield();
  flushdep_irq_restore(flags);
}

void Step(std::mt19937& random, const std::vector<flushdep_mm*>& mms) {
  flushdep_mm* mm = mms[random() % mms.size()];
  switch (random() % 10) {
    case 0:
      return flushdep_mm_switch(random() % 4 == 0 ? nullptr : mm);
    case 1:
      return flushdep_flush_mm(mm);
    case 2:
      return flushdep_flush_mm_range(mm, 0, 4096 << (random() % 8));
    case 3:
      return flushdep_flush_all();
    case 4:
      return Nap();
    case 5:
      return static_cast<void>(flushdep_cpu_migrate(random() % 3));
    case 6:
      return static_cast<void>(flushdep_cond_resched());
    case 7:
      flushdep_migrate_disable();
      Nap();
      return flushdep_migrate_enable();
    default:
      return IrqSection(random);
  }
}

void RunThreads(unsigned seed, const std::vector<flushdep_mm*>& mms) {
  std::vector<std::unique_ptr<Actor>> actors;
  for (unsigned i = 0; i < 10; i++) {
    actors.push_back(std::make_unique<Actor>());
    actors.back()->Start([seed, i, &mms] {
      std::mt19937 random(seed * 100 + i);
      for (int step = 0; step < 150; step++) Step(random, mms);
    });
  }
}

// Makes races likely: other threads run while an event is told, now and then for longer than a
// tick.
void Perturb(const flushdep_event&) {
  static std::atomic<unsigned> events{0};
  if (++events % 300 == 0)
    usleep(6000);
  else
    std::this_thread::yield();
}

TEST(MachineRandomTest, EventsTellAMachineThatMakesSense) {
  const unsigned seed = std::random_device{}();
  printf("seed %u\n", seed);
  SCOPED_TRACE(seed);
  std::vector<flushdep_mm*> mms = {flushdep_mm_current()};
  for (int i = 0; i < 3; i++) mms.push_back(flushdep_mm_create());
  SetHook(Perturb);
  RunThreads(seed, mms);
  SetHook(nullptr);
  Oracle oracle;
  for (const flushdep_event& event : Events()) oracle.Apply(event);
  oracle.End();
  for (size_t i = 1; i < mms.size(); i++) flushdep_mm_put(mms[i]);
}

}  // namespace
}  // namespace flushdep::testing
