/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * interrupt.c: interrupts of simulated CPUs. The machine raises none, so each CPU has a kernel
 * thread, bound to it and started when first needed, that stands in for whatever would have been
 * interrupted: it enters hardirq or softirq context and does what was asked. A thread that keeps
 * its CPU while it waits (cpu_relax(), smp_call_function()) does it itself, as it would on
 * hardware.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/smp.h>

#include "flushdep_sync.h"
#include "host.h"
#include "task.h"

struct queue {
	struct shim_call *first;
	struct shim_call **last;
};

struct irq_cpu {
	int lock;
	u32 word; /* changes with every request */
	int started;
	struct queue hard;
	struct queue soft;
};

static struct irq_cpu irq_cpus[NR_CPUS];

static void enqueue(struct queue *queue, struct shim_call *call)
{
	call->next = NULL;
	if (!queue->first)
		queue->last = &queue->first;
	*queue->last = call;
	queue->last = &call->next;
}

static struct shim_call *dequeue(struct irq_cpu *cpu, struct queue *queue)
{
	struct shim_call *call;

	shim_raw_lock(&cpu->lock);
	call = queue->first;
	if (call)
		queue->first = call->next;
	shim_raw_unlock(&cpu->lock);
	return call;
}

static void run_call(void *arg)
{
	struct shim_call *call = arg;

	call->fn(call);
}

/*
 * The context comes first, as it keeps the CPU: who took a call off the queue and then lost the CPU
 * to a thread that waits for that call would never get it back.
 */
static bool run_queue(struct irq_cpu *cpu, struct queue *queue, void (*enter)(void),
		      void (*exit)(void))
{
	struct shim_call *call;
	bool any = false, left;

	while (__atomic_load_n(&queue->first, __ATOMIC_RELAXED)) {
		enter();
		left = false;
		call = dequeue(cpu, queue);
		if (call) {
			left = shim_call_caught(run_call, call);
			call->finish(call);
			any = true;
		}
		/* An oops ended the context, too. */
		if (!left)
			exit();
	}
	return any;
}

static bool run_hard(struct irq_cpu *cpu)
{
	return run_queue(cpu, &cpu->hard, flushdep_hardirq_enter, flushdep_hardirq_exit);
}

static void run_soft(struct irq_cpu *cpu)
{
	run_queue(cpu, &cpu->soft, flushdep_softirq_enter, flushdep_softirq_exit);
}

static int stand_in(void *data)
{
	struct irq_cpu *cpu = data;

	for (;;) {
		u32 word = __atomic_load_n(&cpu->word, __ATOMIC_ACQUIRE);
		u64 next;

		run_hard(cpu);
		run_soft(cpu);
		next = shim_run_timers(cpu - irq_cpus);
		if (next == U64_MAX)
			flushdep_park(&cpu->word, word);
		else
			shim_park_until(&cpu->word, word, next);
	}
	return 0;
}

static void kick(unsigned int n)
{
	struct irq_cpu *cpu = &irq_cpus[n];
	struct task_struct *task;

	__atomic_fetch_add(&cpu->word, 1, __ATOMIC_RELEASE);
	if (__atomic_load_n(&cpu->started, __ATOMIC_ACQUIRE) ||
	    __atomic_exchange_n(&cpu->started, 1, __ATOMIC_ACQ_REL)) {
		flushdep_unpark(&cpu->word, 1);
		return;
	}
	task = kthread_create_on_cpu(stand_in, cpu, n, "irq");
	if (IS_ERR(task))
		flushdep_fatal("no memory for the thread that stands in for interrupts");
	wake_up_process(task);
}

static void raise(unsigned int n, struct queue *queue, struct shim_call *call)
{
	shim_raw_lock(&irq_cpus[n].lock);
	enqueue(queue, call);
	shim_raw_unlock(&irq_cpus[n].lock);
	kick(n);
}

void shim_raise_hardirq(unsigned int cpu, struct shim_call *call)
{
	raise(cpu, &irq_cpus[cpu].hard, call);
}

void shim_raise_softirq(unsigned int cpu, struct shim_call *call)
{
	raise(cpu, &irq_cpus[cpu].soft, call);
}

void shim_kick_timers(unsigned int cpu)
{
	kick(cpu);
}

static struct irq_cpu *this_cpu(void)
{
	return &irq_cpus[flushdep_cpu_current()];
}

