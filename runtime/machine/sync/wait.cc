// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/sync/wait.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checker/report/reporter.h"
#include "runtime/machine/sched.h"
#include "runtime/machine/sync/describe.h"
#include "runtime/machine/wait.h"

namespace flushdep {
namespace {

constinit Waiter* g_waiters = nullptr;

// syscall() takes words, so every argument is one.
void Futex(const uint32_t* word, long operation, long value) {
  syscall(SYS_futex, word, operation, value, 0l, 0l, 0l);
}

// The lock that `holder` holds in a way that keeps `waiter` out, or null.
const HeldLock* InTheWay(const SyncThread& holder, const Waiter& waiter) {
  for (uint32_t i = 0; i < holder.held_count; i++) {
    const HeldLock& held = holder.held[i];
    if (held.lock == waiter.lock &&
        (held.mode == LockMode::Exclusive || waiter.mode == LockMode::Exclusive))
      return &held;
  }
  return nullptr;
}

bool Blocks(const SyncThread& holder, const Waiter& waiter) {
  uint64_t phase = holder.rcu_phase.load(std::memory_order_relaxed);
  switch (waiter.what) {
    case Waiter::For::Lock:
      return InTheWay(holder, waiter) != nullptr;
    case Waiter::For::ThreadEnd:
      return holder.id == __atomic_load_n(waiter.thread, __ATOMIC_RELAXED);
    case Waiter::For::GracePeriod:
      return &holder != waiter.self && phase != 0 && phase < waiter.phase;
  }
  return false;
}

// Breadth first from `start`; true if it leads back, by `from` from start->from on.
bool FindCycle(Waiter* start) {
  for (Waiter* waiter = g_waiters; waiter != nullptr; waiter = waiter->next) waiter->seen = false;
  start->queue = nullptr;
  Waiter* last = start;
  for (Waiter* at = start; at != nullptr; at = at->queue)
    for (Waiter* next = g_waiters; next != nullptr; next = next->next) {
      if (next->seen || !Blocks(*next->self, *at)) continue;
      next->seen = true;
      next->from = at;
      if (next == start) return true;
      next->queue = nullptr;
      last->queue = next;
      last = next;
    }
  return false;
}

// "thread 2 waits in mutex_lock() at 0x1 for 'b' (0x2), taken by mutex_lock() at 0x3 in thread 1"
void AppendEdge(Text& text, const Waiter& waiter, const SyncThread& holder) {
  text << "thread " << waiter.self->id << " waits in ";
  AppendCall(text, waiter.call);
  text << " for ";
  switch (waiter.what) {
    case Waiter::For::Lock:
      AppendHeld(text, *InTheWay(holder, waiter));
      text << " in thread " << holder.id;
      break;
    case Waiter::For::ThreadEnd:
      text << "the end of thread " << holder.id;
      break;
    case Waiter::For::GracePeriod:
      text << "the RCU read section of thread " << holder.id;
      break;
  }
}

// Who has it alone, from right after it is taken until right before it is released.
uint32_t OwnerOf(const void* lock) {
  return __atomic_load_n(&static_cast<const flushdep_lock*>(lock)->owner, __ATOMIC_RELAXED);
}

// For the other graph, which knows of shootdowns and CPUs and sees locks by their owner only.
LockWait WaitFor(const flushdep_lock* lock) {
  return {OwnerOf, lock, lock->name != nullptr ? lock->name : "a lock"};
}

[[noreturn]] void DieOfCycle(const Text& text) {
  g_sync_lock.Unlock();
  Die(4, text.view());
}

// `from` leads from the start backwards to the waiter whose holder is the start.
void CheckCycle(Waiter* start) {
  if (!FindCycle(start)) return;
  Text text;
  text << "deadlock: ";
  const Waiter* holder = start;
  do {
    if (holder != start) text << "; ";
    AppendEdge(text, *holder->from, *holder->self);
    holder = holder->from;
  } while (holder != start);
  DieOfCycle(text);
}

void CheckHolderLocked(const Waiter& waiter) {
  if (waiter.what != Waiter::For::Lock) return;
  uint32_t owner = __atomic_load_n(&waiter.lock->owner, __ATOMIC_RELAXED);
  if (owner == 0 || ThreadExists(owner)) return;
  Text text;
  text << "thread " << waiter.self->id << " waits in ";
  AppendCall(text, waiter.call);
  text << " for ";
  AppendLock(text, waiter.lock);
  text << ", taken at ";
  text.Hex(__atomic_load_n(&waiter.lock->site, __ATOMIC_RELAXED))
      << " by thread " << owner
      << ", which is gone (it exited, or only the parent of this process has it)";
  DieOfCycle(text);
}

}  // namespace

void BeginWait(Waiter& waiter) {
  MutexLock lock(g_sync_lock);
  waiter.next = g_waiters;
  g_waiters = &waiter;
  CheckHolderLocked(waiter);
  CheckCycle(&waiter);
}

void CheckHolder(const Waiter& waiter) {
  MutexLock lock(g_sync_lock);
  CheckHolderLocked(waiter);
}

void EndWait(Waiter& waiter) {
  MutexLock lock(g_sync_lock);
  Waiter** link = &g_waiters;
  while (*link != &waiter) link = &(*link)->next;
  *link = waiter.next;
}

void NarrowWait(Waiter& waiter, uint64_t phase) {
  MutexLock lock(g_sync_lock);
  waiter.phase = phase;
}

void WakeWaitersFor(const SyncThread& gone) {
  for (Waiter* waiter = g_waiters; waiter != nullptr; waiter = waiter->next)
    if (waiter->what == Waiter::For::Lock && InTheWay(gone, *waiter) != nullptr)
      WakeWord(&waiter->lock->word, UINT_MAX);
}

void SleepOn(const uint32_t* word, uint32_t value, const Call& call) {
  SleepBegin(call);
  Futex(word, FUTEX_WAIT_PRIVATE, static_cast<long>(value));
  SleepEnd(call);
}

void SleepOnLock(const flushdep_lock* lock, uint32_t value, const Call& call) {
  WaitForHolder(WaitFor(lock));
  SleepOn(&lock->word, value, call);
  WaitIsOver();
}

void SpinOnLock(const flushdep_lock* lock, uint32_t value, const Call& call) {
  SpinBegin(WaitFor(lock), call);
  Futex(&lock->word, FUTEX_WAIT_PRIVATE, static_cast<long>(value));
  SpinEnd(call);
}

void WakeWord(const uint32_t* word, unsigned threads) {
  Futex(word, FUTEX_WAKE_PRIVATE, threads < INT_MAX ? static_cast<long>(threads) : INT_MAX);
}

void ForgetWaiters() { g_waiters = nullptr; }

}  // namespace flushdep
