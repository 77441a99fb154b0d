// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/sched.h"

#include <errno.h>
#include <sched.h>

#include "checker/model/bias.h"
#include "checker/report/reporter.h"
#include "runtime/machine/call.h"
#include "runtime/machine/text.h"
#include "runtime/machine/wait.h"

namespace flushdep {

constinit ThreadRecord g_threads[kMaxThreads] = {};
constinit uint32_t g_threads_end = 0;

namespace {

constinit uint32_t g_last_thread_id = 0;

// Everything here runs under the scheduler's lock unless it says otherwise.

bool Idle(const Cpu& cpu) { return cpu.online.load() && cpu.current == nullptr; }
bool MayMove(const ThreadRecord& record) { return !record.pinned && !record.bound; }

// xorshift64: never 0 once it is not.
uint64_t NextRandom(Cpu& cpu) {
  cpu.random ^= cpu.random << 13;
  cpu.random ^= cpu.random >> 7;
  cpu.random ^= cpu.random << 17;
  return cpu.random;
}

uint32_t NextQuantum(Cpu& cpu) { return static_cast<uint32_t>(NextRandom(cpu) % kMaxQuantumCalls); }

// The thread looks again at what it waits for.
void Wake(ThreadRecord& record) {
  record.turn.fetch_add(1, std::memory_order_release);
  FutexWakeAll(&record.turn);
}

void Run(ThreadRecord& record, uint32_t cpu) {
  g_machine.cpu[cpu].current = &record;
  record.cpu = cpu;
  record.state = RunState::Running;
  Wake(record);
}

void Enqueue(ThreadRecord& record, uint32_t index) {
  Cpu& cpu = g_machine.cpu[index];
  record.cpu = index;
  record.state = RunState::Runnable;
  record.next = nullptr;
  (cpu.first == nullptr ? cpu.first : cpu.last->next) = &record;
  cpu.last = &record;
  cpu.waiting++;
  if (cpu.current != nullptr) cpu.current->thread->attention.fetch_or(kOthersWait);
}

// Takes the first in the queue for whom `fit` holds.
template <typename Fit>
ThreadRecord* Dequeue(Cpu& cpu, Fit fit) {
  ThreadRecord* before = nullptr;
  for (ThreadRecord* record = cpu.first; record != nullptr;
       before = record, record = record->next) {
    if (!fit(*record)) continue;
    (before == nullptr ? cpu.first : before->next) = record->next;
    if (cpu.last == record) cpu.last = before;
    cpu.waiting--;
    // Only the first of a queue watches the CPU's thread.
    if (before == nullptr && cpu.first != nullptr) Wake(*cpu.first);
    return record;
  }
  return nullptr;
}

// Who runs on the CPU next: the first in its queue, or one of another's that may move here.
ThreadRecord* NextFor(uint32_t index) {
  Cpu& cpu = g_machine.cpu[index];
  if (ThreadRecord* record = Dequeue(cpu, [](const ThreadRecord&) { return true; })) return record;
  if (!cpu.online.load()) return nullptr;
  for (uint32_t i = 0; i < g_machine.cpus; i++)
    if (ThreadRecord* record = Dequeue(g_machine.cpu[i], MayMove)) return record;
  return nullptr;
}

// The current thread stops being that; its interrupt state goes with it.
void Vacate(uint32_t index) {
  Cpu& cpu = g_machine.cpu[index];
  cpu.current->state = RunState::Off;
  cpu.current->switched_out = true;
  cpu.current->thread->attention.fetch_or(kOffCpu);
  cpu.current = nullptr;
  MutexLock lock(cpu.lock);
  cpu.irqs_off = false;
  TakeShootdowns(index);
}

// A CPU that was vacated goes to the next thread, or idle.
void PassOn(uint32_t index, const Call& call) {
  if (ThreadRecord* next = NextFor(index)) return Run(*next, index);
  SwitchCpu(index, nullptr, call.Internal(FLUSHDEP_WHY_IDLE));
}

// The calling thread gives its CPU up.
void GiveUp(const Call& call) {
  const uint32_t index = t_thread.cpu;
  Vacate(index);
  PassOn(index, call);
}

uint32_t LowestIdle() {
  for (uint32_t i = 0; i < g_machine.cpus; i++)
    if (Idle(g_machine.cpu[i])) return i;
  return kMaxCpus;
}

uint32_t ShortestQueue() {
  uint32_t best = kMaxCpus;
  for (uint32_t i = 0; i < g_machine.cpus; i++) {
    const Cpu& cpu = g_machine.cpu[i];
    if (cpu.online.load() && (best == kMaxCpus || cpu.waiting < g_machine.cpu[best].waiting))
      best = i;
  }
  return best;
}

// A thread that runs nowhere gets a free CPU, its own if that is, or queues up.
void FindCpu(ThreadRecord& record) {
  if (Idle(g_machine.cpu[record.cpu])) return Run(record, record.cpu);
  const uint32_t idle = MayMove(record) ? LowestIdle() : kMaxCpus;
  if (idle != kMaxCpus) return Run(record, idle);
  // Nobody who is tied to a CPU keeps it from going offline, but by flushdep_cpu_migrate().
  const bool gone = !g_machine.cpu[record.cpu].online.load();
  Enqueue(record, gone ? ShortestQueue() : record.cpu);
}

// A running thread loses its CPU, if it is in code of its own and `may` holds of it there.
bool TakeCpuFrom(ThreadRecord& record, bool (*may)(const Thread& thread)) {
  Thread& victim = *record.thread;
  victim.attention.fetch_or(kOffCpu);
  Barrier();
  // From here on it enters no API call without our lock, or we see that it did.
  if (victim.place.load() != kOutside || !may(victim)) {
    victim.attention.fetch_and(~static_cast<uint32_t>(kOffCpu));
    return false;
  }
  Vacate(record.cpu);
  return true;
}

// A timer tick on a CPU that another thread wants.
void Tick(ThreadRecord& waiter) {
  const uint32_t index = waiter.cpu;
  Cpu& cpu = g_machine.cpu[index];
  if (!TakeCpuFrom(*cpu.current, Preemptible)) return;
  Run(*Dequeue(cpu, [&](const ThreadRecord& record) { return &record == &waiter; }), index);
}

// Until there may be news for the calling thread. Without the lock, but for start and end.
void AwaitTurn(ThreadRecord& record) {
  const uint32_t turn = record.turn.load(std::memory_order_relaxed);
  const bool watches = g_machine.cpu[record.cpu].first == &record;
  g_machine.sched_lock.Unlock();
  const bool in_time = FutexWait(&record.turn, turn, watches ? kTickNanos : 0);
  g_machine.sched_lock.Lock();
  if (!in_time && record.state == RunState::Runnable && g_machine.cpu[record.cpu].first == &record)
    Tick(record);
}

void AwaitFork() {
  g_machine.sched_lock.Unlock();
  while (g_machine.fork_pending.load(std::memory_order_acquire)) sched_yield();
  g_machine.sched_lock.Lock();
}

// Without the lock: the calling thread has got a CPU, and tells so.
void SwitchIn(ThreadRecord& record, const Call& call) {
  if (!record.told) EmitThread(FLUSHDEP_EV_THREAD_START, call);
  record.told = true;
  EmitThread(FLUSHDEP_EV_THREAD_ON_CPU, call);
  SwitchCpu(t_thread.cpu, t_thread.mm, call);
  if (!IrqsOff()) return;
  Cpu& cpu = g_machine.cpu[t_thread.cpu];
  MutexLock lock(cpu.lock);
  cpu.irqs_off = true;
}

[[noreturn]] void DieOutOfThreads() {
  Text text;
  text << "more threads use the simulated machine at one time than it has room for [max: "
       << kMaxThreads << "]; let threads end, or raise kMaxThreads in runtime/machine/limits.h";
  Die(2, text.view());
}

ThreadRecord& FreeRecord() {
  for (uint32_t i = 0; i < kMaxThreads; i++) {
    if (g_threads[i].thread != nullptr) continue;
    if (i >= g_threads_end) g_threads_end = i + 1;
    return g_threads[i];
  }
  DieOutOfThreads();
}

// The CPU that is the calling thread's until its API call ends.
[[maybe_unused]] Owner Runner() {
  const Thread& self = t_thread;
  const uint32_t attention = self.attention.load(std::memory_order_relaxed);
  const bool in_call = self.place.load(std::memory_order_relaxed) == kInCall;
  return in_call && (attention & (kNotAttached | kOffCpu)) == 0 ? self.cpu + 1 : 0;
}

// The checker may note whose a page is: see checker/model/bias.h.
void BootBias() {
  if constexpr (kHooks && kPlainSide) {
    if (!HaveBarrier()) return;
    g_bias.Open(Barrier, Runner);
  }
}

}  // namespace

void BootSched(uint64_t seed) {
  BootBarrier();
  BootBias();
  for (uint32_t i = 0; i < kMaxCpus; i++) {
    // Far apart for near seeds; 0 has no successor.
    uint64_t random = (seed + 1) * 0x9e3779b97f4a7c15 + i * 0xbf58476d1ce4e5b9;
    g_machine.cpu[i].random = random != 0 ? random : 1;
  }
}

bool Preemptible(const Thread& thread) {
  const Context& context = thread.context;
  return context.preempt == 0 && context.irqs_off == 0 && context.bh == 0 && context.softirq == 0 &&
         context.hardirq == 0 && context.nmi == 0;
}

void AddThread() {
  Thread& self = t_thread;
  MutexLock lock(g_machine.sched_lock);
  while (g_machine.fork_pending.load()) AwaitFork();
  ThreadRecord& record = FreeRecord();
  const uint32_t idle = LowestIdle();
  record.thread = &self;
  record.id = self.id = ++g_last_thread_id;
  record.cpu = self.cpu = idle != kMaxCpus ? idle : ShortestQueue();
  record.state = RunState::Off;
  record.told = record.bound = record.pinned = record.waits_for_ipis = false;
  record.switched_out = true;
  record.lock = {};
  record.mm = self.mm;
  record.borrows_mm = false;
  self.record = &record;
  self.attached = true;
  self.attention.store(kOffCpu | FlagIf(!HaveBarrier(), kNoBarrier));
}

void RemoveThread(const Call& call) {
  Thread& self = t_thread;
  MutexLock lock(g_machine.sched_lock);
  GiveUp(call);
  self.record->thread = nullptr;
  self.record = nullptr;
  self.attached = false;
  self.attention.store(kNotAttached);
  self.place.store(kOutside);
}

void BecomeCurrent(const Call& call) {
  Thread& self = t_thread;
  ThreadRecord& record = *self.record;
  bool switched;
  {
    MutexLock lock(g_machine.sched_lock);
    while (g_machine.fork_pending.load() || record.state != RunState::Running) {
      if (g_machine.fork_pending.load()) {
        AwaitFork();
      } else if (record.state == RunState::Off) {
        record.pinned = !MayMigrate();
        FindCpu(record);
        if (record.state == RunState::Runnable) CheckForDeadlock(record);
      } else {
        AwaitTurn(record);
      }
    }
    Cpu& cpu = g_machine.cpu[record.cpu];
    self.place.store(kInCall);
    self.attention.fetch_and(~static_cast<uint32_t>(kOffCpu | kOthersWait | kMoved));
    if (cpu.waiting != 0) self.attention.fetch_or(kOthersWait);
    switched = record.switched_out;
    record.switched_out = false;
    if (switched) {
      self.cpu = record.cpu;
      self.calls_left = NextQuantum(cpu);
    }
  }
  if (switched) SwitchIn(record, call);
}

void Api::EnterSlow(const Call& call) {
  Thread& self = t_thread;
  if ((self.attention.load() & kNotAttached) != 0) return AttachThread(call.site);
  if ((self.attention.load() & kSlowEntry) == kNoBarrier) {
    // What the plain store and load cannot promise without it.
    self.place.exchange(kInCall, std::memory_order_seq_cst);
    if ((self.attention.load(std::memory_order_seq_cst) & kSlowEntry) == kNoBarrier) return;
  }
  self.place.store(kOutside, std::memory_order_release);
  BecomeCurrent(call.Internal(FLUSHDEP_WHY_SWITCH_MM));
}

void Api::LeaveSlow(const Call& call) {
  Thread& self = t_thread;
  if (self.calls_left > 0) {
    self.calls_left--;
    return;
  }
  if (!Preemptible(self)) return;
  YieldCpu(call);
  self.place.store(kOutside, std::memory_order_release);
}

bool YieldCpu(const Call& call) {
  Thread& self = t_thread;
  ThreadRecord& record = *self.record;
  {
    MutexLock lock(g_machine.sched_lock);
    // Called at the end of a call, somebody may have been faster.
    if (record.state != RunState::Running) return false;
    Cpu& cpu = g_machine.cpu[record.cpu];
    if (cpu.first == nullptr) {
      self.attention.fetch_and(~static_cast<uint32_t>(kOthersWait));
      return false;
    }
    record.pinned = !MayMigrate();
    ThreadRecord* next = NextFor(record.cpu);
    Vacate(record.cpu);
    Run(*next, next->cpu);
    FindCpu(record);
    if (record.state == RunState::Runnable) CheckForDeadlock(record);
  }
  self.place.store(kOutside, std::memory_order_release);
  BecomeCurrent(call.Internal(FLUSHDEP_WHY_SWITCH_MM));
  return true;
}

void SleepBegin(const Call& call) {
  {
    MutexLock lock(g_machine.sched_lock);
    t_thread.record->pinned = !MayMigrate();
    GiveUp(call);
  }
  t_thread.place.store(kOutside, std::memory_order_release);
}

void SleepEnd(const Call& call) { BecomeCurrent(call.Internal(FLUSHDEP_WHY_SWITCH_MM)); }

namespace {

// Will the thread that runs there let another one? Only its own code can tell, unless it is in an
// API call.
bool MayShare(Cpu& cpu) {
  Thread& there = *cpu.current->thread;
  there.attention.fetch_or(kOffCpu);
  Barrier();
  const bool may = there.place.load() != kOutside || Preemptible(there);
  there.attention.fetch_and(~static_cast<uint32_t>(kOffCpu));
  return may;
}

}  // namespace

int MigrateThread(uint32_t to, const Call& call) {
  Thread& self = t_thread;
  ThreadRecord& record = *self.record;
  if (to >= g_machine.cpus) return -EINVAL;
  if (!MayMigrate()) return -EPERM;
  {
    MutexLock lock(g_machine.sched_lock);
    Cpu& cpu = g_machine.cpu[to];
    if (!cpu.online.load()) return -EINVAL;
    const bool here = record.cpu == to;
    if (!here && cpu.current != nullptr && !MayShare(cpu)) return -EBUSY;
    record.bound = true;
    if (here) return 0;
    record.pinned = false;
    GiveUp(call);
    record.cpu = to;
    FindCpu(record);
    if (record.state == RunState::Runnable) CheckForDeadlock(record);
  }
  self.place.store(kOutside, std::memory_order_release);
  BecomeCurrent(call);
  return 0;
}

namespace {

// Whoever runs nowhere, and waits for its turn to, changes nothing of its context.
bool MayBeMoved(const Thread& thread) { return Preemptible(thread) && thread.context.migrate == 0; }

// Another thread no longer runs on its CPU, or waits for it; false where it must stay there, or is
// in an API call.
bool TakeOff(ThreadRecord& record, const Call& call) {
  const uint32_t index = record.cpu;
  if (record.state == RunState::Running) {
    if (!TakeCpuFrom(record, MayBeMoved)) return false;
    record.thread->attention.fetch_or(kMoved);
    PassOn(index, call);
    return true;
  }
  if (!MayBeMoved(*record.thread)) return false;
  if (record.state == RunState::Off) return true;
  Dequeue(g_machine.cpu[index], [&](const ThreadRecord& queued) { return &queued == &record; });
  record.state = RunState::Off;
  // It looks for a CPU itself.
  Wake(record);
  return true;
}

}  // namespace

int MoveThread(uint32_t id, uint32_t to, const Call& call) {
  if (id == t_thread.id) return MigrateThread(to, call);
  if (to >= g_machine.cpus) return -EINVAL;
  MutexLock lock(g_machine.sched_lock);
  ThreadRecord* record = FindThread(id);
  if (record == nullptr) return -ESRCH;
  if (!g_machine.cpu[to].online.load()) return -EINVAL;
  if (record->cpu != to && !TakeOff(*record, call)) return -EBUSY;
  record->cpu = to;
  record->bound = true;
  if (record->state == RunState::Runnable) CheckForDeadlock(*record);
  return 0;
}

void PullTo(uint32_t cpu) {
  if (ThreadRecord* next = NextFor(cpu)) Run(*next, cpu);
}

ThreadRecord* FindThread(uint32_t id) {
  for (uint32_t i = 0; i < g_threads_end; i++)
    if (g_threads[i].thread != nullptr && g_threads[i].id == id) return &g_threads[i];
  return nullptr;
}

void LoseThreads(void (*lost)(ThreadRecord& record)) {
  for (uint32_t i = 0; i < g_machine.cpus; i++) {
    Cpu& cpu = g_machine.cpu[i];
    cpu.first = cpu.last = nullptr;
    cpu.waiting = 0;
  }
  ForgetShootdowns();
  ForEachThread([lost](ThreadRecord& record) {
    if (record.thread == &t_thread) return;
    lost(record);
    Cpu& cpu = g_machine.cpu[record.cpu];
    if (record.state == RunState::Running) {
      cpu.current = nullptr;
      cpu.irqs_off = false;
    }
    record.thread = nullptr;
  });
}

}  // namespace flushdep
