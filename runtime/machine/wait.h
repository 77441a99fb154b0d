// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waits in which a thread keeps its CPU, and the proof that one can never end.
//
// Who waits for whom is a graph: a spinner waits for the lock's owner, the sender of a shootdown
// for the threads of the CPUs that have it pending, a thread in the queue of a CPU for that CPU's
// current thread. All of them must come, so a cycle is a deadlock. It is looked for when a wait
// begins, under the scheduler's lock: whoever closes a cycle finds it. No cycle is found that is
// not one: edges are read from the locks and CPUs themselves, and what is found waiting cannot stop
// waiting meanwhile, since that takes the same lock. A deadlock ends the process with status 4 and
// says who waits for what.
//
// Not seen: waits in the program's own code, on the host. A shootdown that is not taken for
// seconds is told on stderr.
#ifndef FLUSHDEP_RUNTIME_MACHINE_WAIT_H_
#define FLUSHDEP_RUNTIME_MACHINE_WAIT_H_

#include <atomic>
#include <cstdint>

#include "runtime/machine/sched.h"

namespace flushdep {

struct Call;

// Bracket a wait of the calling thread for a lock, inside an API call: the thread keeps its CPU, a
// fork does not wait for it. In between it may only look at atomics of its own and wait on the
// host. `wait.holder(wait.lock)` is asked now and later, by any thread, under the scheduler's lock:
// the lock has to say who holds it from right after it is taken until right before it is released,
// and must not go away before the end. (An id that was read once would not do: who has released the
// lock since may wait for us.)
void SpinBegin(const LockWait& wait, const Call& call);
void SpinEnd(const Call& call);

// The same for a wait that sleeps (a mutex): around SleepBegin() and SleepEnd().
void WaitForHolder(LockWait wait);
void WaitIsOver();

// For shootdown.cc: the calling thread waits until `unanswered` is 0.
void AwaitAnswers(std::atomic<uint32_t>* unanswered, const Call& call);

// Under the scheduler's lock: ends the process if the wait of `record`, just begun, closes a cycle.
void CheckForDeadlock(ThreadRecord& record);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_WAIT_H_
