// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/cpu.h"

#include <sched.h>

#include "runtime/machine/call.h"

namespace flushdep {

constinit Machine g_machine;

void Api::EnterSlow(Cpu& cpu) {
  do {
    cpu.busy.store(false, std::memory_order_seq_cst);
    while (g_machine.fork_pending.load(std::memory_order_acquire)) sched_yield();
    cpu.busy.store(true, std::memory_order_seq_cst);
  } while (g_machine.fork_pending.load(std::memory_order_seq_cst));
}

namespace {

void EmitCpu(uint16_t kind, uint32_t cpu, const Mm* mm, const Mm* old, const Call& call) {
  flushdep_event event = NewEvent(kind, call);
  event.cpu = static_cast<uint16_t>(cpu);
  event.u.mm.mm = MmId(mm);
  event.u.mm.old_mm = MmId(old);
  event.u.mm.ctx_id = MmId(mm);
  event.u.mm.tlb_gen = mm->tlb_gen.load(std::memory_order_seq_cst);
  Emit(event);
}

}  // namespace

void SwitchCpu(uint32_t index, Mm* mm, const Call& call) {
  Cpu& cpu = g_machine.cpu[index];
  Mm* unloaded = nullptr;
  {
    MutexLock lock(cpu.lock);
    if (mm == nullptr) {
      if (cpu.loaded != nullptr && !cpu.lazy)
        EmitCpu(FLUSHDEP_EV_CPU_LAZY, index, cpu.loaded, nullptr, call);
      cpu.lazy = cpu.loaded != nullptr;
      return;
    }
    if (cpu.loaded == mm && !cpu.lazy) return;
    EmitCpu(FLUSHDEP_EV_CPU_LOAD, index, mm, cpu.loaded, call);
    if (cpu.loaded != mm) {
      MmLoad(mm);
      unloaded = cpu.loaded;
      cpu.loaded = mm;
    }
    cpu.lazy = false;
  }
  if (unloaded != nullptr) MmUnload(unloaded);
}

}  // namespace flushdep
