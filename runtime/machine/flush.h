// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TLB flushes as Linux 6.12 on x86-64 does them (arch/x86/mm/tlb.c). Each call emits
// FLUSH_ISSUE, one FLUSH_ACK per CPU that really flushes, FLUSH_RETURN. It returns when
// all CPUs have flushed, so no lock of the machine may be held over it, but for local ones. Where
// other CPUs may be interrupted, it has to be called in a task with interrupts on: else it says
// WRONG_CONTEXT and goes on, as Linux warns and does.
// Cost: O(CPUs). Takes CPU locks one at a time.
#ifndef FLUSHDEP_RUNTIME_MACHINE_FLUSH_H_
#define FLUSHDEP_RUNTIME_MACHINE_FLUSH_H_

#include "runtime/machine/call.h"

namespace flushdep {

void FlushAll(const Call& call);
void FlushLocal(const Call& call);
// One page of the loaded mm on this CPU (INVLPG).
void FlushLocalPage(Mm* mm, uint64_t va, const Call& call);
// All of the mm that this CPU has loaded, but global entries (a write of CR3).
void FlushLocalMm(Mm* mm, const Call& call);
// Frees page tables, as flush_tlb_mm() has it: lazy CPUs too.
void FlushMm(Mm* mm, const Call& call);
// [start, end) in bytes, widened to pages. Skips lazy CPUs, unless page tables are freed.
void FlushMmRange(Mm* mm, uint64_t start, uint64_t end, bool freed_tables, const Call& call);
void FlushKernelRange(uint64_t start, uint64_t end, const Call& call);

// arch_tlbbatch: CPUs that have an mm loaded, for one flush later. Adding bumps the mm's
// generation: told as a flush that asks no CPU.
void AddToBatch(flushdep_tlb_batch* batch, Mm* mm, const Call& call);
void FlushBatch(flushdep_tlb_batch* batch, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_FLUSH_H_
