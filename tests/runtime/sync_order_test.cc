// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Happens-before, by the recorded events alone: naive vector clocks replay them, and what
// the program ordered must be ordered, and what it did not must not.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>

#include "runtime/machine/sync/rcu.h"
#include "runtime/machine/thread.h"
#include "tests/runtime/support/sync.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  options.cpus = 16;
  options.mem = 64u << 20;
  return FromEnvironment(options);
}

namespace {

constexpr uint16_t kMark = FLUSHDEP_EV_USER + 1;

// A point of the calling thread that a test asks about.
void Mark(uint64_t id) {
  flushdep_preempt_count();  // attaches
  flushdep_event event = {};
  event.kind = kMark;
  event.thread = t_thread.id;
  event.u.raw[0] = id;
  flushdep_emit(&event);
}

using Clock = std::map<uint32_t, uint64_t>;

void Join(Clock& into, const Clock& from) {
  for (const auto& [thread, time] : from) into[thread] = std::max(into[thread], time);
}

// Readers of a lock are ordered with its writers, not with each other: two clocks an object.
struct Object {
  Clock released;
  Clock by_readers;
};

struct Point {
  uint32_t thread;
  Clock clock;
};

std::map<uint64_t, Point> Replay() {
  std::map<uint32_t, Clock> threads;
  std::map<uint64_t, Object> objects;
  std::map<uint64_t, Point> marks;
  for (const flushdep_event& event : Events()) {
    Clock& now = threads[event.thread];
    now[event.thread]++;
    if (event.kind == kMark) marks[event.u.raw[0]] = {event.thread, now};
    if (event.kind != FLUSHDEP_EV_SYNC) continue;
    Object& object = objects[event.u.sync.object];
    switch (event.u.sync.op) {
      case FLUSHDEP_SYNC_RESET:
        object = {};
        break;
      case FLUSHDEP_SYNC_ACQUIRE:
      case FLUSHDEP_SYNC_LOCK_SHARED:
        Join(now, object.released);
        break;
      case FLUSHDEP_SYNC_LOCK:
        Join(now, object.released);
        Join(now, object.by_readers);
        break;
      case FLUSHDEP_SYNC_RELEASE:
      case FLUSHDEP_SYNC_UNLOCK:
        Join(object.released, now);
        break;
      case FLUSHDEP_SYNC_UNLOCK_SHARED:
        Join(object.by_readers, now);
        break;
      default:
        break;
    }
  }
  return marks;
}

bool Before(const Point& a, const Point& b) {
  auto it = b.clock.find(a.thread);
  return it != b.clock.end() && a.clock.at(a.thread) <= it->second;
}

void ExpectOrdered(uint64_t a, uint64_t b) {
  std::map<uint64_t, Point> marks = Replay();
  ASSERT_TRUE(marks.count(a) && marks.count(b));
  EXPECT_TRUE(Before(marks[a], marks[b])) << a << " is not before " << b;
  EXPECT_FALSE(Before(marks[b], marks[a])) << b << " is before " << a;
}

void ExpectUnordered(uint64_t a, uint64_t b) {
  std::map<uint64_t, Point> marks = Replay();
  ASSERT_TRUE(marks.count(a) && marks.count(b));
  EXPECT_FALSE(Before(marks[a], marks[b])) << a << " is before " << b;
  EXPECT_FALSE(Before(marks[b], marks[a])) << b << " is before " << a;
}

class SyncOrderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    flushdep_cpu_current();
    Clear();
  }
};

// Not told: only the test's schedule.
void Await(const std::atomic<bool>& flag) {
  while (!flag) sched_yield();
}

// Runs both on threads of their own, the second when the first is done.
void InTurn(std::function<void()> first, std::function<void()> second) {
  std::atomic<bool> done{false};
  Thread a([&] {
    first();
    done = true;
  });
  Thread b([&] {
    Await(done);
    second();
  });
}

TEST_F(SyncOrderTest, WithoutSynchronisationNothingIsOrdered) {
  InTurn([] { Mark(1); }, [] { Mark(2); });
  ExpectUnordered(1, 2);
}

TEST_F(SyncOrderTest, CreationAndJoinOrder) {
  Mark(1);
  Thread thread([] { Mark(2); });
  Mark(3);
  thread.Join();
  Mark(4);
  ExpectOrdered(1, 2);
  ExpectOrdered(2, 4);
  ExpectUnordered(2, 3);
}

