// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waiting on the host, and the wait-for graph of locks.
//
// A thread that is about to wait enters a list of those that wait. Its edges
// lead to the waiting threads that hold what it wants: a lock (in a mode that conflicts), the
// end of a thread, of an RCU read section. Threads in the list stand still, so a cycle is
// a deadlock for certain, and whoever closes it ends the program with a message. Cost: only when
// something is contended; then the number of waiting threads, squared at worst.
//
// Not followed: completions and wait queues, of which nobody knows who ends them.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SYNC_WAIT_H_
#define FLUSHDEP_RUNTIME_MACHINE_SYNC_WAIT_H_

#include "runtime/machine/sync/state.h"

namespace flushdep {

// Lives on the waiting thread's stack; under g_sync_lock once it is in the list.
struct Waiter {
  enum class For : uint8_t { Lock, ThreadEnd, GracePeriod };
  For what;
  LockMode mode;              // Lock
  const flushdep_lock* lock;  // Lock
  const uint32_t* thread;     // ThreadEnd: whose id, 0 until it runs
  uint64_t phase;             // GracePeriod: read sections of earlier phases are in the way
  Call call;
  SyncThread* self;
  Waiter* next;
  // During a search.
  Waiter* from;
  Waiter* queue;
  bool seen;
};

// Brackets all waiting of one call. Begin ends the program if this closes a cycle, or
// if the lock's holder is gone; CheckHolder() says so of a holder that went meanwhile.
void BeginWait(Waiter& waiter);
void CheckHolder(const Waiter& waiter);
void EndWait(Waiter& waiter);
// Only read sections of phases before `phase` are in the way from here on.
void NarrowWait(Waiter& waiter, uint64_t phase);

// Sleep while *word == value; may return early. The first two give the CPU up, SpinOnLock() keeps
// it, as one that spins does, but burns no host CPU. What waits for a lock is also seen by the
// search for deadlocks that shootdowns and CPUs are part of (machine/wait.h).
void SleepOn(const uint32_t* word, uint32_t value, const Call& call);
void SleepOnLock(const flushdep_lock* lock, uint32_t value, const Call& call);
void SpinOnLock(const flushdep_lock* lock, uint32_t value, const Call& call);
void WakeWord(const uint32_t* word, unsigned threads);

// Under g_sync_lock: `gone` exits holding locks; whoever waits for them shall look again.
void WakeWaitersFor(const SyncThread& gone);
// The child of a fork: nobody waits.
void ForgetWaiters();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SYNC_WAIT_H_
