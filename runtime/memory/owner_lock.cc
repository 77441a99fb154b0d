// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/owner_lock.h"

#include <sched.h>

namespace flushdep {

constinit bool OwnerLock::asymmetric_ = false;

void BootOwnerLocks() {
  BootBarrier();
  OwnerLock::asymmetric_ = HaveBarrier();
}

void OwnerLock::GiveWay() {
  do {
    inside_.store(false, std::memory_order_release);
    {
      MutexLock until_done(others_);
    }
    RaiseHand();
  } while (wanted_.load(std::memory_order_acquire));
}

void OwnerLock::LockByOther() {
  others_.Lock();
  wanted_.store(true, std::memory_order_seq_cst);
  Barrier();
  while (inside_.load(std::memory_order_seq_cst)) sched_yield();
}

void OwnerLock::UnlockByOther() {
  wanted_.store(false, std::memory_order_release);
  others_.Unlock();
}

}  // namespace flushdep
