// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Virtual CPUs. A CPU runs at most one thread (sched.h), keeps the mm that was loaded last
// (lazily once nothing of it runs), and takes IPIs while it has interrupts on (shootdown.h).
#ifndef FLUSHDEP_RUNTIME_MACHINE_CPU_H_
#define FLUSHDEP_RUNTIME_MACHINE_CPU_H_

#include <atomic>
#include <cstdint>

#include "runtime/machine/limits.h"
#include "runtime/machine/lock.h"
#include "runtime/machine/mm.h"
#include "runtime/machine/shootdown.h"
#include "runtime/memory/pcp.h"

namespace flushdep {

struct ThreadRecord;

struct alignas(kApart) Cpu {
  Mutex lock;  // what follows, and the order of this CPU's events
  bool lazy = false;
  bool irqs_off = false;
  Mm* loaded = nullptr;
  uint64_t loaded_gen = 0;  // up to which tlb_gen of `loaded` its entries were flushed
  // The CPUs whose shootdown waits here, a bit each. Set only while interrupts are off.
  std::atomic<uint64_t> ipis[kMaxCpus / 64] = {};

  // Under the scheduler's lock.
  alignas(kApart) ThreadRecord* current = nullptr;  // who runs here; null: idle
  ThreadRecord* first = nullptr;                    // who waits to, in turn
  ThreadRecord* last = nullptr;
  uint32_t waiting = 0;
  uint64_t random = 0;
  std::atomic<bool> online{true};  // written also under `lock`

  // The flush that this CPU's thread is doing.
  alignas(kApart) Shootdown out = {};

  // Its own free pages; see zone.h.
  CpuPages pages;
};

struct Machine {
  std::atomic<bool> booted{false};
  uint32_t cpus = 0;
  bool broadcast = false;  // option: the hardware invalidates on other CPUs
  Mm* first_mm = nullptr;
  Mutex boot_lock;
  Mutex sched_lock;                       // sched.h
  std::atomic<bool> fork_pending{false};  // written under it
  Cpu cpu[kMaxCpus];
};

extern constinit Machine g_machine;

// CPU `cpu` loads `mm`, or for null turns lazy; emits CPU_LOAD or CPU_LAZY
// if that changes anything.
void SwitchCpu(uint32_t cpu, Mm* mm, const Call& call);
// Under its lock: drops the mm, as by loading the kernel's own.
void LoadInitMm(uint32_t cpu, const Call& call);

// Takes CPUs out of the machine and puts them back; see flushdep.h.
int TakeCpuOffline(uint32_t cpu, const Call& call);
int BringCpuOnline(uint32_t cpu, const Call& call);

void Boot();
inline void EnsureBooted() {
  if (__builtin_expect(!g_machine.booted.load(std::memory_order_acquire), 0)) Boot();
}

// pthread_atfork() handlers; called once at boot.
void BootFork();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_CPU_H_
