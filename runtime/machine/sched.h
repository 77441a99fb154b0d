// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which thread runs on which CPU. A thread has a CPU of its own while there are free ones; then
// they share. One thread at a time runs on a CPU, and whoever makes an API call runs on one:
// it waits for its turn first. A thread gives its CPU up
//   - when it sleeps (SleepBegin()), exits or moves;
//   - when it asks to (YieldCpu());
//   - at the end of an API call, if others wait, it may be preempted, and it has made as many calls
//   as
//     its quantum has, which the CPU's random numbers choose (option seed);
//   - at a timer tick, if others wait, it may be preempted, and it is in code of its own: that code
//   goes on
//     in the host (nobody can stop it), and the next API call waits for its turn.
// A CPU that nobody wants goes idle. A thread that waits moves to a CPU that goes idle, unless it
// has migration disabled, or was put where it is by flushdep_cpu_migrate() or
// flushdep_thread_migrate().
//
// Locking: all under one lock, g_machine.sched_lock, that no API call of a thread alone
// on its CPU takes. Cost: O(CPUs) a switch. A thread waits on a futex of its own.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SCHED_H_
#define FLUSHDEP_RUNTIME_MACHINE_SCHED_H_

#include <atomic>
#include <cstdint>

#include "runtime/machine/limits.h"
#include "runtime/machine/mm.h"

namespace flushdep {

struct Call;
struct Thread;

enum class RunState : uint8_t {
  Off,       // runs nowhere: preempted in its own code, or asleep
  Runnable,  // in the queue of its CPU
  Running,   // its CPU's current thread
};

// What a thread waits for that another one holds.
struct LockWait {
  uint32_t (*holder)(const void* lock);  // id of the thread that has it, 0 for none; null: no wait
  const void* lock;
  const char* name;     // for people
  bool sleeps = false;  // the CPU is given up meanwhile
};

// What others need to know of an attached thread. In a table, as the child of a fork cannot look
// into the threads that it lost. Under the scheduler's lock.
struct alignas(kApart) ThreadRecord {
  Thread* thread;  // null: free
  uint32_t id;
  uint32_t cpu;
  RunState state;
  bool told;          // THREAD_START was emitted
  bool switched_out;  // somebody had its CPU since
  bool bound;         // by flushdep_cpu_migrate() and the like
  bool pinned;        // while Runnable or asleep: may not migrate
  bool borrows_mm;    // as Thread::borrows_mm
  Mm* mm;             // the thread's
  ThreadRecord* next;
  std::atomic<uint32_t> turn;  // the futex: changes when there is news
  // What it waits for while it keeps its CPU (wait.h).
  LockWait lock;
  bool waits_for_ipis;
  // Of the search for cycles.
  uint32_t mark;
  bool stuck;
  ThreadRecord* parent;
};

void BootSched(uint64_t seed);

// A record for the calling thread, which runs nowhere yet. Ends the process at kMaxThreads.
void AddThread();
// The calling thread, which runs on its CPU, is no more.
void RemoveThread(const Call& call);
// Returns when the calling thread runs on a CPU and no fork is pending; it is in an API call then.
void BecomeCurrent(const Call& call);

// Brackets a wait of the calling thread on the host, inside an API call: in between
// the thread does not run on its CPU and the call does not hold up a fork. Nothing of the
// machine may be touched in between.
void SleepBegin(const Call& call);
void SleepEnd(const Call& call);

// Gives the CPU to the next one that waits for it; false if none does. In an API call, where
// sleeping is allowed.
bool YieldCpu(const Call& call);

// Moves the calling thread; see flushdep_cpu_migrate().
int MigrateThread(uint32_t cpu, const Call& call);

// Moves any thread; see flushdep_thread_migrate().
int MoveThread(uint32_t id, uint32_t cpu, const Call& call);

// Under the scheduler's lock: a CPU that came online takes a thread that waits elsewhere.
void PullTo(uint32_t cpu);

// Could the thread be preempted where it is?
bool Preemptible(const Thread& thread);

// Under the scheduler's lock.
ThreadRecord* FindThread(uint32_t id);
extern ThreadRecord g_threads[];
extern uint32_t g_threads_end;  // all used ones are below

template <typename Fn>
void ForEachThread(Fn fn) {
  for (uint32_t i = 0; i < g_threads_end; i++)
    if (g_threads[i].thread != nullptr) fn(g_threads[i]);
}

// In the child of a fork: forgets the other threads, which do not exist there. `lost` is called
// with each, while it is still on its CPU.
void LoseThreads(void (*lost)(ThreadRecord& record));

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SCHED_H_
