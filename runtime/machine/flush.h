// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TLB flushes as Linux 6.12 on x86-64 does them (arch/x86/mm/tlb.c). Each call emits
// FLUSH_ISSUE, one FLUSH_ACK per CPU that really flushes, FLUSH_RETURN.
// Cost: O(CPUs). Takes CPU locks one at a time.
#ifndef FLUSHDEP_RUNTIME_MACHINE_FLUSH_H_
#define FLUSHDEP_RUNTIME_MACHINE_FLUSH_H_

#include "runtime/machine/call.h"

namespace flushdep {

void FlushAll(const Call& call);
void FlushLocal(const Call& call);
// One page of the loaded mm on this CPU (INVLPG).
void FlushLocalPage(Mm* mm, uint64_t va, const Call& call);
void FlushMm(Mm* mm, const Call& call);
// [start, end) in bytes, widened to pages.
void FlushMmRange(Mm* mm, uint64_t start, uint64_t end, const Call& call);
void FlushKernelRange(uint64_t start, uint64_t end, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_FLUSH_H_
