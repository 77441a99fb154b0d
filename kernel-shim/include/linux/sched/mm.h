/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sched/mm.h: lifetimes of address spaces. */
#ifndef FLUSHDEP_LINUX_SCHED_MM_H
#define FLUSHDEP_LINUX_SCHED_MM_H

#include <linux/mm_types.h>
#include <linux/sched.h>

/* faithful: mm_users keep the mappings, mm_count the struct. The last mmput() tears the mermap
 * down. */
struct mm_struct *mm_alloc(void);
FLUSHDEP_CALL void mmput(struct mm_struct *mm);
void mmdrop(struct mm_struct *mm);

static inline void mmgrab(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_count);
}

static inline void mmget(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_users);
}

static inline bool mmget_not_zero(struct mm_struct *mm)
{
	return atomic_inc_not_zero(&mm->mm_users);
}

/* faithful: with a reference, or NULL for a kernel thread. */
struct mm_struct *get_task_mm(struct task_struct *task);

#endif
