// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/cpu.h"

#include <errno.h>

#include "runtime/machine/call.h"
#include "runtime/machine/sched.h"

namespace flushdep {

constinit Machine g_machine;

namespace {

// Null is the kernel's own mm.
void EmitCpu(uint16_t kind, uint32_t cpu, const Mm* mm, const Mm* old, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.cpu = static_cast<uint16_t>(cpu);
  event.u.mm.mm = MmId(mm);
  event.u.mm.old_mm = MmId(old);
  event.u.mm.ctx_id = MmId(mm);
  event.u.mm.tlb_gen = mm != nullptr ? mm->tlb_gen.load(std::memory_order_seq_cst) : 0;
  Emit(event);
}

void TurnLazy(uint32_t index, const Call& call) {
  Cpu& cpu = g_machine.cpu[index];
  MutexLock lock(cpu.lock);
  if (cpu.loaded != nullptr && !cpu.lazy)
    EmitCpu(FLUSHDEP_EV_CPU_LAZY, index, cpu.loaded, nullptr, call);
  cpu.lazy = cpu.loaded != nullptr;
}

// Is somebody tied to the CPU, or on it?
bool CpuInUse(uint32_t index) {
  bool used = g_machine.cpu[index].current != nullptr || g_machine.cpu[index].waiting != 0;
  // Whoever runs nowhere changes nothing of itself without our lock.
  ForEachThread([&](ThreadRecord& record) {
    if (record.cpu == index && record.state == RunState::Off)
      used |= record.thread->context.migrate > 0;
  });
  return used;
}

uint32_t NumOnline() {
  uint32_t online = 0;
  for (uint32_t i = 0; i < g_machine.cpus; i++) online += g_machine.cpu[i].online.load() ? 1 : 0;
  return online;
}

}  // namespace

void SwitchCpu(uint32_t index, Mm* mm, const Call& call) {
  if (mm == nullptr) return TurnLazy(index, call);
  Cpu& cpu = g_machine.cpu[index];
  Mm* unloaded = nullptr;
  {
    // The generation that the load sees is the one that its event is ordered with.
    MutexLock generation(mm->flush_lock);
    MutexLock lock(cpu.lock);
    if (cpu.loaded == mm && !cpu.lazy) return;
    EmitCpu(FLUSHDEP_EV_CPU_LOAD, index, mm, cpu.loaded, call);
    if (cpu.loaded != mm) {
      MmLoad(mm);
      unloaded = cpu.loaded;
      cpu.loaded = mm;
    }
    cpu.loaded_gen = mm->tlb_gen.load(std::memory_order_relaxed);
    cpu.lazy = false;
  }
  if (unloaded != nullptr) MmUnload(unloaded);
}

void LoadInitMm(uint32_t index, const Call& call) {
  Cpu& cpu = g_machine.cpu[index];
  if (cpu.loaded == nullptr) return;
  EmitCpu(FLUSHDEP_EV_CPU_LOAD, index, nullptr, cpu.loaded, call);
  MmUnload(cpu.loaded);
  cpu.loaded = nullptr;
  cpu.lazy = false;
}

int TakeCpuOffline(uint32_t index, const Call& call) {
  if (index >= g_machine.cpus) return -EINVAL;
  if (InAtomic()) return -EPERM;
  MutexLock scheduler(g_machine.sched_lock);
  Cpu& cpu = g_machine.cpu[index];
  if (!cpu.online.load()) return -EINVAL;
  if (NumOnline() == 1 || CpuInUse(index)) return -EBUSY;
  MutexLock lock(cpu.lock);
  LoadInitMm(index, call.Internal(FLUSHDEP_WHY_IDLE));
  cpu.online.store(false);
  flushdep_event event = NewEvent(FLUSHDEP_EV_CPU_OFFLINE, call);
  event.cpu = static_cast<uint16_t>(index);
  Emit(event);
  return 0;
}

int BringCpuOnline(uint32_t index, const Call& call) {
  if (index >= g_machine.cpus) return -EINVAL;
  if (InAtomic()) return -EPERM;
  MutexLock scheduler(g_machine.sched_lock);
  Cpu& cpu = g_machine.cpu[index];
  if (cpu.online.load()) return -EINVAL;
  {
    MutexLock lock(cpu.lock);
    flushdep_event event = NewEvent(FLUSHDEP_EV_CPU_ONLINE, call);
    event.cpu = static_cast<uint16_t>(index);
    Emit(event);
    cpu.online.store(true);
  }
  PullTo(index);
  return 0;
}

}  // namespace flushdep
