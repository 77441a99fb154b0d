// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one lock behind spinlocks, rwlocks, mutexes and rwsems: a futex word with an
// exclusive and a shared mode, its owner, its class, and what it tells.
//
// Order of telling: LOCK_WAIT before waiting; LOCK after the lock was got, UNLOCK before it is let
// go, so events of one lock are submitted in the order of its operations, which `seq` counts (RESET
// and LOCK_WAIT have 0: they are not among them). LOCK_WAIT is told when it really waits, and with
// interrupts off always: what could have waited there is what lock inference asks for.
//
// Not fair: whoever comes first after a release gets it, and readers pass waiting writers.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SYNC_LOCK_H_
#define FLUSHDEP_RUNTIME_MACHINE_SYNC_LOCK_H_

#include "runtime/machine/sync/state.h"

namespace flushdep {

// How one kind of lock is taken.
struct LockUse {
  LockMode mode;
  bool sleeps;  // gives the CPU up while it waits
};

void InitLock(flushdep_lock* lock, const char* name, flushdep_lock_key* key, const Call& call);
void TakeLock(flushdep_lock* lock, LockUse use, unsigned subclass, const Call& call);
bool TryTakeLock(flushdep_lock* lock, LockMode mode, unsigned subclass, const Call& call);
// Ends the program if the calling thread does not hold it in that mode.
void ReleaseLock(flushdep_lock* lock, LockMode mode, const Call& call);
void DowngradeLock(flushdep_lock* lock, const Call& call);
// After a non-local exit to the function with `frame`: lets go of all that the calling thread
// holds, but locks in stack frames that were left are only forgotten. True if there were any.
bool ReleaseAllLocks(const void* frame, const Call& call);
bool IsLocked(const flushdep_lock* lock);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SYNC_LOCK_H_
