/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/sched.h: tasks.
 *
 * Every thread of a program starts in the program's first mm, so that
 * current->mm is not NULL, main() and KUnit cases included. Threads made by
 * kthread_run() are kernel threads: theirs is NULL until kthread_use_mm().
 */
#ifndef FLUSHDEP_LINUX_SCHED_H
#define FLUSHDEP_LINUX_SCHED_H

#include <asm/current.h>
#include <asm/processor.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/refcount.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct kunit;

/* faithful */
#define PF_KTHREAD	     0x00200000
#define PF_EXITING	     0x00000004
#define TASK_COMM_LEN	     16
#define TASK_RUNNING	     0x00000000
#define TASK_INTERRUPTIBLE   0x00000001
#define TASK_UNINTERRUPTIBLE 0x00000002
#define TASK_IDLE	     TASK_UNINTERRUPTIBLE

/* partial: what tests and drivers read of a task. */
struct task_struct {
	unsigned int __state;
	unsigned int flags;
	struct mm_struct *mm;
	struct mm_struct *active_mm;
	pid_t pid;
	pid_t tgid;
	char comm[TASK_COMM_LEN];
	struct kunit *kunit_test;
	atomic_t usage;
	struct flushdep_shim_kthread *kthread;
	struct mm_struct *flushdep_used_mm;
};

/* faithful: sleeps until woken unless the task's state is TASK_RUNNING. */
void schedule(void);
int wake_up_process(struct task_struct *p);
#define set_current_state(state)   __atomic_store_n(&current->__state, (state), __ATOMIC_SEQ_CST)
#define __set_current_state(state) WRITE_ONCE(current->__state, (state))
#define get_current_state()	   READ_ONCE(current->__state)

/* partial: yields to the host. */
int cond_resched(void);
#define need_resched() false
void yield(void);

/*
 * partial: the calling task only, which moves at once to the first CPU of the mask (and stays if it
 * is on one of them); -EBUSY if another thread runs there.
 */
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *mask);

/* faithful */
static inline pid_t task_pid_nr(struct task_struct *task)
{
	return task->pid;
}

static inline struct task_struct *get_task_struct(struct task_struct *task)
{
	atomic_inc(&task->usage);
	return task;
}

void put_task_struct(struct task_struct *task);

#endif
