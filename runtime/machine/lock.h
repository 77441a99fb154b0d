// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mutex on a futex: constant initialised, no destructor, no C++ runtime.
// Not recursive, not fair. Uncontended lock and unlock are one atomic each.
//
// Lock order, outermost first: the scheduler's lock, an mm's prepare lock, an mm's flush lock,
// a slice's lock, a page's lock, the direct map's lock, a CPU's lock, the mm table's lock. A CPU's
// page lists and then the zone lock are innermost: never held around another. No lock is held
// over a flush that may wait for another CPU (flush.h), nor over a sleep, but for SleepLock.
// Events are submitted under these locks, so the checker must not call the
// machine from flushdep_emit().
#ifndef FLUSHDEP_RUNTIME_MACHINE_LOCK_H_
#define FLUSHDEP_RUNTIME_MACHINE_LOCK_H_

#include <atomic>
#include <cstdint>

namespace flushdep {

// Sleeps while `word` is `value`, at most `nanos` (0: for ever). False if the time is over. May
// also return true for no reason: callers look again.
bool FutexWait(std::atomic<uint32_t>* word, uint32_t value, uint64_t nanos);
void FutexWakeAll(std::atomic<uint32_t>* word);

class Mutex {
 public:
  constexpr Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() {
    uint32_t expected = kFree;
    if (!state_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire)) LockSlow();
  }
  bool TryLock() {
    uint32_t expected = kFree;
    return state_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire);
  }
  void Unlock() {
    if (state_.exchange(kFree, std::memory_order_release) == kContended) Wake();
  }

 private:
  static constexpr uint32_t kFree = 0, kHeld = 1, kContended = 2;
  static constexpr int kSpins = 64;  // a few microseconds at most
  bool Spin();
  void LockSlow();
  void Wake();
  std::atomic<uint32_t> state_{kFree};
};

class MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_LOCK_H_