template <typename L>
struct Ways {
  void (*take)(L*);
  void (*drop)(L*);
};

// What one thread did under the lock is before what the next one does under it.
template <typename L>
void CheckLock(Ways<L> first, Ways<L> second, bool ordered) {
  L lock = {}, other = {};
  Clear();
  InTurn(
      [&] {
        first.take(&lock);
        Mark(1);
        first.drop(&lock);
        Mark(3);
      },
      [&] {
        Mark(4);
        second.take(&other);
        Mark(5);
        second.drop(&other);
        second.take(&lock);
        Mark(2);
        second.drop(&lock);
      });
  if (ordered)
    ExpectOrdered(1, 2);
  else
    ExpectUnordered(1, 2);
  ExpectUnordered(1, 4);  // before the lock
  ExpectUnordered(1, 5);  // another lock
  ExpectUnordered(3, 2);  // after the lock
}

TEST_F(SyncOrderTest, Locks) {
  Ways<flushdep_spinlock> spin = {flushdep_spin_lock, flushdep_spin_unlock};
  Ways<flushdep_spinlock> irq = {flushdep_spin_lock_irq, flushdep_spin_unlock_irq};
  Ways<flushdep_spinlock> bh = {flushdep_spin_lock_bh, flushdep_spin_unlock_bh};
  Ways<flushdep_spinlock> tried = {
      [](flushdep_spinlock* l) { ASSERT_TRUE(flushdep_spin_trylock(l)); }, flushdep_spin_unlock};
  Ways<flushdep_mutex> mutex = {flushdep_mutex_lock, flushdep_mutex_unlock};
  Ways<flushdep_rwlock> read = {flushdep_read_lock, flushdep_read_unlock};
  Ways<flushdep_rwlock> write = {flushdep_write_lock, flushdep_write_unlock};
  Ways<flushdep_rwsem> down_read = {flushdep_down_read, flushdep_up_read};
  Ways<flushdep_rwsem> down_write = {flushdep_down_write, flushdep_up_write};
  CheckLock(spin, irq, true);
  CheckLock(bh, tried, true);
  CheckLock(mutex, mutex, true);
  CheckLock(write, write, true);
  CheckLock(write, read, true);
  CheckLock(read, write, true);
  CheckLock(read, read, false);
  CheckLock(down_write, down_read, true);
  CheckLock(down_read, down_write, true);
  CheckLock(down_read, down_read, false);
}

TEST_F(SyncOrderTest, ADowngradeReleasesToReaders) {
  flushdep_rwsem sem = {};
  InTurn(
      [&] {
        flushdep_down_write(&sem);
        Mark(1);
        flushdep_downgrade_write(&sem);
        Mark(3);
        flushdep_up_read(&sem);
      },
      [&] {
        flushdep_down_read(&sem);
        Mark(2);
        flushdep_up_read(&sem);
      });
  ExpectOrdered(1, 2);
  ExpectUnordered(3, 2);
}

// `release` after 1, `acquire` before 2.
void CheckPair(std::function<void()> release, std::function<void()> acquire, bool ordered) {
  Clear();
  InTurn(
      [&] {
        Mark(1);
        release();
        Mark(3);
      },
      [&] {
        Mark(4);
        acquire();
        Mark(2);
      });
  if (ordered)
    ExpectOrdered(1, 2);
  else
    ExpectUnordered(1, 2);
  ExpectUnordered(3, 2);
  ExpectUnordered(1, 4);
}

TEST_F(SyncOrderTest, Completions) {
  flushdep_completion c = {}, other = {};
  flushdep_complete(&other);
  CheckPair([&] { flushdep_complete(&c); }, [&] { flushdep_completion_wait(&c); }, true);
  CheckPair([&] { flushdep_complete_all(&c); }, [&] { flushdep_completion_try_wait(&c); }, true);
  CheckPair([&] { flushdep_complete_all(&c); }, [&] { flushdep_completion_done(&c); }, true);
  CheckPair([&] { flushdep_complete(&c); }, [&] { flushdep_completion_wait(&other); }, false);
}

