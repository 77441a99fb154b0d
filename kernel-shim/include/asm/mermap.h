/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/mermap.h: what a mermap asks of the architecture. */
#ifndef FLUSHDEP_ASM_MERMAP_H
#define FLUSHDEP_ASM_MERMAP_H

#include <asm/pgtable_64_types.h>
#include <asm/tlbflush.h>
#include <linux/preempt.h>

/* faithful: this CPU's whole TLB and no other's, which is enough to use addresses of its slice
 * again and not enough to free a page. Interrupts may be off. */
static __always_inline void arch_mermap_flush_tlb(void)
{
	guard(preempt)();
	__flush_tlb_all();
}

#endif
