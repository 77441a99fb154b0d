/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * kthread.c: kernel threads, and sleeping. Each is a thread of the machine that starts
 * when it is first woken.
 */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "flushdep_sync.h"
#include "host.h"
#include "task.h"

/* Of a thread that was created: being started by its first waker, running, or stopped before. */
enum { NEW, STARTING, STARTED, STOPPED };

struct flushdep_shim_kthread {
	struct task_struct task;
	int (*fn)(void *data);
	void *data;
	flushdep_thread thread;
	unsigned int cpu;
	int woken; /* NEW, ... */
	int should_stop;
	int should_park;
	unsigned int parks, told; /* asked for; those whose asker knows that it is parked */
	struct completion parked;
	int result;
};

static void oops_in_kthread(void *catch_)
{
	shim_note_problem();
	shim_host_throw(catch_);
}

static void go_to(struct flushdep_shim_kthread *k, unsigned int cpu)
{
	int err;

	if (cpu == SHIM_ANY_CPU)
		return;
	/* Busy: the thread there has preemption off. */
	while ((err = flushdep_cpu_migrate(cpu)) == -EBUSY)
		shim_host_yield();
	if (err)
		pr_err("kthread %s: CPU %u is not there\n", k->task.comm, cpu);
}

/* Who wants it elsewhere sees that it runs, or is seen here. */
static void enter_machine(struct flushdep_shim_kthread *k)
{
	unsigned int cpu;

	__atomic_store_n(&k->task.flushdep_thread, flushdep_thread_current(), __ATOMIC_SEQ_CST);
	do {
		cpu = __atomic_load_n(&k->cpu, __ATOMIC_SEQ_CST);
		go_to(k, cpu);
	} while (__atomic_load_n(&k->cpu, __ATOMIC_SEQ_CST) != cpu);
}

bool shim_starts_on(struct task_struct *task, unsigned int cpu)
{
	if (task->kthread)
		__atomic_store_n(&task->kthread->cpu, cpu, __ATOMIC_SEQ_CST);
	return !__atomic_load_n(&task->flushdep_thread, __ATOMIC_SEQ_CST);
}

static bool should_park(struct flushdep_shim_kthread *k)
{
	return __atomic_load_n(&k->should_park, __ATOMIC_SEQ_CST);
}

