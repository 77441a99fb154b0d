// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/sync/state.h"

#include <unistd.h>

#include "runtime/machine/sync/describe.h"
#include "runtime/machine/sync/rcu.h"
#include "runtime/machine/sync/thread.h"
#include "runtime/machine/sync/wait.h"
#include "runtime/machine/text.h"

namespace flushdep {

constinit thread_local SyncThread t_sync = {};
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
  t_sync.id = t_thread.id;
  t_sync.registered = true;
  MutexLock lock(g_sync_lock);
  t_sync.next = g_threads;
  g_threads = &t_sync;
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
  SyncThread& self = t_sync;
  if (self.thread != nullptr) FinishThread(self.thread, call);
  self.thread = nullptr;
  if (!self.registered) return;
  bool leaves = self.held_count > 0 || self.rcu_phase.load(std::memory_order_relaxed) != 0;
  if (leaves) TellLeftBehind(self);
  {
    MutexLock lock(g_sync_lock);
    SyncThread** link = &g_threads;
    while (*link != &self) link = &(*link)->next;
    *link = self.next;
    self.registered = false;
    if (leaves) WakeWaitersFor(self);
  }
  self.held_count = self.untracked = 0;
  self.rcu_phase.store(0, std::memory_order_seq_cst);
  if (leaves) WakeGracePeriods();
}

void ResetSyncInChild() {
  g_threads = nullptr;
  ForgetWaiters();
  ResetRcuInChild();
  if (!t_sync.registered) return;
  t_sync.next = nullptr;
  g_threads = &t_sync;
}

}  // namespace flushdep
