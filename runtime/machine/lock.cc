// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/lock.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flushdep {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t), "a futex is one word");

void Mutex::LockSlow() {
  // From here on the word says "contended", so that whoever unlocks wakes us.
  while (state_.exchange(kContended, std::memory_order_acquire) != kFree)
    syscall(SYS_futex, &state_, FUTEX_WAIT_PRIVATE, kContended, nullptr, nullptr, 0);
}

void Mutex::Wake() { syscall(SYS_futex, &state_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0); }

}  // namespace flushdep