TEST_F(SyncOrderTest, Atomics) {
  flushdep_atomic v = {};
  auto set = [&] { flushdep_atomic_set_release(&v, 1); };
  auto relaxed_set = [&] { flushdep_atomic_set(&v, 1); };
  auto get = [&] { flushdep_atomic_read_acquire(&v); };
  auto relaxed_get = [&] { flushdep_atomic_read(&v); };
  auto full = [&] { flushdep_atomic_inc_return(&v); };
  CheckPair(set, get, true);
  CheckPair(full, get, true);
  CheckPair(set, full, true);
  CheckPair(full, full, true);
  flushdep_sync_reset(&v);
  CheckPair(relaxed_set, get, false);
  CheckPair(set, relaxed_get, false);
  CheckPair([&] { flushdep_atomic_add_return_acquire(1, &v); }, get, false);
  CheckPair(set, [&] { flushdep_atomic_add_return_release(1, &v); }, false);
  CheckPair([&] { flushdep_atomic_cmpxchg(&v, -77, 1); }, get, false);  // fails
  CheckPair(set, [&] { flushdep_atomic_cmpxchg(&v, -77, 1); }, false);  // fails
}

TEST_F(SyncOrderTest, TheLastDropIsAfterAllOthers) {
  flushdep_refcount r = FLUSHDEP_REFCOUNT(2);
  InTurn(
      [&] {
        Mark(1);
        EXPECT_FALSE(flushdep_refcount_dec_and_test(&r));
        Mark(3);
      },
      [&] {
        Mark(4);
        EXPECT_TRUE(flushdep_refcount_dec_and_test(&r));
        Mark(2);
      });
  ExpectOrdered(1, 2);
  ExpectUnordered(1, 4);
  ExpectUnordered(3, 2);
  // A drop that is not the last, and a new reference, are after nothing.
  flushdep_refcount_set(&r, 3);
  CheckPair([&] { flushdep_refcount_dec(&r); },
            [&] {
              flushdep_refcount_inc(&r);
              EXPECT_FALSE(flushdep_refcount_dec_and_test(&r));
            },
            false);
}

TEST_F(SyncOrderTest, WaitQueuesAndByHand) {
  int object = 0;
  CheckPair([&] { flushdep_sync_release(&object); }, [&] { flushdep_sync_acquire(&object); }, true);
  flushdep_waitqueue queue = {};
  CheckPair([&] { flushdep_wake_up(&queue); }, [&] { flushdep_wait_while(&queue, 0); }, true);
}

// --- RCU

void Grace() { flushdep_synchronize_rcu(); }

TEST_F(SyncOrderTest, AReadSectionIsBeforeALaterGracePeriodsEnd) {
  InTurn(
      [] {
        machine::RcuReadGuard guard;
        Mark(1);
      },
      [] {
        Grace();
        Mark(2);
      });
  ExpectOrdered(1, 2);
}

// Also over any number of grace periods of others in between, which order nothing by themselves.
TEST_F(SyncOrderTest, AReadSectionIsBeforeTheEndOfAnyLaterGracePeriod) {
  for (int between = 0; between < 4; between++) {
    Clear();
    std::atomic<bool> read{false}, passed{false};
    Thread reader([&] {
      {
        machine::RcuReadGuard guard;
        Mark(1);
      }
      read = true;
    });
    Thread other([&] {
      Await(read);
      Mark(3);
      for (int i = 0; i < between; i++) Grace();
      Mark(4);
      passed = true;
    });
    Thread updater([&] {
      Await(passed);
      Grace();
      Mark(2);
    });
    reader.Join();
    other.Join();
    updater.Join();
    ExpectOrdered(1, 2);
    ExpectUnordered(3, 2);
    ExpectUnordered(4, 2);
  }
}

TEST_F(SyncOrderTest, TheStartOfAGracePeriodIsBeforeLaterReadSections) {
  InTurn(
      [] {
        Mark(1);
        Grace();
      },
      [] {
        Mark(4);
        machine::RcuReadGuard guard;
        Mark(2);
      });
  ExpectOrdered(1, 2);
  ExpectUnordered(1, 4);
}

TEST_F(SyncOrderTest, ReadersAreNotOrderedWithEachOther) {
  InTurn(
      [] {
        machine::RcuReadGuard guard;
        Mark(1);
      },
      [] {
        machine::RcuReadGuard guard;
        Mark(2);
      });
  ExpectUnordered(1, 2);
}

