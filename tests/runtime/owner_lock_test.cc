// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lock of a CPU's own pages: the owner's cheap side and the others' side exclude each other.
#include "runtime/memory/owner_lock.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace flushdep::testing {
namespace {

TEST(OwnerLockTest, OwnerAndOthersExcludeEachOther) {
  BootOwnerLocks();
  OwnerLock lock;
  uint64_t count = 0;  // not atomic: what the lock is for
  constexpr uint64_t kByOwner = 2000000, kByOther = 500;
  auto other = [&] {
    for (uint64_t i = 0; i < kByOther; i++) {
      lock.LockByOther();
      count++;
      lock.UnlockByOther();
    }
  };
  std::vector<std::thread> others;
  for (int i = 0; i < 3; i++) others.emplace_back(other);
  for (uint64_t i = 0; i < kByOwner; i++) {
    OwnerLockGuard guard(lock);
    count++;
  }
  for (std::thread& thread : others) thread.join();
  EXPECT_EQ(count, kByOwner + 3 * kByOther);
}

}  // namespace
}  // namespace flushdep::testing
