/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/tlbflush.h: dropping translations. Each goes to the CPUs that x86-64's does. */
#ifndef FLUSHDEP_ASM_TLBFLUSH_H
#define FLUSHDEP_ASM_TLBFLUSH_H

#include <asm/page_types.h>
#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/types.h>

/* faithful */
#define TLB_FLUSH_ALL (~0UL)
FLUSHDEP_CALL void flush_tlb_all(void);
FLUSHDEP_CALL void flush_tlb_mm(struct mm_struct *mm);
FLUSHDEP_CALL void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end,
				      unsigned int stride_shift, bool freed_tables);
FLUSHDEP_CALL void flush_tlb_kernel_range(unsigned long start, unsigned long end);
FLUSHDEP_CALL void flush_tlb_page(struct vm_area_struct *vma, unsigned long addr);
#define flush_tlb_range(vma, start, end) \
	flush_tlb_mm_range((vma)->vm_mm, start, end, PAGE_SHIFT, true)

/* faithful: this CPU only, which is not enough for a free. */
FLUSHDEP_CALL void __flush_tlb_all(void);
FLUSHDEP_CALL void __flush_tlb_global(void);

/* faithful: of this CPU what belongs to the mm that it has loaded, global entries stay; of that one
 * page. */
FLUSHDEP_CALL void flush_tlb_local(void);
FLUSHDEP_CALL void flush_tlb_one_user(unsigned long addr);

/* partial: counts the flushes that were asked for by the functions above; the machine's own count
 * decides what a CPU that is behind has to drop. */
static inline u64 inc_mm_tlb_gen(struct mm_struct *mm)
{
	return atomic64_inc_return(&mm->context.tlb_gen);
}

/* partial: drops everything of this CPU, the one entry included. */
FLUSHDEP_CALL void flush_tlb_one_kernel(unsigned long addr);

#endif
