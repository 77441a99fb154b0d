/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* task.c: the running task and address spaces. */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "flushdep.h"
#include "host.h"
#include "task.h"

/* The kernel's own address space: no CPU loads it, its flushes are the kernel range's. */
struct mm_struct init_mm = {
	.mm_count = ATOMIC_INIT(1),
	.mm_users = ATOMIC_INIT(2),
};

/* The shim's own business: told to nobody, and taken in any context. */
static int mm_lock;
static struct mm_struct *all_mms;

static void lock_mms(void)
{
	while (__atomic_exchange_n(&mm_lock, 1, __ATOMIC_ACQUIRE))
		shim_host_yield();
}

static void unlock_mms(void)
{
	__atomic_store_n(&mm_lock, 0, __ATOMIC_RELEASE);
}

/* A program's own mermap, or ours if the program uses that; else null. */
extern void mermap_mm_init(struct mm_struct *mm) __attribute__((weak));
extern void mermap_mm_teardown(struct mm_struct *mm) __attribute__((weak));

/* Null in a program without areas of user memory. */
extern void shim_exit_mmap(struct mm_struct *mm) __attribute__((weak));

static struct mm_struct *new_mm(struct flushdep_mm *backing)
{
	struct mm_struct *mm = kzalloc(sizeof(*mm), GFP_KERNEL);

	if (!mm)
		return NULL;
	atomic_set(&mm->mm_count, 1);
	atomic_set(&mm->mm_users, 1);
	mm->context.ctx_id = flushdep_mm_id(backing);
	atomic64_set(&mm->context.tlb_gen, 1);
	mm->flushdep = backing;
	mm->flushdep_next = all_mms;
	all_mms = mm;
	return mm;
}

struct mm_struct *shim_mm_of(struct flushdep_mm *backing)
{
	struct mm_struct *mm;
	bool is_new = false;

	if (!backing)
		return NULL;
	lock_mms();
	for (mm = all_mms; mm; mm = mm->flushdep_next)
		if (mm->flushdep == backing)
			break;
	if (!mm) {
		mm = new_mm(backing);
		is_new = mm;
	}
	unlock_mms();
	/* May look for the current mm in turn. */
	if (is_new && mermap_mm_init)
		mermap_mm_init(mm);
	return mm;
}

struct mm_struct *mm_alloc(void)
{
	struct flushdep_mm *backing = flushdep_mm_create();

	return backing ? shim_mm_of(backing) : NULL;
}

static void forget_mm(struct mm_struct *mm)
{
	struct mm_struct **link = &all_mms;

	lock_mms();
	while (*link && *link != mm)
		link = &(*link)->flushdep_next;
	if (*link)
		*link = mm->flushdep_next;
	unlock_mms();
}

void mmdrop(struct mm_struct *mm)
{
	if (!atomic_dec_and_test(&mm->mm_count))
		return;
	forget_mm(mm);
	kfree(mm);
}

void mmput(struct mm_struct *mm)
{
	struct flushdep_mm *backing = mm->flushdep;

	if (!atomic_dec_and_test(&mm->mm_users))
		return;
	if (shim_exit_mmap)
		shim_exit_mmap(mm);
	if (mermap_mm_teardown)
		mermap_mm_teardown(mm);
	/* The machine may give the next mm the same address. */
	WRITE_ONCE(mm->flushdep, NULL);
	flushdep_mm_put(backing);
	mmdrop(mm);
}

struct mm_struct *get_task_mm(struct task_struct *task)
{
	struct mm_struct *mm = task->flags & PF_KTHREAD ? NULL : task->mm;

	if (mm)
		mmget(mm);
	return mm;
}

/* --- The running task ------------------------------------------------------- */

static __thread struct task_struct *current_task;
static __thread struct task_struct own_task;

pid_t shim_next_pid(void)
{
	return shim_host_tid();
}

void shim_set_current(struct task_struct *task)
{
	current_task = task;
}

struct task_struct *get_current(void)
{
	struct task_struct *task = current_task;

	if (task)
		return task;
	task = &own_task;
	task->mm = shim_mm_of(flushdep_mm_current());
	task->active_mm = task->mm;
	task->pid = task->tgid = shim_next_pid();
	task->flushdep_thread = flushdep_thread_current();
	atomic_set(&task->usage, 1);
	task->nr_cpus_allowed = nr_cpu_ids;
	strscpy(task->comm, "main");
	current_task = task;
	return task;
}

void kthread_use_mm(struct mm_struct *mm)
{
	struct task_struct *task = current;

	WARN_ON_ONCE(task->flushdep_used_mm);
	mmgrab(mm);
	task->flushdep_used_mm = task->mm ?: &init_mm;
	task->mm = mm;
	task->active_mm = mm;
	flushdep_mm_switch(mm->flushdep);
}

void kthread_unuse_mm(struct mm_struct *mm)
{
	struct task_struct *task = current;
	struct mm_struct *before = task->flushdep_used_mm;

	if (WARN_ON_ONCE(!before || task->mm != mm))
		return;
	task->flushdep_used_mm = NULL;
	task->mm = before == &init_mm ? NULL : before;
	task->active_mm = task->mm;
	flushdep_mm_switch(task->mm ? task->mm->flushdep : NULL);
	mmdrop(mm);
}

/* Where a mask lets a task go that is on CPU `here`, or on none yet. */
static unsigned int choose_cpu(int here, const struct cpumask *mask)
{
	if (here >= 0 && cpumask_test_cpu(here, mask))
		return here;
	return cpumask_first_and(mask, cpu_online_mask);
}

static int move_current(const struct cpumask *mask)
{
	unsigned int here = flushdep_cpu_current();
	unsigned int cpu = choose_cpu(here, mask);
	int err;

	/* Busy: the thread there has preemption off. */
	while ((err = flushdep_cpu_migrate(cpu)) == -EBUSY)
		shim_host_yield();
	if (err == -EPERM)
		return cpu == here ? 0 : -EBUSY;
	return err;
}

static int move_other(struct task_struct *task, const struct cpumask *mask)
{
	unsigned int thread = task->flushdep_thread;
	int err, here;

	do {
		here = flushdep_thread_cpu(thread);
		err = here < 0 ? here : flushdep_thread_migrate(thread, choose_cpu(here, mask));
		/* It may have to get this CPU first. */
		if (err == -EBUSY) {
			cond_resched();
			shim_host_yield();
		}
	} while (err == -EBUSY);
	/* No more there: it runs nowhere. */
	return err == -ESRCH ? 0 : err;
}

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *mask)
{
	bool anywhere = cpumask_subset(cpu_possible_mask, mask);
	int err = 0;

	if (!cpumask_intersects(mask, cpu_online_mask))
		return -EINVAL;
	if (p == current)
		err = anywhere ? 0 : move_current(mask);
	else if (!shim_starts_on(p, anywhere ? SHIM_ANY_CPU : choose_cpu(-1, mask)) && !anywhere)
		err = move_other(p, mask);
	if (!err)
		p->nr_cpus_allowed = cpumask_weight(mask);
	return err;
}

void shim_raw_lock(int *lock)
{
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		shim_host_yield();
}

void shim_raw_unlock(int *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}