TEST_F(SyncOrderTest, AReaderThatBeganDuringAGracePeriodIsNotBeforeItsEnd) {
  for (int phase = 0; phase < 2; phase++) {
    Clear();
    std::atomic<bool> inside{false}, leave{false};
    Thread first([&] {
      machine::RcuReadGuard guard;
      Mark(1);
      inside = true;
      Await(leave);
    });
    Await(inside);
    uint64_t before = RcuPhase();
    Thread updater([] {
      Grace();
      Mark(2);
    });
    while (RcuPhase() == before) sched_yield();
    Thread([] {
      machine::RcuReadGuard guard;
      Mark(3);
    }).Join();
    leave = true;
    updater.Join();
    ExpectOrdered(1, 2);
    ExpectUnordered(3, 2);
  }
}

TEST_F(SyncOrderTest, ACallbackIsAfterItsCallAndBeforeTheBarriersEnd) {
  static flushdep_rcu_head head;
  Thread([] {
    InTurn(
        [] {
          Mark(1);
          flushdep_call_rcu(&head, [](flushdep_rcu_head*) { Mark(2); });
          Mark(3);
        },
        [] {
          flushdep_rcu_barrier();
          Mark(4);
        });
  }).Join();
  ExpectOrdered(1, 2);
  ExpectOrdered(2, 4);
  ExpectUnordered(3, 2);
}

// --- Random programs

// Threads pass a token through random primitives; each hand-over must be ordered, and a
// thread that takes no part is ordered with none of them.
TEST_F(SyncOrderTest, RandomHandOvers) {
  unsigned seed = static_cast<unsigned>(time(nullptr)) ^ static_cast<unsigned>(getpid());
  printf("seed %u\n", seed);
  constexpr int kThreads = 4, kSteps = 120;
  struct Baton {
    flushdep_spinlock spin = {};
    flushdep_mutex mutex = {};
    flushdep_rwsem sem = {};
    flushdep_completion completion = {};
    flushdep_atomic atomic = {};
    unsigned way = 0;
  };
  auto batons = std::make_unique<Baton[]>(kSteps);
  std::atomic<int> step{0};
  for (int i = 0; i < kSteps; i++) batons[i].way = static_cast<unsigned>(rand_r(&seed)) % 5;
  auto give = [&](Baton& b) {
    if (b.way == 0) machine::SpinGuard guard(b.spin);
    if (b.way == 1) machine::MutexGuard guard(b.mutex);
    if (b.way == 2) machine::RwsemReadGuard guard(b.sem);
    if (b.way == 3) flushdep_complete(&b.completion);
    if (b.way == 4) flushdep_atomic_set_release(&b.atomic, 1);
  };
  auto take = [&](Baton& b) {
    if (b.way == 0) machine::SpinGuard guard(b.spin);
    if (b.way == 1) machine::MutexGuard guard(b.mutex);
    if (b.way == 2) machine::RwsemWriteGuard guard(b.sem);
    if (b.way == 3) flushdep_completion_wait(&b.completion);
    if (b.way == 4) flushdep_atomic_read_acquire(&b.atomic);
  };
  {
    Thread bystander([] { Mark(1000); });
    std::vector<std::unique_ptr<Thread>> threads;
    for (int t = 0; t < kThreads; t++)
      threads.push_back(std::make_unique<Thread>([&, t] {
        for (int i = t; i < kSteps; i += kThreads) {
          while (step != i) sched_yield();
          if (i > 0) take(batons[i - 1]);
          Mark(static_cast<uint64_t>(i));
          give(batons[i]);
          step = i + 1;
        }
      }));
  }
  std::map<uint64_t, Point> marks = Replay();
  ASSERT_EQ(marks.size(), size_t{kSteps} + 1);
  for (uint64_t a = 0; a < kSteps; a++) {
    EXPECT_FALSE(Before(marks[a], marks[1000]));
    EXPECT_FALSE(Before(marks[1000], marks[a]));
    for (uint64_t b = a + 1; b < kSteps; b++) {
      EXPECT_TRUE(Before(marks[a], marks[b])) << a << " " << b;
      EXPECT_FALSE(Before(marks[b], marks[a])) << a << " " << b;
    }
  }
}

}  // namespace
}  // namespace flushdep::testing
