// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nesting of preemption and migration, per thread.
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

}  // namespace
}  // namespace flushdep::testing
