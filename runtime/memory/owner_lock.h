// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A lock for data that one CPU uses all the time and others nearly never. The owner's side writes
// only its own cache line and needs no atomic read-modify-write; the other side pays for both
// (barrier.h). On a host without that barrier each pays for itself.
//
// Not recursive. What is done inside must be short and must not wait for another CPU's side.
#ifndef FLUSHDEP_RUNTIME_MEMORY_OWNER_LOCK_H_
#define FLUSHDEP_RUNTIME_MEMORY_OWNER_LOCK_H_

#include <atomic>
#include <cstdint>

#include "runtime/machine/barrier.h"
#include "runtime/machine/lock.h"

namespace flushdep {

// Once, at boot; boots the barrier.
void BootOwnerLocks();

class OwnerLock {
 public:
  constexpr OwnerLock() = default;
  OwnerLock(const OwnerLock&) = delete;
  OwnerLock& operator=(const OwnerLock&) = delete;

  // By what runs on the owning CPU, one thread at a time.
  void LockByOwner() {
    RaiseHand();
    if (__builtin_expect(wanted_.load(std::memory_order_acquire), 0)) GiveWay();
  }
  void UnlockByOwner() { inside_.store(false, std::memory_order_release); }

  // By anything else.
  void LockByOther();
  void UnlockByOther();

 private:
  friend void BootOwnerLocks();
  static constinit bool asymmetric_;  // constant after boot

  void RaiseHand() {
    if (__builtin_expect(asymmetric_, 1)) {
      inside_.store(true, kFastOrder);
      // The other side's Barrier() makes a real one of this.
      std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
      inside_.exchange(true, std::memory_order_seq_cst);
    }
  }
  void GiveWay();

  std::atomic<bool> inside_{false};
  std::atomic<bool> wanted_{false};
  Mutex others_;  // one of the others at a time
};

class OwnerLockGuard {
 public:
  explicit OwnerLockGuard(OwnerLock& lock) : lock_(lock) { lock_.LockByOwner(); }
  ~OwnerLockGuard() { lock_.UnlockByOwner(); }
  OwnerLockGuard(const OwnerLockGuard&) = delete;
  OwnerLockGuard& operator=(const OwnerLockGuard&) = delete;

 private:
  OwnerLock& lock_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_OWNER_LOCK_H_
