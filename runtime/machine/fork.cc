// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fork(): the child gets a machine of its own, as it was at the fork.
//
// Before: new API calls wait, those under way end (or wait with nothing of the machine in hand),
// and the contents of physical memory are copied (a shared memfd would let parent and child write
// into each other). After, in the child: the copy takes the place of the memfd under every mapping
// that exists, and the CPUs of the threads that fork() lost go idle.
#include <pthread.h>
#include <sched.h>

#include "checker/report/reporter.h"
#include "runtime/machine/call.h"
#include "runtime/machine/sched.h"
#include "runtime/machine/sync/state.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/direct_map.h"
#include "runtime/memory/page_allocator.h"
#include "runtime/memory/page_table.h"
#include "runtime/mermap/mermap.h"

namespace flushdep {
namespace {

// The checker may fork (a symboliser) while one of our calls is under way:
// such a child does not use the machine, and waiting would be for ourselves.
constinit thread_local bool t_fork_of_checker = false;

// Forks of several threads, one after the other.
constinit Mutex g_fork_lock;

// Under the scheduler's lock.
bool AnyInCall() {
  bool any = false;
  ForEachThread([&](ThreadRecord& record) { any |= record.thread->place.load() == kInCall; });
  return any;
}

void BeforeFork() {
  t_fork_of_checker = InsideChecker();
  if (t_fork_of_checker) return;
  g_fork_lock.Lock();
  g_machine.sched_lock.Lock();
  g_machine.fork_pending.store(true);
  ForEachThread([](ThreadRecord& record) { record.thread->attention.fetch_or(kForkPending); });
  Barrier();
  // A thread that ends meanwhile needs the lock for it; so it is held while we look.
  while (AnyInCall()) {
    g_machine.sched_lock.Unlock();
    sched_yield();
    g_machine.sched_lock.Lock();
  }
  GetBackend().clone_memory();
}

void EndFork() {
  ForEachThread([](ThreadRecord& record) {
    record.thread->attention.fetch_and(~static_cast<uint32_t>(kForkPending));
  });
  g_machine.fork_pending.store(false);
  g_machine.sched_lock.Unlock();
  g_fork_lock.Unlock();
}

void InParent() {
  if (t_fork_of_checker) return;
  GetBackend().drop_clone();
  EndFork();
}

// A thread that exists in the parent only. Its mappings stay as they are.
void LoseThread(ThreadRecord& record) {
  const Call call = {0, FLUSHDEP_WHY_IDLE, FLUSHDEP_F_INTERNAL};
  if (record.state == RunState::Running) SwitchCpu(record.cpu, nullptr, call);
  if (record.mm != nullptr && record.borrows_mm) MmUnload(record.mm);
  if (record.mm != nullptr && !record.borrows_mm) MmPut(record.mm, call);
  flushdep_event event = NewEvent(FLUSHDEP_EV_THREAD_EXIT, call);
  event.cpu = static_cast<uint16_t>(record.cpu);
  event.thread = record.id;
  if (record.told) Emit(event);
}

void InChild() {
  if (t_fork_of_checker) return;
  BootBarrier();
  GetBackend().adopt_clone();
  RestoreDirectMap();
  ForEachMm(RestoreMermap);
  ForEachMm(RestoreByHand);
  ResetSyncInChild();
  LoseThreads(LoseThread);
  EndFork();
  RecoverAllocatorAfterFork();
}

}  // namespace

void BootFork() {
  if (pthread_atfork(BeforeFork, InParent, InChild) != 0)
    Die(4, "cannot register fork handlers for the simulated machine; out of memory");
}

}  // namespace flushdep
