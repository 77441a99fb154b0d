// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Completions, wait queues, atomics, reference counts and threads: what they do and tell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits.h>

#include <memory>

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
using ::testing::IsEmpty;

class SyncObjectTest : public ::testing::Test {
 protected:
  void SetUp() override {
    flushdep_cpu_current();
    Clear();
  }
};

// --- Completions

TEST_F(SyncObjectTest, ACompletionLetsAsManyPassAsWereDone) {
  flushdep_completion c;
  flushdep_completion_init(&c);
  EXPECT_FALSE(flushdep_completion_done(&c));
  EXPECT_FALSE(flushdep_completion_try_wait(&c));
  EXPECT_THAT(Story(), ElementsAre("RESET"));
  flushdep_complete(&c);
  flushdep_complete(&c);
  EXPECT_TRUE(flushdep_completion_done(&c));
  flushdep_completion_wait(&c);
  EXPECT_TRUE(flushdep_completion_try_wait(&c));
  EXPECT_FALSE(flushdep_completion_try_wait(&c));
  EXPECT_THAT(Story(), ElementsAre("RESET", "RELEASE", "RELEASE", "ACQUIRE", "ACQUIRE", "ACQUIRE"));
  flushdep_complete_all(&c);
  for (int i = 0; i < 5; i++) EXPECT_TRUE(flushdep_completion_try_wait(&c));
  flushdep_complete(&c);
  EXPECT_TRUE(flushdep_completion_done(&c));
  flushdep_completion_reinit(&c);
  EXPECT_FALSE(flushdep_completion_done(&c));
}

TEST_F(SyncObjectTest, ACompletionWaitsForTheOtherThread) {
  flushdep_completion c = FLUSHDEP_COMPLETION;
  int value = 0;
  Thread other([&] {
    value = 42;
    flushdep_complete(&c);
  });
  flushdep_completion_wait(&c);
  EXPECT_EQ(value, 42);
  other.Join();
  EXPECT_THAT(Story(SyncsOf(&c)), ElementsAre("RELEASE", "ACQUIRE"));
}

TEST_F(SyncObjectTest, CompleteAllWakesAll) {
  flushdep_completion c = FLUSHDEP_COMPLETION;
  std::atomic<int> passed{0};
  std::vector<std::unique_ptr<Thread>> threads;
  for (int i = 0; i < 4; i++)
    threads.push_back(std::make_unique<Thread>([&] {
      flushdep_completion_wait(&c);
      passed++;
    }));
  flushdep_complete_all(&c);
  threads.clear();
  EXPECT_EQ(passed, 4);
}

TEST_F(SyncObjectTest, AWaitQueueWaitsForItsCondition) {
  flushdep_waitqueue queue = FLUSHDEP_WAITQUEUE;
  std::atomic<int> value{0};
  Thread other([&] {
    for (int i = 0; i < 3; i++) {
      value++;
      flushdep_wake_up(&queue);
    }
  });
  flushdep_wait_event(&queue, value.load() == 3);
  EXPECT_EQ(value, 3);
  other.Join();
  Clear();
  flushdep_wait_event(&queue, value.load() == 3);
  EXPECT_THAT(Story(), IsEmpty());  // nothing to wait for orders nothing
}

// --- Atomics

TEST_F(SyncObjectTest, RelaxedAtomicsTellNothing) {
  flushdep_atomic v = FLUSHDEP_ATOMIC(1);
  flushdep_atomic_add(4, &v);
  flushdep_atomic_sub(2, &v);
  flushdep_atomic_inc(&v);
  flushdep_atomic_dec(&v);
  EXPECT_EQ(flushdep_atomic_read(&v), 3);
  EXPECT_EQ(flushdep_atomic_fetch_add_relaxed(2, &v), 3);
  EXPECT_EQ(flushdep_atomic_xchg_relaxed(&v, 9), 5);
  EXPECT_EQ(flushdep_atomic_cmpxchg_relaxed(&v, 9, 1), 9);
  flushdep_atomic_set(&v, 7);
  EXPECT_THAT(Story(), IsEmpty());
}

