// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/lock.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flushdep {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t), "a futex is one word");

namespace {

// syscall() takes words, so every argument is one.
void Futex(std::atomic<uint32_t>* word, long operation, long value) {
  syscall(SYS_futex, word, operation, value, 0l, 0l, 0l);
}

}  // namespace

void Mutex::LockSlow() {
  // From here on the word says "contended", so that whoever unlocks wakes us.
  while (state_.exchange(kContended, std::memory_order_acquire) != kFree)
    Futex(&state_, FUTEX_WAIT_PRIVATE, kContended);
}

void Mutex::Wake() { Futex(&state_, FUTEX_WAKE_PRIVATE, 1); }

}  // namespace flushdep
