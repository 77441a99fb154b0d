// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a thread holds: its locks and its place in an RCU read section. Every thread
// that ever used either is in a list, until it exits; a forked child's list has only itself. The
// state is memory of its own, mapped at the first use, as thread-local variables would take it from
// the thread's stack, which may be small.
//
// The owner alone changes its state. Others read that of a thread which is blocked (`held` then
// stands still; see wait.h) or alive (`rcu_phase`), always under g_sync_lock. That lock is a leaf:
// nothing is taken and no event emitted under it.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SYNC_STATE_H_
#define FLUSHDEP_RUNTIME_MACHINE_SYNC_STATE_H_

#include <atomic>
#include <cstdint>

#include "runtime/include/flushdep_sync.h"
#include "runtime/machine/call.h"
#include "runtime/machine/lock.h"

namespace flushdep {

enum class LockMode : uint8_t { Exclusive, Shared };

struct HeldLock {
  const flushdep_lock* lock;
  uint64_t site;
  uint16_t subclass;
  uint16_t reason;  // of the call that took it
  LockMode mode;
};

struct SyncThread {
  SyncThread* next;
  uint32_t id;
  uint32_t held_count;
  uint32_t untracked;  // held beyond kMaxHeldLocks
  HeldLock held[kMaxHeldLocks];
  std::atomic<uint64_t> rcu_phase;  // of the outermost read section; 0: outside
  uint32_t callback_depth;          // inside an RCU callback
  flushdep_thread* thread;          // that the machine started, or null
};

// Of the calling thread; null until its first use.
extern constinit thread_local SyncThread* t_sync;
extern constinit Mutex g_sync_lock;

void RegisterSyncThread();
// Of the calling thread, which is inside an API call.
inline SyncThread& SyncSelf() {
  if (__builtin_expect(t_sync == nullptr, 0)) RegisterSyncThread();
  return *t_sync;
}

void PushHeld(SyncThread& self, const HeldLock& held);
// The latest entry for `lock`, or null.
HeldLock* FindHeld(SyncThread& self, const flushdep_lock* lock);
void RemoveHeld(SyncThread& self, HeldLock* held);

// Under g_sync_lock: is there such a thread?
bool ThreadExists(uint32_t id);
// Under g_sync_lock: the first of all threads.
SyncThread* FirstSyncThread();

// From thread.cc and fork.cc: the calling thread is about to exit; the child lost all others.
void ExitSyncThread(const Call& call);
void ResetSyncInChild();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SYNC_STATE_H_
