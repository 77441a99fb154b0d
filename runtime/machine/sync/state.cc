// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/sync/state.h"

#include <new>

#include <sys/mman.h>

#include "checker/report/reporter.h"

#include "runtime/machine/sync/describe.h"
#include "runtime/machine/sync/rcu.h"
#include "runtime/machine/sync/thread.h"
#include "runtime/machine/sync/wait.h"
#include "runtime/machine/text.h"

namespace flushdep {

constinit thread_local SyncThread* t_sync = nullptr;
constinit Mutex g_sync_lock;

namespace {

constinit SyncThread* g_threads = nullptr;
constinit bool g_too_many_told = false;

void TellTooManyHeld() {
  {
    MutexLock lock(g_sync_lock);
    if (g_too_many_told) return;
    g_too_many_told = true;
  }
  Text text;
  text << "flushdep: a thread holds more locks than are followed [max: " << kMaxHeldLocks
       << "]; deadlocks through further ones are not seen\n";
  WriteError(text);
}

void TellLeftBehind(const SyncThread& self) {
  Text text;
  text << "flushdep: thread " << self.id << " exits with locks held:";
  for (uint32_t i = 0; i < self.held_count; i++) {
    text << (i == 0 ? " " : ", ");
    AppendHeld(text, self.held[i]);
  }
  if (self.rcu_phase.load(std::memory_order_relaxed) != 0)
    text << (self.held_count == 0 ? " " : ", ") << "rcu_read_lock()";
  text << "\n";
  WriteError(text);
}

}  // namespace

void RegisterSyncThread() {
  void* memory =
      mmap(nullptr, sizeof(SyncThread), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) Die(4, "out of memory for the locks that a thread holds");
  auto* self = new (memory) SyncThread{};
  self->id = t_thread.id;
  t_sync = self;
  MutexLock lock(g_sync_lock);
  self->next = g_threads;
  g_threads = self;
}

void PushHeld(SyncThread& self, const HeldLock& held) {
  if (self.held_count < kMaxHeldLocks) {
    self.held[self.held_count++] = held;
    return;
  }
  self.untracked++;
  TellTooManyHeld();
}

HeldLock* FindHeld(SyncThread& self, const flushdep_lock* lock) {
  for (uint32_t i = self.held_count; i-- > 0;)
    if (self.held[i].lock == lock) return &self.held[i];
  return nullptr;
}

void RemoveHeld(SyncThread& self, HeldLock* held) {
  HeldLock* end = self.held + --self.held_count;
  for (; held != end; held++) held[0] = held[1];
}

SyncThread* FirstSyncThread() { return g_threads; }

bool ThreadExists(uint32_t id) {
  for (SyncThread* thread = g_threads; thread != nullptr; thread = thread->next)
    if (thread->id == id) return true;
  return false;
}

void ExitSyncThread(const Call& call) {
  if (t_sync == nullptr) return;
  SyncThread& self = *t_sync;
  if (self.thread != nullptr) FinishThread(self.thread, call);
  bool leaves = self.held_count > 0 || self.rcu_phase.load(std::memory_order_relaxed) != 0;
  if (leaves) TellLeftBehind(self);
  {
    MutexLock lock(g_sync_lock);
    SyncThread** link = &g_threads;
    while (*link != &self) link = &(*link)->next;
    *link = self.next;
    if (leaves) WakeWaitersFor(self);
  }
  if (leaves) WakeGracePeriods();
  t_sync = nullptr;
  munmap(&self, sizeof(self));
}

void ResetSyncInChild() {
  g_threads = nullptr;
  ForgetWaiters();
  ResetRcuInChild();
  if (t_sync == nullptr) return;
  t_sync->next = nullptr;
  g_threads = t_sync;
}

}  // namespace flushdep
