// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fork(): the child gets a machine of its own, as it was at the fork.
//
// Before: new API calls wait, those under way end, and the contents of physical
// memory are copied (a shared memfd would let parent and child write into each
// other). After, in the child: the copy takes the place of the memfd under every
// mapping that exists, and the CPUs of the threads that fork() lost go idle.
#include <pthread.h>
#include <sched.h>

#include "checker/report/reporter.h"
#include "runtime/machine/call.h"
#include "runtime/memory/backend.h"
#include "runtime/memory/direct_map.h"
#include "runtime/mermap/mermap.h"

namespace flushdep {
namespace {

// The checker may fork (a symboliser) while one of our calls is under way:
// such a child does not use the machine, and waiting would be for ourselves.
constinit thread_local bool t_fork_of_checker = false;

// Forks of several threads, one after the other.
constinit Mutex g_fork_lock;

void BeforeFork() {
  t_fork_of_checker = InsideChecker();
  if (t_fork_of_checker) return;
  g_fork_lock.Lock();
  g_machine.fork_pending.store(true, std::memory_order_seq_cst);
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++)
    while (g_machine.cpu[cpu].busy.load(std::memory_order_seq_cst)) sched_yield();
  g_machine.attach_lock.Lock();
  GetBackend().clone_memory();
}

void EndFork() {
  g_machine.attach_lock.Unlock();
  g_machine.fork_pending.store(false, std::memory_order_seq_cst);
  g_fork_lock.Unlock();
}

void InParent() {
  if (t_fork_of_checker) return;
  GetBackend().drop_clone();
  EndFork();
}

// A thread that exists in the parent only. Its mappings stay as they are.
void LoseThread(uint32_t index) {
  Cpu& cpu = g_machine.cpu[index];
  const Call call = {0, FLUSHDEP_WHY_IDLE, FLUSHDEP_F_INTERNAL};
  SwitchCpu(index, nullptr, call);
  if (cpu.thread_mm != nullptr) MmPut(cpu.thread_mm, call);
  flushdep_event event = NewEvent(FLUSHDEP_EV_THREAD_EXIT, call);
  event.cpu = static_cast<uint16_t>(index);
  event.thread = cpu.thread;
  Emit(event);
  cpu.thread = 0;
  cpu.thread_mm = nullptr;
}

void InChild() {
  if (t_fork_of_checker) return;
  GetBackend().adopt_clone();
  RestoreDirectMap();
  ForEachMm(RestoreMermap);
  EndFork();
  for (uint32_t cpu = 0; cpu < g_machine.cpus; cpu++) {
    bool mine = t_thread.attached && cpu == t_thread.cpu;
    if (g_machine.cpu[cpu].thread != 0 && !mine) LoseThread(cpu);
  }
}

}  // namespace

void BootFork() {
  if (pthread_atfork(BeforeFork, InParent, InChild) != 0)
    Die(4, "cannot register fork handlers for the simulated machine; out of memory");
}

}  // namespace flushdep