bool shim_take_interrupts(void)
{
	int preempt = flushdep_preempt_count();
	bool any;

	if (flushdep_irqs_off() || !__atomic_load_n(&this_cpu()->hard.first, __ATOMIC_RELAXED))
		return false;
	flushdep_preempt_disable();
	any = run_hard(this_cpu());
	/* An oops leaves nothing to enable. */
	if (flushdep_preempt_count() > preempt)
		flushdep_preempt_enable();
	return any;
}

/* --- Tasklets -------------------------------------------------------------------- */

/* TASKLET_STATE_*, and: kept back by tasklet_disable(). */
enum { SCHEDULED = 1, RUNNING = 2, HELD = 4 };

_Static_assert(sizeof(struct shim_call) == sizeof(((struct tasklet_struct *)0)->flushdep_call),
	       "struct tasklet_struct has room for a call");

static struct tasklet_struct *tasklet_of(struct shim_call *call)
{
	return container_of((void *)call, struct tasklet_struct, flushdep_call);
}

static unsigned long change(struct tasklet_struct *t, unsigned long clear, unsigned long set)
{
	unsigned long old = READ_ONCE(t->state);

	while (!__atomic_compare_exchange_n(&t->state, &old, (old & ~clear) | set, 0,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	return old;
}

/* What the calling thread runs: one that was held is no longer its own. */
static __thread struct tasklet_struct *running_here;

/* RUNNING first, which tasklet_disable() waits for behind its count; false if that came first. */
static bool start_tasklet(struct tasklet_struct *t)
{
	for (;;) {
		change(t, 0, RUNNING);
		if (!atomic_read(&t->count)) {
			change(t, SCHEDULED, 0);
			return true;
		}
		change(t, RUNNING, HELD);
		/* Enabled meanwhile by one who saw nothing held, it is still ours to run. */
		if (atomic_read(&t->count) || !(change(t, HELD, 0) & HELD))
			return false;
	}
}

static void tasklet_call(struct shim_call *call)
{
	struct tasklet_struct *t = tasklet_of(call);

	if (!start_tasklet(t))
		return;
	running_here = t;
	flushdep_sync_acquire(t);
	if (t->use_callback)
		t->callback(t);
	else
		t->func(t->data);
	flushdep_sync_release(&t->state);
}

static void tasklet_finish(struct shim_call *call);

static void raise_tasklet(struct tasklet_struct *t)
{
	struct shim_call *call = (struct shim_call *)t->flushdep_call;

	call->fn = tasklet_call;
	call->finish = tasklet_finish;
	shim_raise_softirq(flushdep_cpu_current(), call);
}

static void tasklet_finish(struct shim_call *call)
{
	struct tasklet_struct *t = tasklet_of(call);
	unsigned long old;

	if (running_here != t)
		return;
	running_here = NULL;
	old = change(t, RUNNING, 0);
	/* Scheduled again while it ran: it never runs twice at once. */
	if ((old & (RUNNING | SCHEDULED)) == (RUNNING | SCHEDULED))
		raise_tasklet(t);
}

void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long data), unsigned long data)
{
	*t = (struct tasklet_struct){.func = func, .data = data};
	flushdep_sync_reset(t);
	flushdep_sync_reset(&t->state);
}

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *t))
{
	tasklet_init(t, NULL, 0);
	t->callback = callback;
	t->use_callback = true;
}

void tasklet_schedule(struct tasklet_struct *t)
{
	unsigned long old;

	flushdep_sync_release(t);
	old = change(t, 0, SCHEDULED);
	if (!(old & (SCHEDULED | RUNNING)))
		raise_tasklet(t);
}

void tasklet_enable(struct tasklet_struct *t)
{
	flushdep_sync_release(t);
	if (!atomic_dec_and_test(&t->count))
		return;
	if (change(t, HELD, 0) & HELD)
		raise_tasklet(t);
}

/* Waits for a run that is under way. */
void tasklet_unlock_wait(struct tasklet_struct *t)
{
	while (READ_ONCE(t->state) & RUNNING)
		cpu_relax();
	flushdep_sync_acquire(&t->state);
}

void tasklet_kill(struct tasklet_struct *t)
{
	while (READ_ONCE(t->state) & (SCHEDULED | RUNNING))
		cond_resched();
	flushdep_sync_acquire(&t->state);
}
