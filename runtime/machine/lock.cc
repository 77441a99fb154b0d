// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/lock.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace flushdep {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t), "a futex is one word");

namespace {

// syscall() takes words, so every argument is one.
void Futex(std::atomic<uint32_t>* word, long operation, long value) {
  syscall(SYS_futex, word, operation, value, 0l, 0l, 0l);
}

}  // namespace

bool FutexWait(std::atomic<uint32_t>* word, uint32_t value, uint64_t nanos) {
  constexpr uint64_t kSecond = 1000000000;
  timespec limit = {static_cast<time_t>(nanos / kSecond), static_cast<long>(nanos % kSecond)};
  const timespec* timeout = nanos != 0 ? &limit : nullptr;
  const int saved = errno;
  long result = syscall(SYS_futex, word, static_cast<long>(FUTEX_WAIT_PRIVATE),
                        static_cast<long>(value), timeout, 0l, 0l);
  const bool in_time = result == 0 || errno != ETIMEDOUT;
  errno = saved;
  return in_time;
}

void FutexWakeAll(std::atomic<uint32_t>* word) { Futex(word, FUTEX_WAKE_PRIVATE, 0x7fffffff); }

// Most of what is held is held for less than a sleep costs.
bool Mutex::Spin() {
  for (int i = 0; i < kSpins; i++) {
    uint32_t expected = kFree;
    if (state_.load(std::memory_order_relaxed) == kFree &&
        state_.compare_exchange_weak(expected, kHeld, std::memory_order_acquire))
      return true;
    __builtin_ia32_pause();
  }
  return false;
}

void Mutex::LockSlow() {
  if (Spin()) return;
  // From here on the word says "contended", so that whoever unlocks wakes us.
  while (state_.exchange(kContended, std::memory_order_acquire) != kFree)
    Futex(&state_, FUTEX_WAIT_PRIVATE, kContended);
}

void Mutex::Wake() { Futex(&state_, FUTEX_WAKE_PRIVATE, 1); }

}  // namespace flushdep
