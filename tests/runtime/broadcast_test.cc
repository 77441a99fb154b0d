// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A machine whose hardware invalidates on other CPUs, with page-table isolation and without PCID.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/include/flushdep.h"
#include "tests/runtime/support/actor.h"
#include "tests/runtime/support/recorder.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  options.mem = 64u << 20;
  options.pcid = false;
  options.pti = true;
  options.broadcast = true;
  return options;
}

namespace {

using ::testing::ElementsAre;

const std::vector<flushdep_event> kBootEvents = Events();

TEST(BroadcastTest, WithIsolationTheDirectMapIsNotGlobal) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  Clear();
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, false), 0);
  ASSERT_EQ(flushdep_direct_map_set(pfn, 1, true), 0);
  std::vector<flushdep_event> events = Events(FLUSHDEP_EV_PTE_CLEAR);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].u.pte.prot, FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE);
  events = Events(FLUSHDEP_EV_PTE_SET);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].u.pte.prot, FLUSHDEP_PROT_READ | FLUSHDEP_PROT_WRITE);
  flushdep_page_free(pfn, 0);
}

TEST(BroadcastTest, BootTellsTheKnobs) {
  EXPECT_EQ(kBootEvents[0].u.machine.knobs, static_cast<uint32_t>(FLUSHDEP_KNOB_PTI) |
                                                static_cast<uint32_t>(FLUSHDEP_KNOB_BROADCAST));
}

void ExpectAllAtOnce(void (*flush)(), uint32_t flags) {
  flushdep_cpu_current();
  Clear();
  flush();
  EXPECT_THAT(Kinds(), ElementsAre("FLUSH_ISSUE", "FLUSH_ACK", "FLUSH_ACK", "FLUSH_ACK",
                                   "FLUSH_ACK", "FLUSH_RETURN"));
  for (const flushdep_event& event : Events()) {
    EXPECT_EQ(event.u.flush.flags, flags | FLUSHDEP_FLUSH_BROADCAST);
    EXPECT_EQ(event.u.flush.eff_who, FLUSHDEP_CPUS_ALL);
  }
}

// Lazy and idle CPUs, such that run another mm, and such with interrupts off.
TEST(BroadcastTest, ReachesEveryCpuAndWaitsForNone) {
  Actor off;
  off.Do([] { flushdep_irq_save(); });
  ExpectAllAtOnce(flushdep_flush_all, 0);
  ExpectAllAtOnce([] { flushdep_flush_kernel_range(0, 4096); }, 0);
  ExpectAllAtOnce([] { flushdep_flush_mm(flushdep_mm_current()); },
                  FLUSHDEP_FLUSH_BUMPS_GEN | FLUSHDEP_FLUSH_TABLES);
  ExpectAllAtOnce([] { flushdep_flush_mm_range(flushdep_mm_current(), 0, 4096); },
                  FLUSHDEP_FLUSH_BUMPS_GEN);
  EXPECT_FALSE(flushdep_cpu_ipi_pending(1));
  off.Do([] { flushdep_irq_restore(0); });
}

// Nobody is interrupted, so it can be done anywhere.
TEST(BroadcastTest, IsAllowedInAnyContext) {
  flushdep_hardirq_enter();
  Clear();
  flushdep_flush_all();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 0u);
  flushdep_hardirq_exit();
}

TEST(BroadcastTest, ALocalFlushStaysLocal) {
  Clear();
  flushdep_flush_local();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ACK), 1u);
  EXPECT_EQ(Events()[0].u.flush.flags, 0u);
}

TEST(BroadcastTest, ABatchTellsWhatWasAskedAndReachesAll) {
  flushdep_tlb_batch batch = {};
  flushdep_flush_batch_add(&batch, flushdep_mm_current());
  Clear();
  flushdep_flush_batch(&batch);
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_FLUSH_ACK), 4u);
  EXPECT_EQ(Events()[0].u.flush.req_who, FLUSHDEP_CPUS_MASK);
  EXPECT_EQ(Events()[0].u.flush.eff_who, FLUSHDEP_CPUS_ALL);
}

}  // namespace
}  // namespace flushdep::testing