static void park(struct flushdep_shim_kthread *k)
{
	for (;;) {
		unsigned int parks;

		set_current_state(TASK_PARKED);
		if (!should_park(k))
			break;
		/* Unparked and parked again before it could leave: that asker waits, too. */
		parks = __atomic_load_n(&k->parks, __ATOMIC_SEQ_CST);
		if (k->told != parks) {
			k->told = parks;
			complete(&k->parked);
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static void run_body(void *arg)
{
	struct flushdep_shim_kthread *k = arg;

	if (should_park(k))
		park(k);
	k->result = k->fn(k->data);
}

static void leave_contexts(void)
{
	flushdep_sync_unwind();
	while (flushdep_context_depth(FLUSHDEP_SHIM_CTX_HARDIRQ) > 0)
		flushdep_hardirq_exit();
	while (flushdep_context_depth(FLUSHDEP_SHIM_CTX_SOFTIRQ) > 0)
		flushdep_softirq_exit();
	while (flushdep_preempt_count() > 0)
		flushdep_preempt_enable();
	while (flushdep_migrate_count() > 0)
		flushdep_migrate_enable();
}

bool shim_call_caught(void (*fn)(void *arg), void *arg)
{
	struct shim_catch here, *outer = shim_catch_here;
	bool left;

	if (!shim_case_running) {
		fn(arg);
		return false;
	}
	shim_catch_here = &here;
	flushdep_oops_set_handler(oops_in_kthread, &here);
	left = shim_host_catch(&here, fn, arg);
	shim_catch_here = outer;
	flushdep_oops_set_handler(outer ? oops_in_kthread : NULL, outer);
	if (left)
		leave_contexts();
	return left;
}

/* Within a KUnit case an oops ends the thread, and fails the case; else the program. */
static void run_caught(struct flushdep_shim_kthread *k)
{
	struct shim_catch here;

	shim_catch_here = &here;
	flushdep_oops_set_handler(oops_in_kthread, &here);
	if (shim_host_catch(&here, run_body, k))
		k->result = -EFAULT;
	flushdep_oops_set_handler(NULL, NULL);
	shim_catch_here = NULL;
}

static void run_kthread(void *arg)
{
	struct flushdep_shim_kthread *k = arg;

	shim_set_current(&k->task);
	k->task.pid = k->task.tgid = shim_next_pid();
	enter_machine(k);
	if (shim_case_running)
		run_caught(k);
	else
		run_body(k);
}

static struct task_struct *create(int (*fn)(void *data), void *data)
{
	struct flushdep_shim_kthread *k = kzalloc(sizeof(*k), GFP_KERNEL);

	if (!k)
		return ERR_PTR(-ENOMEM);
	k->result = -EINTR;
	k->fn = fn;
	k->data = data;
	k->cpu = SHIM_ANY_CPU;
	init_completion(&k->parked);
	k->task.nr_cpus_allowed = nr_cpu_ids;
	k->task.flags = PF_KTHREAD;
	k->task.kthread = k;
	atomic_set(&k->task.usage, 1);
	return &k->task;
}

static void prepare(struct flushdep_shim_kthread *k)
{
	flushdep_thread_prepare(&k->thread, k->task.comm, run_kthread, k);
	k->thread.kernel = 1;
}

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char namefmt[],
				   ...)
{
	struct task_struct *task = create(threadfn, data);
	va_list args;

	if (IS_ERR(task))
		return task;
	va_start(args, namefmt);
	vsnprintf(task->comm, sizeof(task->comm), namefmt, args);
	va_end(args);
	prepare(task->kthread);
	return task;
}

struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
					  const char *namefmt)
{
	struct task_struct *task = create(threadfn, data);

	if (IS_ERR(task))
		return task;
	scnprintf(task->comm, sizeof(task->comm), "%s/%u", namefmt, cpu);
	kthread_bind(task, cpu);
	prepare(task->kthread);
	return task;
}

void kthread_bind(struct task_struct *task, unsigned int cpu)
{
	task->kthread->cpu = cpu;
	task->flags |= PF_NO_SETAFFINITY;
	task->nr_cpus_allowed = 1;
}

void kthread_bind_mask(struct task_struct *task, const struct cpumask *mask)
{
	kthread_bind(task, cpumask_first(mask));
}

void kthread_set_per_cpu(struct task_struct *task, int cpu)
{
	if (cpu >= 0)
		kthread_bind(task, cpu);
}

/* The first of a waker and a stopper decides whether it ever runs. */
static bool first_to_wake(struct flushdep_shim_kthread *k, int how)
{
	int woken = NEW;

	return __atomic_compare_exchange_n(&k->woken, &woken, how, 0, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

static bool woken_is(struct flushdep_shim_kthread *k, int how)
{
	return __atomic_load_n(&k->woken, __ATOMIC_SEQ_CST) == how;
}

int wake_up_process(struct task_struct *task)
{
	struct flushdep_shim_kthread *k = task->kthread;
	unsigned int before;

	if (k && first_to_wake(k, STARTING)) {
		if (flushdep_thread_start(&k->thread))
			flushdep_fatal("the host cannot start another thread for a kthread");
		__atomic_store_n(&k->woken, STARTED, __ATOMIC_SEQ_CST);
		return 1;
	}
	flushdep_sync_release(task);
	before = __atomic_exchange_n(&task->__state, TASK_RUNNING, __ATOMIC_SEQ_CST);
	flushdep_unpark(&task->__state, 1);
	return before != TASK_RUNNING;
}

int wake_up_state(struct task_struct *task, unsigned int state)
{
	struct flushdep_shim_kthread *k = task->kthread;
	/* A new one waits for its first wake-up. */
	unsigned int before =
		k && woken_is(k, NEW) ? TASK_UNINTERRUPTIBLE : READ_ONCE(task->__state);

	return before & state ? wake_up_process(task) : 0;
}

void schedule(void)
{
	struct task_struct *task = current;
	unsigned int state = READ_ONCE(task->__state);

	if (state == TASK_RUNNING)
		shim_host_yield();
	while ((state = READ_ONCE(task->__state)) != TASK_RUNNING)
		flushdep_park(&task->__state, state);
	/* What its wakers did comes before this. */
	flushdep_sync_acquire(task);
}

void yield(void)
{
	shim_host_yield();
}

int cond_resched(void)
{
	return flushdep_cond_resched();
}

void cpu_relax(void)
{
	if (!shim_take_interrupts())
		shim_host_yield();
}

void shim_park_until(u32 *word, u32 value, u64 deadline)
{
	struct shim_alarm alarm = {.word = word, .deadline = deadline};

	if (!shim_host_alarm_set(&alarm))
		flushdep_fatal("the host has no thread for timers");
	if (shim_host_now() < deadline)
		flushdep_park(word, value);
	shim_host_alarm_cancel(&alarm);
}

signed long schedule_timeout(signed long timeout)
{
	struct task_struct *task = current;
	u64 start, deadline, now;
	u32 state;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	start = shim_host_now();
	deadline = shim_after_ticks(start, timeout > 0 ? timeout : 0);
	while ((state = READ_ONCE(task->__state)) != TASK_RUNNING && shim_host_now() < deadline)
		shim_park_until(&task->__state, state, deadline);
	WRITE_ONCE(task->__state, TASK_RUNNING);
	flushdep_sync_acquire(task);
	now = shim_host_now();
	return now >= deadline ? 0 : timeout - (long)((now - start) / TICK_NSEC);
}

void put_task_struct(struct task_struct *task)
{
	if (atomic_dec_and_test(&task->usage) && task->kthread)
		kfree(task->kthread);
}

bool kthread_should_stop(void)
{
	struct flushdep_shim_kthread *k = current->kthread;

	return k && __atomic_load_n(&k->should_stop, __ATOMIC_ACQUIRE);
}

bool kthread_should_park(void)
{
	struct flushdep_shim_kthread *k = current->kthread;

	return k && should_park(k);
}

void kthread_parkme(void)
{
	if (!WARN_ON(!current->kthread))
		park(current->kthread);
}

int kthread_park(struct task_struct *task)
{
	struct flushdep_shim_kthread *k = task->kthread;

	if (WARN_ON(!k || woken_is(k, STOPPED)))
		return -ENOSYS;
	if (should_park(k))
		return -EBUSY;
	if (task == current) {
		k->told = __atomic_add_fetch(&k->parks, 1, __ATOMIC_SEQ_CST);
		__atomic_store_n(&k->should_park, 1, __ATOMIC_SEQ_CST);
		return 0;
	}
	__atomic_add_fetch(&k->parks, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&k->should_park, 1, __ATOMIC_SEQ_CST);
	wake_up_process(task);
	wait_for_completion(&k->parked);
	return 0;
}

void kthread_unpark(struct task_struct *task)
{
	if (__atomic_exchange_n(&task->kthread->should_park, 0, __ATOMIC_SEQ_CST))
		wake_up_process(task);
}

int kthread_stop(struct task_struct *task)
{
	struct flushdep_shim_kthread *k = task->kthread;
	int result;

	__atomic_store_n(&k->should_stop, 1, __ATOMIC_RELEASE);
	if (should_park(k))
		kthread_unpark(task);
	/* Unlike the kernel's, one that was woken before it was stopped always runs. */
	if (!first_to_wake(k, STOPPED)) {
		while (woken_is(k, STARTING))
			shim_host_yield();
		wake_up_process(task);
		flushdep_thread_join(&k->thread);
	}
	result = k->result;
	put_task_struct(task);
	return result;
}

int kthread_stop_put(struct task_struct *task)
{
	int result = kthread_stop(task);

	put_task_struct(task);
	return result;
}
