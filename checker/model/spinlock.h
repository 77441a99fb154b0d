// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A lock of one byte for the checker's own short critical sections. No wait
// queue and no futex, so that it needs nothing of the C++ runtime; waiters yield after a
// while, since the holder may have been preempted on a machine with few cores.
#ifndef FLUSHDEP_CHECKER_MODEL_SPINLOCK_H_
#define FLUSHDEP_CHECKER_MODEL_SPINLOCK_H_

#include <sched.h>
#include <sys/single_threaded.h>

#include <atomic>

namespace flushdep {

inline void SpinPause(unsigned& spins) {
  if (++spins % 128 == 0)
    sched_yield();
  else
    __builtin_ia32_pause();
}

class SpinLock {
 public:
  void Lock() {
    // One thread needs no atomic instruction; a signal handler gives back what it takes.
    if (__libc_single_threaded && !held_.load(std::memory_order_relaxed)) {
      held_.store(true, std::memory_order_relaxed);
      return;
    }
    unsigned spins = 0;
    while (held_.exchange(true, std::memory_order_acquire))
      while (held_.load(std::memory_order_relaxed)) SpinPause(spins);
  }
  bool TryLock() { return !held_.exchange(true, std::memory_order_acquire); }
  void Unlock() { held_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> held_{false};
};

class SpinGuard {
 public:
  explicit SpinGuard(SpinLock& lock) : lock_(lock) { lock_.Lock(); }
  ~SpinGuard() { lock_.Unlock(); }
  SpinGuard(const SpinGuard&) = delete;
  SpinGuard& operator=(const SpinGuard&) = delete;

 private:
  SpinLock& lock_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_SPINLOCK_H_
