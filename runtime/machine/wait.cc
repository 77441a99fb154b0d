// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/wait.h"

#include <unistd.h>

#include "checker/report/reporter.h"
#include "runtime/machine/call.h"
#include "runtime/machine/sched.h"
#include "runtime/machine/text.h"

namespace flushdep {
namespace {

// Of the search; under the scheduler's lock.
constinit ThreadRecord* g_found[kMaxThreads] = {};
constinit uint32_t g_mark = 0;

// How many threads of a cycle the message names.
constexpr uint32_t kNamed = 4;

bool WaitsForCpu(const ThreadRecord& record, uint32_t cpu) {
  const uint64_t bit = 1ull << (record.cpu % 64);
  return record.waits_for_ipis &&
         (g_machine.cpu[cpu].ipis[record.cpu / 64].load(std::memory_order_acquire) & bit) != 0;
}

// Who holds what it waits for; null: nobody, any more. The owner may be itself, which has just got
// it.
ThreadRecord* OwnerFor(const ThreadRecord& record) {
  if (record.lock.holder == nullptr) return nullptr;
  const uint32_t owner = record.lock.holder(record.lock.lock);
  return owner == 0 || owner == record.id ? nullptr : FindThread(owner);
}

// A thread in a queue that may run on any CPU; others wait for the one that they are tied to.
bool HasChoice(const ThreadRecord& record) {
  return record.state == RunState::Runnable && !record.pinned && !record.bound;
}

// Who has the CPU until it does something; null: nobody. One that sleeps for a lock is about to
// give it up, or has just got it back to look again.
ThreadRecord* KeeperOf(uint32_t cpu) {
  ThreadRecord* current = g_machine.cpu[cpu].current;
  return current == nullptr || current->lock.sleeps ? nullptr : current;
}

// Calls `fn` with each thread that must do something for `record` to go on, whatever others do.
template <typename Fn>
void ForEachAwaited(const ThreadRecord& record, Fn fn) {
  if (ThreadRecord* owner = OwnerFor(record)) fn(owner);
  for (uint32_t i = 0; record.waits_for_ipis && i < g_machine.cpus; i++)
    if (WaitsForCpu(record, i) && g_machine.cpu[i].current != nullptr) fn(g_machine.cpu[i].current);
  if (record.state != RunState::Runnable || HasChoice(record)) return;
  if (ThreadRecord* keeper = KeeperOf(record.cpu)) fn(keeper);
}

void SayThread(Text& text, const ThreadRecord& record) {
  text << "CPU " << record.cpu << " (thread " << record.id << ")";
}

void SayWait(Text& text, const ThreadRecord& record, const ThreadRecord& awaited) {
  SayThread(text, record);
  if (OwnerFor(record) == &awaited) {
    text << " waits for " << record.lock.name << " held by ";
  } else if (WaitsForCpu(record, awaited.cpu)) {
    text << " waits for its TLB flush to be taken with interrupts off by ";
  } else {
    text << " waits to run after ";
  }
  SayThread(text, awaited);
}

// `start` and its successors, by `parent`, to `last`, which waits for `start`.
[[noreturn]] void DieOfDeadlock(const ThreadRecord& start, const ThreadRecord& last) {
  Text text;
  text << "deadlock: ";
  bool flush = false;
  uint32_t length = 0;
  for (const ThreadRecord* at = &start;; at = at->parent) {
    const ThreadRecord& awaited = at == &last ? start : *at->parent;
    flush |= at->waits_for_ipis;
    if (length++ < kNamed) SayWait(text << (at == &start ? "" : "; "), *at, awaited);
    if (at == &last) break;
  }
  if (length > kNamed) text << "; and " << length - kNamed << " more";
  text << ". None of them can go on. ";
  if (flush)
    text << "Flush before interrupts are turned off, and before a lock is taken that others "
            "take with interrupts off";
  else
    text << "Take locks in one order, and do not sleep with a spinlock held";
  Die(4, text.view());
}

// The search has left the way backwards, from `last` to `start`; turns it round.
[[noreturn]] void DieOfCycle(ThreadRecord& start, ThreadRecord& last) {
  ThreadRecord* next = &start;
  for (ThreadRecord* at = &last; at != nullptr;) {
    ThreadRecord* before = at == &start ? nullptr : at->parent;
    at->parent = next;
    next = at;
    at = before;
  }
  DieOfDeadlock(start, last);
}

// One of those that `record` cannot go on without and that are stuck; null: none, it can.
ThreadRecord* StuckFor(const ThreadRecord& record) {
  ThreadRecord* stuck = nullptr;
  ForEachAwaited(record, [&](ThreadRecord* awaited) {
    if (awaited->stuck) stuck = awaited;
  });
  if (stuck != nullptr || !HasChoice(record)) return stuck;
  for (uint32_t i = 0; i < g_machine.cpus; i++) {
    if (!g_machine.cpu[i].online.load()) continue;
    const ThreadRecord* keeper = KeeperOf(i);
    if (keeper == nullptr || !keeper->stuck) return nullptr;
  }
  return KeeperOf(record.cpu);
}

// Threads with a choice wait for one of many: all of them must be stuck. So all waits are taken for
// stuck, and those that can go on are taken out again, until nothing changes.
void CheckWithChoice(ThreadRecord& start) {
  ForEachThread([](ThreadRecord& record) {
    record.stuck = record.lock.holder != nullptr || record.waits_for_ipis ||
                   record.state == RunState::Runnable;
  });
  for (bool changed = true; changed;) {
    changed = false;
    ForEachThread([&](ThreadRecord& record) {
      if (!record.stuck || StuckFor(record) != nullptr) return;
      record.stuck = false;
      changed = true;
    });
  }
  if (!start.stuck) return;
  // Goes on from one that is stuck to another, until it comes to one again: a cycle.
  const uint32_t mark = ++g_mark;
  ThreadRecord* at = &start;
  for (; at->mark != mark; at = at->parent) {
    at->mark = mark;
    at->parent = StuckFor(*at);
  }
  ThreadRecord* last = at;
  while (last->parent != at) last = last->parent;
  DieOfDeadlock(*at, *last);
}

[[noreturn]] void DieOfRecursion(const ThreadRecord& record) {
  Text text;
  text << "deadlock: ";
  SayThread(text, record);
  text << " waits for " << record.lock.name
       << ", which it holds itself. Take it once, or release it before";
  Die(4, text.view());
}

void Begin(const LockWait& wait) {
  ThreadRecord& record = *t_thread.record;
  MutexLock lock(g_machine.sched_lock);
  record.lock = wait;
  if (wait.holder(wait.lock) == record.id) DieOfRecursion(record);
  CheckForDeadlock(record);
}

void SayStall(uint32_t cpu, uint32_t sender) {
  Text text;
  text << "flushdep: CPU " << sender << " has been waiting for CPU " << cpu
       << " to take a TLB flush for " << kStallNanos / 1000000000
       << " s; that has interrupts off, in code that does not end\n";
  if (write(STDERR_FILENO, text.view().data(), text.view().size()) < 0) return;
}

void SayStalls() {
  const ThreadRecord& self = *t_thread.record;
  for (uint32_t i = 0; i < g_machine.cpus; i++)
    if (WaitsForCpu(self, i)) SayStall(i, self.cpu);
}

}  // namespace

void CheckForDeadlock(ThreadRecord& start) {
  const uint32_t mark = ++g_mark;
  uint32_t found = 0;
  bool choice = false;
  start.mark = mark;
  g_found[found++] = &start;
  for (uint32_t i = 0; i < found; i++) {
    ThreadRecord& at = *g_found[i];
    choice |= HasChoice(at);
    ForEachAwaited(at, [&](ThreadRecord* awaited) {
      if (awaited == &start) DieOfCycle(start, at);
      if (awaited->mark == mark) return;
      awaited->mark = mark;
      awaited->parent = &at;
      g_found[found++] = awaited;
    });
  }
  if (choice) CheckWithChoice(start);
}

void SpinBegin(const LockWait& wait, const Call&) {
  Begin(wait);
  t_thread.place.store(kWaitsInCall, std::memory_order_release);
}

void SpinEnd(const Call& call) {
  BecomeCurrent(call);
  WaitIsOver();
}

void WaitForHolder(LockWait wait) {
  wait.sleeps = true;
  Begin(wait);
}

void WaitIsOver() {
  MutexLock lock(g_machine.sched_lock);
  t_thread.record->lock = {};
}

void AwaitAnswers(std::atomic<uint32_t>* unanswered, const Call& call) {
  ThreadRecord& record = *t_thread.record;
  {
    MutexLock lock(g_machine.sched_lock);
    record.waits_for_ipis = true;
    CheckForDeadlock(record);
  }
  t_thread.place.store(kWaitsInCall, std::memory_order_release);
  bool told = false;
  while (uint32_t left = unanswered->load(std::memory_order_acquire)) {
    if (FutexWait(unanswered, left, told ? 0 : kStallNanos)) continue;
    SayStalls();
    told = true;
  }
  BecomeCurrent(call);
  MutexLock lock(g_machine.sched_lock);
  record.waits_for_ipis = false;
}

}  // namespace flushdep
