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
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/refcount.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>

struct kunit;

/* faithful */
#define PF_KTHREAD	     0x00200000
#define PF_EXITING	     0x00000004
#define PF_WQ_WORKER	     0x00000020
#define PF_NO_SETAFFINITY    0x04000000
#define TASK_COMM_LEN	     16
#define TASK_RUNNING	     0x00000000
#define TASK_INTERRUPTIBLE   0x00000001
#define TASK_UNINTERRUPTIBLE 0x00000002
#define TASK_IDLE	     TASK_UNINTERRUPTIBLE
#define TASK_WAKEKILL	     0x00000100
#define TASK_KILLABLE	     (TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_PARKED	     0x00000040
#define TASK_DEAD	     0x00000080
#define TASK_NEW	     0x00000800
#define TASK_FREEZABLE	     0x00002000
#define TASK_NORMAL	     (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define MAX_SCHEDULE_TIMEOUT LONG_MAX

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
	int nr_cpus_allowed;
	unsigned int flushdep_thread; /* the machine's number; 0: has not begun to run */
};

/* faithful: sleeps until woken unless the task's state is TASK_RUNNING. */
void schedule(void);
int wake_up_process(struct task_struct *p);
#define set_current_state(state)   __atomic_store_n(&current->__state, (state), __ATOMIC_SEQ_CST)
#define __set_current_state(state) WRITE_ONCE(current->__state, (state))
#define get_current_state()	   READ_ONCE(current->__state)

/* faithful: the time is the host's; in the state that was set before, but for the last two. */
signed long schedule_timeout(signed long timeout);
#define schedule_timeout_interruptible(timeout)          \
	({                                               \
		signed long __timeout = (timeout);       \
		__set_current_state(TASK_INTERRUPTIBLE); \
		schedule_timeout(__timeout);             \
	})
#define schedule_timeout_uninterruptible(timeout)          \
	({                                                 \
		signed long __timeout = (timeout);         \
		__set_current_state(TASK_UNINTERRUPTIBLE); \
		schedule_timeout(__timeout);               \
	})
#define schedule_timeout_killable(timeout) schedule_timeout_uninterruptible(timeout)
#define schedule_timeout_idle(timeout)	   schedule_timeout_uninterruptible(timeout)
int wake_up_state(struct task_struct *p, unsigned int state);

/* faithful: the next thread that waits for this CPU runs; in atomic context a report. */
FLUSHDEP_CALL int cond_resched(void);

/* partial: yields to the host. */
#define need_resched() false
void yield(void);

/*
 * partial: the task goes to the first CPU of the mask unless it is on one of them, and stays on that
 * one until the next call; a mask of all CPUs changes nothing. Returns when the task is there: waits
 * while another one may not be moved (migrate_disable(), preemption off). -EBUSY if the caller
 * itself may not. Another one in code that calls nothing goes on in that meanwhile.
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

#include <linux/sched/signal.h>

/* faithful: of the calling task. */
#define task_cpu(p)		((void)(p), raw_smp_processor_id())
#define task_tgid_nr(p)		((p)->tgid)
#define get_task_comm(buf, tsk) strscpy(buf, (tsk)->comm)
#define cond_resched_lock(lock) ((void)(lock), 0)

/* empty: the host schedules. */
#define set_user_nice(p, nice)	    ((void)(p), (void)(nice))
#define sched_set_fifo(p)	    ((void)(p))
#define sched_set_fifo_low(p)	    ((void)(p))
#define sched_set_normal(p, nice)   ((void)(p), (void)(nice))
#define io_schedule()		    schedule()
#define cond_resched_rcu()	    cond_resched()
#define cond_resched_tasks_rcu_qs() cond_resched()

#endif
