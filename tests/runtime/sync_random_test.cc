// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that use locks of all kinds at random, in one order of locks so that nothing
// deadlocks, against plain counters.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "tests/runtime/support/sync.h"

namespace flushdep::testing {

Options TestOptions() {
  Options options;
  options.cpus = 16;
  options.mem = 64u << 20;
  return FromEnvironment(options);
}

namespace {

constexpr int kLocks = 6, kThreads = 5, kRounds = 2500;

struct Cell {
  flushdep_mutex mutex = {};
  flushdep_rwsem sem = {};
  flushdep_spinlock spin = {};
  flushdep_rwlock rw = {};
  long by_mutex = 0, by_sem = 0, by_spin = 0, by_rw = 0;
};

struct World {
  Cell cells[kLocks];
  std::atomic<long> adds{0};
  std::atomic<int> torn{0};
};

// Reads twice: a writer in between would show.
void LookTwice(World& world, const long& value) {
  long before = value;
  sched_yield();
  if (value != before) world.torn++;
}

void Sleeping(World& world, Cell& cell, std::mt19937& random) {
  switch (random() % 5) {
    case 0: {
      machine::MutexGuard guard(cell.mutex);
      cell.by_mutex++;
      world.adds++;
      break;
    }
    case 1:
      if (flushdep_mutex_trylock(&cell.mutex)) {
        cell.by_mutex++;
        world.adds++;
        flushdep_mutex_unlock(&cell.mutex);
      }
      break;
    case 2: {
      machine::RwsemWriteGuard guard(cell.sem);
      cell.by_sem++;
      world.adds++;
      break;
    }
    case 3: {
      machine::RwsemReadGuard guard(cell.sem);
      LookTwice(world, cell.by_sem);
      break;
    }
    default:
      flushdep_down_write(&cell.sem);
      cell.by_sem++;
      world.adds++;
      flushdep_downgrade_write(&cell.sem);
      LookTwice(world, cell.by_sem);
      flushdep_up_read(&cell.sem);
  }
}

void Spinning(World& world, Cell& cell, std::mt19937& random) {
  switch (random() % 5) {
    case 0: {
      machine::SpinGuard guard(cell.spin);
      cell.by_spin++;
      world.adds++;
      break;
    }
    case 1: {
      machine::SpinIrqGuard guard(cell.spin);
      cell.by_spin++;
      world.adds++;
      break;
    }
    case 2: {
      machine::WriteGuard guard(cell.rw);
      cell.by_rw++;
      world.adds++;
      break;
    }
    case 3:
      if (flushdep_spin_trylock(&cell.spin)) {
        cell.by_spin++;
        world.adds++;
        flushdep_spin_unlock(&cell.spin);
      }
      break;
    default: {
      machine::ReadGuard guard(cell.rw);
      LookTwice(world, cell.by_rw);
    }
  }
}

void Worker(World& world, unsigned seed) {
  std::mt19937 random(seed);
  for (int round = 0; round < kRounds; round++) {
    unsigned first = random() % kLocks;
    if (random() % 2 == 0) {
      // An outer mutex of a lower number, so that waiters hold locks.
      machine::MutexGuard outer(world.cells[first].mutex);
      world.cells[first].by_mutex++;
      world.adds++;
      if (first + 1 < kLocks)
        Sleeping(world, world.cells[first + 1 + random() % (kLocks - first - 1)], random);
    } else if (random() % 2 == 0) {
      Sleeping(world, world.cells[first], random);
    }
    Spinning(world, world.cells[random() % kLocks], random);
  }
  EXPECT_EQ(flushdep_preempt_count(), 0);
}

TEST(SyncRandomTest, CountersAgree) {
  unsigned seed = std::random_device{}();
  printf("seed %u\n", seed);
  flushdep_cpu_current();
  SetRecording(false);
  auto world = std::make_unique<World>();
  {
    std::vector<std::unique_ptr<Thread>> threads;
    for (unsigned i = 0; i < kThreads; i++)
      threads.push_back(std::make_unique<Thread>([&, i] { Worker(*world, seed + i); }));
  }
  SetRecording(true);
  long sum = 0;
  for (const Cell& cell : world->cells)
    sum += cell.by_mutex + cell.by_sem + cell.by_spin + cell.by_rw;
  EXPECT_EQ(sum, world->adds);
  EXPECT_GT(sum, 0);
  EXPECT_EQ(world->torn, 0);
  for (Cell& cell : world->cells) {
    EXPECT_FALSE(flushdep_mutex_is_locked(&cell.mutex));
    EXPECT_FALSE(flushdep_rwsem_is_locked(&cell.sem));
    EXPECT_FALSE(flushdep_spin_is_locked(&cell.spin));
  }
}

}  // namespace
}  // namespace flushdep::testing
