/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sched/mm.h: lifetimes of address spaces. */
#ifndef FLUSHDEP_LINUX_SCHED_MM_H
#define FLUSHDEP_LINUX_SCHED_MM_H

#include <linux/gfp.h>
#include <linux/kernel.h>
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

/* faithful: the last drop is the caller's. */
#define mmput_async(mm) mmput(mm)

/* partial: allocations here do not reclaim, so that the flags change nothing. */
static inline unsigned int memalloc_nofs_save(void)
{
	return 0;
}

static inline void memalloc_nofs_restore(unsigned int flags)
{
	(void)flags;
}

#define memalloc_noio_save()		  memalloc_nofs_save()
#define memalloc_noio_restore(flags)	  memalloc_nofs_restore(flags)
#define memalloc_noreclaim_save()	  memalloc_nofs_save()
#define memalloc_noreclaim_restore(flags) memalloc_nofs_restore(flags)
#define memalloc_pin_save()		  memalloc_nofs_save()
#define memalloc_pin_restore(flags)	  memalloc_nofs_restore(flags)
#define current_gfp_context(flags)	  (flags)
#define fs_reclaim_acquire(gfp_mask)	  ((void)(gfp_mask))
#define fs_reclaim_release(gfp_mask)	  ((void)(gfp_mask))

/* faithful */
#define might_alloc(gfp_mask) might_sleep_if(gfpflags_allow_blocking(gfp_mask))

#endif
