/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/irq_work.h: something to do in the next hard interrupt. */
#ifndef FLUSHDEP_LINUX_IRQ_WORK_H
#define FLUSHDEP_LINUX_IRQ_WORK_H

#include <linux/llist.h>
#include <linux/types.h>

/*
 * faithful: in a hard interrupt, soon, on the CPU of who queued it or the one named; ordered behind
 * the queueing, and before the return of irq_work_sync(). False: it is queued already.
 */
struct irq_work {
	void (*func)(struct irq_work *work);
	/* private: */
	void *flushdep_call[3];
	int flushdep_pending;
	int flushdep_busy;
};
#define IRQ_WORK_INIT(_func)	     ((struct irq_work){.func = (_func)})
#define IRQ_WORK_INIT_HARD(_func)    IRQ_WORK_INIT(_func)
#define IRQ_WORK_INIT_LAZY(_func)    IRQ_WORK_INIT(_func)
#define DEFINE_IRQ_WORK(name, _func) struct irq_work name = IRQ_WORK_INIT(_func)

static inline void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *work))
{
	*work = IRQ_WORK_INIT(func);
}

FLUSHDEP_CALL bool irq_work_queue(struct irq_work *work);
FLUSHDEP_CALL bool irq_work_queue_on(struct irq_work *work, int cpu);
FLUSHDEP_CALL void irq_work_sync(struct irq_work *work);

static inline bool irq_work_is_pending(struct irq_work *work)
{
	return READ_ONCE(work->flushdep_pending);
}

static inline bool irq_work_is_busy(struct irq_work *work)
{
	return READ_ONCE(work->flushdep_busy);
}

#endif
