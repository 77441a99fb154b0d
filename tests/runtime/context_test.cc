// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What nests, per thread, and what is forbidden where.
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {
namespace {

struct Step {
  uint32_t what;
  int delta;
  int depth;
  bool failed;
  bool operator==(const Step&) const = default;
};

std::vector<Step> Steps() {
  std::vector<Step> steps;
  for (const flushdep_event& event : Events(FLUSHDEP_EV_CONTEXT))
    steps.push_back({event.u.context.what, event.u.context.delta, event.u.context.depth,
                     (event.flags & FLUSHDEP_F_FAILED) != 0});
  return steps;
}

class ContextTest : public ::testing::Test {
 protected:
  void SetUp() override {
    flushdep_cpu_current();
    Clear();
  }
};

TEST_F(ContextTest, NestsAndTellsTheDepth) {
  flushdep_preempt_disable();
  flushdep_preempt_disable();
  flushdep_migrate_disable();
  EXPECT_EQ(flushdep_preempt_count(), 2);
  EXPECT_EQ(flushdep_migrate_count(), 1);
  flushdep_preempt_enable();
  flushdep_migrate_enable();
  flushdep_preempt_enable();
  EXPECT_EQ(Steps(), (std::vector<Step>{{FLUSHDEP_CTX_PREEMPT, 1, 1, false},
                                        {FLUSHDEP_CTX_PREEMPT, 1, 2, false},
                                        {FLUSHDEP_CTX_MIGRATE, 1, 1, false},
                                        {FLUSHDEP_CTX_PREEMPT, -1, 1, false},
                                        {FLUSHDEP_CTX_MIGRATE, -1, 0, false},
                                        {FLUSHDEP_CTX_PREEMPT, -1, 0, false}}));
}

TEST_F(ContextTest, TheDepthOfEachCanBeAsked) {
  flushdep_bh_disable();
  flushdep_bh_disable();
  flushdep_softirq_enter();
  flushdep_nmi_enter();
  EXPECT_EQ(flushdep_context_depth(FLUSHDEP_CTX_BH_OFF), 2);
  EXPECT_EQ(flushdep_context_depth(FLUSHDEP_CTX_SOFTIRQ), 1);
  EXPECT_EQ(flushdep_context_depth(FLUSHDEP_CTX_HARDIRQ), 0);
  EXPECT_EQ(flushdep_context_depth(FLUSHDEP_CTX_NMI), 1);
  flushdep_nmi_exit();
  flushdep_softirq_exit();
  flushdep_bh_enable();
  flushdep_bh_enable();
  EXPECT_EQ(flushdep_context_depth(FLUSHDEP_CTX_BH_OFF), 0);
  EXPECT_EQ(flushdep_context_depth(FLUSHDEP_CTX_PREEMPT), 0);
  EXPECT_EQ(flushdep_context_depth(0), 0);
  EXPECT_EQ(flushdep_context_depth(99), 0);
}

TEST_F(ContextTest, AnEnableTooManyIsToldAndChangesNothing) {
  flushdep_preempt_enable();
  flushdep_migrate_enable();
  EXPECT_EQ(flushdep_preempt_count(), 0);
  EXPECT_EQ(flushdep_migrate_count(), 0);
  EXPECT_EQ(Steps(), (std::vector<Step>{{FLUSHDEP_CTX_PREEMPT, -1, -1, true},
                                        {FLUSHDEP_CTX_MIGRATE, -1, -1, true}}));
}

TEST_F(ContextTest, CountsBelongToTheThread) {
  flushdep_preempt_disable();
  std::thread([] { EXPECT_EQ(flushdep_preempt_count(), 0); }).join();
  EXPECT_EQ(flushdep_preempt_count(), 1);
  flushdep_preempt_enable();
}

TEST_F(ContextTest, InterruptsAreSavedAndRestored) {
  const unsigned long outer = flushdep_irq_save();
  EXPECT_TRUE(flushdep_irqs_off());
  const unsigned long inner = flushdep_irq_save();
  flushdep_irq_restore(inner);
  EXPECT_TRUE(flushdep_irqs_off());
  flushdep_irq_restore(outer);
  EXPECT_FALSE(flushdep_irqs_off());
  flushdep_irq_restore(outer);  // one too many
  EXPECT_FALSE(flushdep_irqs_off());
  EXPECT_EQ(Steps(), (std::vector<Step>{{FLUSHDEP_CTX_IRQS_OFF, 1, 1, false},
                                        {FLUSHDEP_CTX_IRQS_OFF, -1, 0, false},
                                        {FLUSHDEP_CTX_IRQS_OFF, -1, -1, true}}));
}

// A context, how to enter and leave it, and what holds inside.
struct Kind {
  uint32_t what;
  void (*enter)();
  void (*leave)();
  bool in_task, in_atomic, irqs_off;
};

void IrqsOff() { flushdep_irq_save(); }
void IrqsOn() { flushdep_irq_restore(0); }

const Kind kKinds[] = {
    {FLUSHDEP_CTX_PREEMPT, flushdep_preempt_disable, flushdep_preempt_enable, true, true, false},
    {FLUSHDEP_CTX_MIGRATE, flushdep_migrate_disable, flushdep_migrate_enable, true, false, false},
    {FLUSHDEP_CTX_IRQS_OFF, IrqsOff, IrqsOn, true, true, true},
    {FLUSHDEP_CTX_BH_OFF, flushdep_bh_disable, flushdep_bh_enable, true, true, false},
    {FLUSHDEP_CTX_SOFTIRQ, flushdep_softirq_enter, flushdep_softirq_exit, false, true, false},
    {FLUSHDEP_CTX_HARDIRQ, flushdep_hardirq_enter, flushdep_hardirq_exit, false, true, true},
    {FLUSHDEP_CTX_NMI, flushdep_nmi_enter, flushdep_nmi_exit, false, true, true},
};

TEST_F(ContextTest, EachSaysWhatItIs) {
  EXPECT_TRUE(flushdep_in_task());
  EXPECT_FALSE(flushdep_in_atomic());
  EXPECT_TRUE(flushdep_may_migrate());
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(kind.what);
    Clear();
    kind.enter();
    EXPECT_EQ(flushdep_in_task(), kind.in_task);
    EXPECT_EQ(flushdep_in_atomic(), kind.in_atomic);
    EXPECT_EQ(flushdep_irqs_off(), kind.irqs_off);
    EXPECT_FALSE(flushdep_may_migrate());
    EXPECT_EQ(flushdep_cpu_migrate(1), -EPERM);
    kind.leave();
    EXPECT_TRUE(flushdep_may_migrate());
    kind.leave();  // one too many
    EXPECT_EQ(Steps(),
              (std::vector<Step>{
                  {kind.what, 1, 1, false}, {kind.what, -1, 0, false}, {kind.what, -1, -1, true}}));
  }
  EXPECT_TRUE(flushdep_in_task());
  EXPECT_FALSE(flushdep_in_atomic());
}

TEST_F(ContextTest, AnInterruptsEndDoesNotTurnInterruptsOnThatWereOff) {
  const unsigned long flags = flushdep_irq_save();
  flushdep_nmi_enter();
  flushdep_hardirq_enter();
  flushdep_hardirq_exit();
  EXPECT_TRUE(flushdep_irqs_off());
  flushdep_nmi_exit();
  EXPECT_TRUE(flushdep_irqs_off());
  flushdep_irq_restore(flags);
  EXPECT_FALSE(flushdep_irqs_off());
}

// Linux warns of a flush that may interrupt others from where it cannot wait, and does it.
TEST_F(ContextTest, AFlushOfOthersInTheWrongContextIsToldAndDone) {
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(kind.what);
    kind.enter();
    Clear();
    flushdep_flush_all();
    const bool wrong = kind.irqs_off || !kind.in_task;
    std::vector<flushdep_event> events = Events();
    ASSERT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), wrong ? 1u : 0u);
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ACK), 4u);
    if (wrong) {
      EXPECT_EQ(events[0].kind, FLUSHDEP_EV_WRONG_CONTEXT);
      EXPECT_EQ(events[0].u.context.what, kind.what);
      EXPECT_EQ(events[0].u.context.depth, 1);
      EXPECT_EQ(events[0].u.context.api, static_cast<uint32_t>(FLUSHDEP_WHY_FLUSH_ALL));
      EXPECT_EQ(events[0].flags & FLUSHDEP_F_FAILED, 0);
    }
    Clear();
    flushdep_flush_local();  // interrupts nobody
    EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u);
    kind.leave();
  }
}

TEST_F(ContextTest, EveryFlushOfOthersIsChecked) {
  flushdep_mm* mm = flushdep_mm_current();
  flushdep_tlb_batch batch = {};
  flushdep_flush_batch_add(&batch, mm);
  flushdep_hardirq_enter();
  Clear();
  flushdep_flush_mm(mm);
  flushdep_flush_mm_range(mm, 0, 4096);
  flushdep_flush_mm_range_tables(mm, 0, 4096);
  flushdep_flush_page(mm, 0);
  flushdep_flush_kernel_range(0, 4096);
  flushdep_flush_batch(&batch);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 6u);
  flushdep_hardirq_exit();
}

TEST_F(ContextTest, GivingTheCpuUpInAtomicContextIsTold) {
  EXPECT_FALSE(flushdep_cond_resched());
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u);
  flushdep_preempt_disable();
  Clear();
  EXPECT_FALSE(flushdep_cond_resched());
  ASSERT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 1u);
  EXPECT_NE(Events()[0].flags & FLUSHDEP_F_FAILED, 0);
  flushdep_preempt_enable();
}

}  // namespace
}  // namespace flushdep::testing
