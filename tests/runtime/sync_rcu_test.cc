// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RCU: a grace period waits for the readers that were inside, and for no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "runtime/machine/sync/rcu.h"
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

class SyncRcuTest : public ::testing::Test {
 protected:
  void SetUp() override {
    flushdep_cpu_current();
    Clear();
  }
};

// Returns once a grace period of another thread has started that had not at `phase`.
void AwaitGracePeriod(uint64_t phase) {
  while (RcuPhase() == phase) sched_yield();
}

TEST_F(SyncRcuTest, AReaderInsideHoldsUpAGracePeriod) {
  std::atomic<bool> done{false};
  uint64_t phase = RcuPhase();
  flushdep_rcu_read_lock();
  Thread updater([&] {
    flushdep_synchronize_rcu();
    done = true;
  });
  AwaitGracePeriod(phase);
  LetOthersRun();
  EXPECT_FALSE(done);
  // Nesting does not end it either.
  flushdep_rcu_read_lock();
  flushdep_rcu_read_unlock();
  LetOthersRun();
  EXPECT_FALSE(done);
  flushdep_rcu_read_unlock();
  updater.Join();
  EXPECT_TRUE(done);
}

TEST_F(SyncRcuTest, AReaderThatCameLaterDoesNot) {
  std::atomic<bool> done{false}, inside{false}, leave{false};
  uint64_t phase = RcuPhase();
  flushdep_rcu_read_lock();
  Thread updater([&] {
    flushdep_synchronize_rcu();
    done = true;
  });
  AwaitGracePeriod(phase);
  Thread later([&] {
    flushdep_rcu_read_lock();
    inside = true;
    while (!leave) sched_yield();
    flushdep_rcu_read_unlock();
  });
  while (!inside) sched_yield();
  flushdep_rcu_read_unlock();
  updater.Join();  // while the later reader is inside
  EXPECT_TRUE(done);
  leave = true;
}

TEST_F(SyncRcuTest, WithoutReadersNothingWaits) {
  flushdep_synchronize_rcu();
  EXPECT_THAT(Story(), ElementsAre("ACQUIRE", "RELEASE", "ACQUIRE"));
}

TEST_F(SyncRcuTest, InAReaderItWaitsForTheOthersOnly) {
  machine::RcuReadGuard guard;
  flushdep_synchronize_rcu();
  EXPECT_EQ(CountEvents(FLUSHDEP_EV_WRONG_CONTEXT), 1u);
}

TEST_F(SyncRcuTest, AReaderThatExitsInsideIsSaidAndHoldsNothingUp) {
  ::testing::internal::CaptureStderr();
  Thread([] { flushdep_rcu_read_lock(); }).Join();
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              ::testing::HasSubstr("exits with locks held: rcu_read_lock()"));
  flushdep_synchronize_rcu();
}

struct Object {
  flushdep_rcu_head head = {};
  int calls = 0;
  bool in_task = true;
};

void Callback(flushdep_rcu_head* head) {
  auto* object = reinterpret_cast<Object*>(head);
  object->calls++;
  flushdep_mutex mutex = FLUSHDEP_LOCK(nullptr);
  size_t before = CountEvents(FLUSHDEP_EV_WRONG_CONTEXT);
  flushdep_mutex_lock(&mutex);
  flushdep_mutex_unlock(&mutex);
  object->in_task = CountEvents(FLUSHDEP_EV_WRONG_CONTEXT) == before;
}

TEST_F(SyncRcuTest, ACallbackRunsOnceInSoftirqContext) {
  Object object;
  flushdep_call_rcu(&object.head, Callback);
  EXPECT_EQ(object.calls, 0);
  flushdep_rcu_barrier();
  EXPECT_EQ(object.calls, 1);
  EXPECT_FALSE(object.in_task);
  flushdep_rcu_barrier();
  EXPECT_EQ(object.calls, 1);
  flushdep_call_rcu(&object.head, Callback);
  flushdep_synchronize_rcu();
  EXPECT_EQ(object.calls, 2);
}

TEST_F(SyncRcuTest, ACallbackMayQueueItselfAgain) {
  static Object object;
  object = {};
  flushdep_call_rcu(&object.head, [](flushdep_rcu_head* head) {
    if (++object.calls < 3) flushdep_call_rcu(head, head->fn);
  });
  for (int i = 1; i <= 3; i++) {
    flushdep_rcu_barrier();
    EXPECT_EQ(object.calls, i);
  }
  flushdep_rcu_barrier();
  EXPECT_EQ(object.calls, 3);
}

TEST_F(SyncRcuTest, ABarrierWaitsForCallbacksThatAnotherThreadRuns) {
  static std::atomic<bool> inside, leave, ended;
  inside = leave = ended = false;
  static flushdep_rcu_head head;
  flushdep_call_rcu(&head, [](flushdep_rcu_head*) {
    inside = true;
    while (!leave) sched_yield();
    ended = true;
  });
  Thread runner([] { flushdep_synchronize_rcu(); });
  while (!inside) sched_yield();
  std::atomic<bool> done{false};
  Thread barrier([&] {
    flushdep_rcu_barrier();
    EXPECT_TRUE(ended);
    done = true;
  });
  LetOthersRun();
  EXPECT_FALSE(done);
  leave = true;
  barrier.Join();
  EXPECT_TRUE(done);
}

// Objects are poisoned after a grace period; a reader that sees poison, or TSan, finds any hole.
TEST_F(SyncRcuTest, NoReaderSeesWhatWasFreed) {
  unsigned seed = std::random_device{}();
  printf("seed %u\n", seed);
  SetRecording(false);
  constexpr int kRounds = 3000;
  struct Node {
    int value;
  };
  std::vector<Node> nodes(kRounds + 1, Node{1});
  std::atomic<Node*> shared{&nodes[0]};
  std::atomic<bool> stop{false};
  std::atomic<int> poisoned{0};
  std::atomic<long> reads{0};
  {
    std::vector<std::unique_ptr<Thread>> readers;
    for (int i = 0; i < 3; i++)
      readers.push_back(std::make_unique<Thread>([&, i] {
        std::mt19937 random(seed + static_cast<unsigned>(i));
        while (!stop) {
          flushdep_rcu_read_lock();
          Node* node = shared.load(std::memory_order_acquire);
          if (random() % 4 == 0) sched_yield();
          if (random() % 8 == 0) {
            machine::RcuReadGuard nested;
            poisoned += node->value == 1 ? 0 : 1;
          }
          poisoned += node->value == 1 ? 0 : 1;
          flushdep_rcu_read_unlock();
          reads++;
        }
      }));
    while (reads < 100) sched_yield();  // they are at it
    std::vector<std::unique_ptr<Thread>> updaters;
    std::atomic<int> next{1};
    for (int i = 0; i < 2; i++)
      updaters.push_back(std::make_unique<Thread>([&] {
        for (int mine; (mine = next++) <= kRounds;) {
          Node* old = shared.exchange(&nodes[static_cast<size_t>(mine)]);
          flushdep_synchronize_rcu();
          old->value = -1;  // nobody may read it any more
        }
      }));
    updaters.clear();
    stop = true;
  }
  SetRecording(true);
  EXPECT_EQ(poisoned, 0);
}

}  // namespace
}  // namespace flushdep::testing
