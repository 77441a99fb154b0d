// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Virtual CPUs. A CPU runs at most one thread, keeps the mm that was loaded last (lazily
// once nothing of it runs), and takes IPIs at any time: whoever sends one
// acts for the target under the target's lock and never waits for a thread.
#ifndef FLUSHDEP_RUNTIME_MACHINE_CPU_H_
#define FLUSHDEP_RUNTIME_MACHINE_CPU_H_

#include <atomic>
#include <cstdint>

#include "runtime/machine/limits.h"
#include "runtime/machine/lock.h"
#include "runtime/machine/mm.h"

namespace flushdep {

struct alignas(64) Cpu {
  Mutex lock;  // loaded, lazy, and the order of this CPU's events
  Mm* loaded = nullptr;
  bool lazy = false;
  // Under the attach lock: the thread that runs here, 0 for idle, and its mm (for
  // the child of a fork, which cannot look into the threads that it lost).
  uint32_t thread = 0;
  Mm* thread_mm = nullptr;
  // Is its thread inside an API call? See Api.
  std::atomic<bool> busy{false};
};

struct Machine {
  std::atomic<bool> booted{false};
  std::atomic<bool> fork_pending{false};
  uint32_t cpus = 0;
  Mm* first_mm = nullptr;
  Mutex boot_lock;
  Mutex attach_lock;
  Cpu cpu[kMaxCpus];
};

extern constinit Machine g_machine;

// CPU `cpu` loads `mm`, or for null turns lazy; emits CPU_LOAD or CPU_LAZY
// if that changes anything.
void SwitchCpu(uint32_t cpu, Mm* mm, const Call& call);

void Boot();
inline void EnsureBooted() {
  if (__builtin_expect(!g_machine.booted.load(std::memory_order_acquire), 0)) Boot();
}

// pthread_atfork() handlers; called once at boot.
void BootFork();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_CPU_H_
