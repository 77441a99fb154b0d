/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/mmu_context.h: which mm a CPU has loaded. */
#ifndef FLUSHDEP_ASM_MMU_CONTEXT_H
#define FLUSHDEP_ASM_MMU_CONTEXT_H

#include <linux/mm_types.h>
#include <linux/sched.h>

/*
 * partial: the calling thread's CPU loads `next`, as at a context switch; current->mm stays. The
 * thread takes it along where it is moved to, so that it must not be moved. init_mm cannot be
 * loaded: a warning, and nothing done.
 */
FLUSHDEP_CALL void switch_mm(struct mm_struct *prev, struct mm_struct *next,
			     struct task_struct *tsk);
FLUSHDEP_CALL void switch_mm_irqs_off(struct mm_struct *prev, struct mm_struct *next,
				      struct task_struct *tsk);
#define activate_mm(prev, next) switch_mm(prev, next, NULL)

/* faithful: this CPU keeps the mm loaded, lazily, until the next switch_mm(). */
FLUSHDEP_CALL void enter_lazy_tlb(struct mm_struct *mm, struct task_struct *tsk);

/* partial: as switch_mm(); with interrupts off. Unuse loads what was returned. */
FLUSHDEP_CALL struct mm_struct *use_temporary_mm(struct mm_struct *temp_mm);
FLUSHDEP_CALL void unuse_temporary_mm(struct mm_struct *prev_mm);

#endif
