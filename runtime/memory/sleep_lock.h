// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A lock of the allocator's own that may be held over flushes and over functions of the program,
// as a kernel mutex: who waits for it sleeps, and so gives its CPU up. Only where sleeping is
// allowed. Not recursive. A wait that can never end is told (wait.h).
#ifndef FLUSHDEP_RUNTIME_MEMORY_SLEEP_LOCK_H_
#define FLUSHDEP_RUNTIME_MEMORY_SLEEP_LOCK_H_

#include <atomic>
#include <cstdint>

#include "runtime/machine/call.h"
#include "runtime/machine/wait.h"

namespace flushdep {

class SleepLock {
 public:
  constexpr explicit SleepLock(const char* name) : name_(name) {}
  SleepLock(const SleepLock&) = delete;
  SleepLock& operator=(const SleepLock&) = delete;

  void Lock(const Call& call) {
    if (mutex_.TryLock())
      holder_.store(t_thread.id, std::memory_order_relaxed);
    else
      LockSlowly(call);
  }
  void Unlock() {
    holder_.store(0, std::memory_order_relaxed);
    mutex_.Unlock();
  }
  bool HeldByMe() const { return holder_.load(std::memory_order_relaxed) == t_thread.id; }

  // In the child of a fork, where there are no other threads: free, unless the caller has it. False
  // if it was not.
  bool LoseOthers() {
    if (HeldByMe() && t_thread.attached) return true;
    const bool was_free = mutex_.TryLock();
    Unlock();
    return was_free;
  }

 private:
  static uint32_t HolderOf(const void* lock) {
    return static_cast<const SleepLock*>(lock)->holder_.load(std::memory_order_relaxed);
  }
  void LockSlowly(const Call& call) {
    WaitForHolder({HolderOf, this, name_});
    SleepBegin(call);
    mutex_.Lock();
    holder_.store(t_thread.id, std::memory_order_relaxed);
    SleepEnd(call);
    WaitIsOver();
  }

  Mutex mutex_;
  std::atomic<uint32_t> holder_{0};
  const char* name_;
};

class SleepLockGuard {
 public:
  SleepLockGuard(SleepLock& lock, const Call& call) : lock_(lock) { lock_.Lock(call); }
  ~SleepLockGuard() { lock_.Unlock(); }
  SleepLockGuard(const SleepLockGuard&) = delete;
  SleepLockGuard& operator=(const SleepLockGuard&) = delete;

 private:
  SleepLock& lock_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_SLEEP_LOCK_H_