TEST_F(SyncObjectTest, OrderedAtomicsTellTheirOrder) {
  flushdep_atomic v = FLUSHDEP_ATOMIC(0);
  flushdep_atomic_set_release(&v, 5);
  EXPECT_EQ(flushdep_atomic_read_acquire(&v), 5);
  EXPECT_EQ(flushdep_atomic_add_return_acquire(2, &v), 7);
  EXPECT_EQ(flushdep_atomic_sub_return_release(3, &v), 4);
  EXPECT_EQ(flushdep_atomic_inc_return(&v), 5);
  EXPECT_EQ(flushdep_atomic_xchg_acquire(&v, 8), 5);
  EXPECT_EQ(flushdep_atomic_cmpxchg_release(&v, 8, 9), 8);
  EXPECT_THAT(Story(), ElementsAre("RELEASE", "ACQUIRE", "ACQUIRE", "RELEASE", "RELEASE", "ACQUIRE",
                                   "ACQUIRE", "RELEASE"));
  uint64_t last = 0;
  for (const flushdep_event& event : SyncsOf(&v)) {
    EXPECT_GT(event.u.sync.seq, last);
    last = event.u.sync.seq;
  }
}

TEST_F(SyncObjectTest, AConditionThatDoesNotHoldOrdersNothing) {
  flushdep_atomic v = FLUSHDEP_ATOMIC(0);
  int old = 3;
  EXPECT_EQ(flushdep_atomic_cmpxchg(&v, 1, 2), 0);
  EXPECT_FALSE(flushdep_atomic_try_cmpxchg(&v, &old, 2));
  EXPECT_EQ(old, 0);
  EXPECT_FALSE(flushdep_atomic_inc_not_zero(&v));
  EXPECT_FALSE(flushdep_atomic_add_unless(&v, 5, 0));
  EXPECT_EQ(flushdep_atomic_read(&v), 0);
  EXPECT_THAT(Story(), IsEmpty());
  EXPECT_TRUE(flushdep_atomic_try_cmpxchg(&v, &old, 2));
  EXPECT_TRUE(flushdep_atomic_inc_not_zero(&v));
  EXPECT_EQ(flushdep_atomic_read(&v), 3);
  EXPECT_THAT(Story(), ElementsAre("RELEASE", "ACQUIRE", "RELEASE", "ACQUIRE"));
}

TEST_F(SyncObjectTest, AtomicsWrapAndKeepTheirSign) {
  flushdep_atomic v = FLUSHDEP_ATOMIC(INT_MAX);
  EXPECT_EQ(flushdep_atomic_inc_return(&v), INT_MIN);
  EXPECT_EQ(flushdep_atomic_fetch_sub(1, &v), INT_MIN);
  EXPECT_EQ(flushdep_atomic_read(&v), INT_MAX);
  EXPECT_EQ(flushdep_atomic_xchg(&v, -1), INT_MAX);
  EXPECT_TRUE(flushdep_atomic_inc_and_test(&v));
  flushdep_atomic64 w = FLUSHDEP_ATOMIC(INT64_MIN);
  EXPECT_EQ(flushdep_atomic64_dec_return(&w), INT64_MAX);
  EXPECT_EQ(flushdep_atomic64_cmpxchg(&w, INT64_MAX, -5), INT64_MAX);
  EXPECT_EQ(flushdep_atomic64_read_acquire(&w), -5);
  // Whatever the sign of the type that the caller has in mind.
  uint32_t u = 0xffffffffu;
  flushdep_atomic_ordered(&u, 4, FLUSHDEP_ATOMIC_CMPXCHG, FLUSHDEP_ORDER_FULL, 7, 0xffffffffll);
  EXPECT_EQ(u, 7u);
  unsigned char byte = 0xf0;
  EXPECT_EQ(static_cast<unsigned char>(flushdep_atomic_ordered(&byte, 1, FLUSHDEP_ATOMIC_OR,
                                                               FLUSHDEP_ORDER_FULL, 0x0f, 0)),
            0xf0);
  EXPECT_EQ(byte, 0xff);
  EXPECT_EXIT(flushdep_atomic_ordered(&v, 3, 0, 1, 0, 0), ::testing::ExitedWithCode(2),
              "an object of 3 bytes");
}

