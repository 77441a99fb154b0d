/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* irq_work.c: work for the next hard interrupt; the interrupts are interrupt.c's. */
#include <linux/cpumask.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "flushdep_sync.h"
#include "task.h"

_Static_assert(sizeof(struct shim_call) == sizeof(((struct irq_work *)0)->flushdep_call),
	       "a call of an interrupt lies in it");

static struct irq_work *work_of(struct shim_call *call)
{
	return container_of((void **)call, struct irq_work, flushdep_call[0]);
}

/* How often it is queued or runs. */
static void add_busy(struct irq_work *work, int nr)
{
	__atomic_add_fetch(&work->flushdep_busy, nr, __ATOMIC_SEQ_CST);
}

static void run(struct shim_call *call)
{
	struct irq_work *work = work_of(call);

	/* It may queue itself again. */
	__atomic_store_n(&work->flushdep_pending, 0, __ATOMIC_SEQ_CST);
	flushdep_sync_acquire(work);
	work->func(work);
	flushdep_sync_release(work);
}

static void finish(struct shim_call *call)
{
	add_busy(work_of(call), -1);
}

static bool queue(struct irq_work *work, unsigned int cpu)
{
	struct shim_call *call = (struct shim_call *)work->flushdep_call;

	if (__atomic_exchange_n(&work->flushdep_pending, 1, __ATOMIC_SEQ_CST))
		return false;
	add_busy(work, 1);
	call->fn = run;
	call->finish = finish;
	flushdep_sync_release(work);
	shim_raise_hardirq(cpu, call);
	return true;
}

bool irq_work_queue(struct irq_work *work)
{
	return queue(work, raw_smp_processor_id());
}

bool irq_work_queue_on(struct irq_work *work, int cpu)
{
	return queue(work, cpu);
}

void irq_work_sync(struct irq_work *work)
{
	might_sleep();
	while (__atomic_load_n(&work->flushdep_busy, __ATOMIC_SEQ_CST))
		cpu_relax();
	flushdep_sync_acquire(work);
}