TEST_F(SyncObjectTest, NothingIsLostBetweenThreads) {
  SetRecording(false);
  flushdep_atomic v = FLUSHDEP_ATOMIC(0);
  flushdep_atomic64 w = FLUSHDEP_ATOMIC(0);
  {
    std::vector<std::unique_ptr<Thread>> threads;
    for (int i = 0; i < 4; i++)
      threads.push_back(std::make_unique<Thread>([&] {
        for (int round = 0; round < 3000; round++) {
          flushdep_atomic_inc_return(&v);
          flushdep_atomic_inc(&v);  // does not take part in the order, but must not get lost
          int64_t old = flushdep_atomic64_read(&w);
          while (!flushdep_atomic64_try_cmpxchg(&w, &old, old + 1)) {
          }
        }
      }));
  }
  SetRecording(true);
  EXPECT_EQ(flushdep_atomic_read(&v), 4 * 3000 * 2);
  EXPECT_EQ(flushdep_atomic64_read(&w), 4 * 3000);
}

TEST_F(SyncObjectTest, ByHand) {
  int object = 0;
  flushdep_sync_reset(&object);
  flushdep_sync_release(&object);
  flushdep_sync_acquire(&object);
  EXPECT_THAT(Story(SyncsOf(&object)), ElementsAre("RESET", "RELEASE", "ACQUIRE"));
}

// --- Reference counts

TEST_F(SyncObjectTest, TheLastDropOfAReferenceAcquires) {
  flushdep_refcount r = FLUSHDEP_REFCOUNT(1);
  flushdep_refcount_inc(&r);
  EXPECT_TRUE(flushdep_refcount_inc_not_zero(&r));
  EXPECT_THAT(Story(), IsEmpty());
  EXPECT_FALSE(flushdep_refcount_dec_and_test(&r));
  flushdep_refcount_dec(&r);
  EXPECT_THAT(Story(), ElementsAre("RELEASE", "RELEASE"));
  EXPECT_TRUE(flushdep_refcount_dec_and_test(&r));
  EXPECT_THAT(Story(), ElementsAre("RELEASE", "RELEASE", "RELEASE", "ACQUIRE"));
  EXPECT_FALSE(flushdep_refcount_inc_not_zero(&r));
  EXPECT_EQ(flushdep_refcount_read(&r), 0);
}

// In a process of its own, as each kind is said once.
void ExpectSaturates(void (*misuse)(flushdep_refcount* r), const char* message) {
  EXPECT_EXIT(
      {
        flushdep_refcount r = FLUSHDEP_REFCOUNT(1);
        misuse(&r);
        // It stays there, whatever comes, and nothing is the last drop.
        for (int i = 0; i < 3; i++) flushdep_refcount_inc(&r);
        bool last = flushdep_refcount_dec_and_test(&r);
        _exit(flushdep_refcount_read(&r) == FLUSHDEP_REFCOUNT_SATURATED && !last ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), message);
}

TEST_F(SyncObjectTest, AReferenceCountThatWentWrongSaturates) {
  ExpectSaturates([](flushdep_refcount* r) { flushdep_refcount_dec(r); },
                  "refcount 0x[0-9a-f]+: decrement hit 0; leaking memory");
  ExpectSaturates(
      [](flushdep_refcount* r) {
        flushdep_refcount_set(r, 0);
        flushdep_refcount_inc(r);
      },
      "addition on 0; use-after-free");
  ExpectSaturates(
      [](flushdep_refcount* r) {
        flushdep_refcount_set(r, 0);
        EXPECT_FALSE(flushdep_refcount_dec_and_test(r));
      },
      "underflow; use-after-free");
  ExpectSaturates(
      [](flushdep_refcount* r) {
        flushdep_refcount_set(r, INT_MAX);
        EXPECT_TRUE(flushdep_refcount_inc_not_zero(r));
      },
      "saturated; leaking memory");
}

// --- Threads

TEST_F(SyncObjectTest, AThreadKnowsItsCreatorAndItsName) {
  Thread thread([] { flushdep_preempt_count(); }, "worker");
  thread.Join();
  std::vector<flushdep_event> starts = Events(FLUSHDEP_EV_THREAD_START);
  ASSERT_EQ(starts.size(), 1u);
  EXPECT_EQ(starts[0].thread, thread.thread().id);
  std::vector<flushdep_event> syncs = SyncsOf(&thread.thread());
  EXPECT_EQ(starts[0].u.thread.other, syncs[0].thread);
  EXPECT_NE(starts[0].u.thread.other, 0u);
  std::vector<flushdep_event> names = Events(FLUSHDEP_EV_NAME);
  ASSERT_EQ(names.size(), 1u);
  EXPECT_EQ(names[0].u.name.object, thread.thread().id);
  EXPECT_EQ(names[0].u.name.kind, uint32_t{FLUSHDEP_EV_THREAD_START});
  EXPECT_STREQ(names[0].u.name.text, "worker");
  // Creator's, creator's, thread's at its start, thread's at its end, creator's.
  EXPECT_THAT(Story(syncs),
              ElementsAre("RESET", "RELEASE", "RELEASE", "ACQUIRE", "RELEASE", "ACQUIRE"));
  EXPECT_EQ(syncs[3].thread, thread.thread().id);
  EXPECT_EQ(syncs[4].thread, thread.thread().id);
  // The release is the thread's last word but one.
  std::vector<flushdep_event> all = Events();
  for (size_t i = 0; i + 1 < all.size(); i++)
    if (all[i].kind == FLUSHDEP_EV_SYNC && all[i].reason == FLUSHDEP_WHY_THREAD_EXIT) {
      EXPECT_EQ(all[i + 1].kind, FLUSHDEP_EV_THREAD_EXIT);
      EXPECT_EQ(all[i + 1].thread, thread.thread().id);
    }
}

TEST_F(SyncObjectTest, APlainThreadHasNoCreator) {
  pthread_t host;
  auto run = [](void*) -> void* {
    flushdep_preempt_count();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&host, nullptr, run, nullptr), 0);
  pthread_join(host, nullptr);
  ASSERT_EQ(CountEvents(FLUSHDEP_EV_THREAD_START), 1u);
  EXPECT_EQ(Events(FLUSHDEP_EV_THREAD_START)[0].u.thread.other, 0u);
}

TEST_F(SyncObjectTest, MisuseOfAThreadEndsWithAMessage) {
  EXPECT_EXIT(
      {
        flushdep_thread thread = {};
        flushdep_thread_join(&thread);
      },
      ::testing::ExitedWithCode(4), "thread_join.* that does not run, or was joined");
  EXPECT_EXIT(
      {
        flushdep_thread thread;
        flushdep_thread_create(&thread, "twice", [](void*) {}, nullptr);
        flushdep_thread_join(&thread);
        flushdep_thread_join(&thread);
      },
      ::testing::ExitedWithCode(4), "'twice'.* was joined");
  EXPECT_EXIT(
      {
        flushdep_thread thread;
        flushdep_thread_create(&thread, nullptr, [](void*) {}, nullptr);
        flushdep_thread_start(&thread);
      },
      ::testing::ExitedWithCode(4), "that is not prepared, or started");
}

}  // namespace
}  // namespace flushdep::testing
