/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/preempt.h: preemption, migration, and what kind of context this is. */
#ifndef FLUSHDEP_LINUX_PREEMPT_H
#define FLUSHDEP_LINUX_PREEMPT_H

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* faithful: nest, and forbid a move to another CPU. */
FLUSHDEP_CALL void preempt_disable(void);
FLUSHDEP_CALL void preempt_enable(void);
#define preempt_enable_no_resched()	    preempt_enable()
#define preempt_disable_notrace()	    preempt_disable()
#define preempt_enable_notrace()	    preempt_enable()
#define preempt_enable_no_resched_notrace() preempt_enable()
FLUSHDEP_CALL void migrate_disable(void);
FLUSHDEP_CALL void migrate_enable(void);

/* faithful: the count's parts: preemption off, softirqs off or in one, in a hard interrupt, in an
 * NMI. */
#define PREEMPT_BITS	       8
#define SOFTIRQ_BITS	       8
#define HARDIRQ_BITS	       4
#define NMI_BITS	       4
#define PREEMPT_SHIFT	       0
#define SOFTIRQ_SHIFT	       (PREEMPT_SHIFT + PREEMPT_BITS)
#define HARDIRQ_SHIFT	       (SOFTIRQ_SHIFT + SOFTIRQ_BITS)
#define NMI_SHIFT	       (HARDIRQ_SHIFT + HARDIRQ_BITS)
#define PREEMPT_OFFSET	       (1UL << PREEMPT_SHIFT)
#define SOFTIRQ_OFFSET	       (1UL << SOFTIRQ_SHIFT)
#define HARDIRQ_OFFSET	       (1UL << HARDIRQ_SHIFT)
#define NMI_OFFSET	       (1UL << NMI_SHIFT)
#define SOFTIRQ_DISABLE_OFFSET (2 * SOFTIRQ_OFFSET)
#define PREEMPT_MASK	       (((1UL << PREEMPT_BITS) - 1) << PREEMPT_SHIFT)
#define SOFTIRQ_MASK	       (((1UL << SOFTIRQ_BITS) - 1) << SOFTIRQ_SHIFT)
#define HARDIRQ_MASK	       (((1UL << HARDIRQ_BITS) - 1) << HARDIRQ_SHIFT)
#define NMI_MASK	       (((1UL << NMI_BITS) - 1) << NMI_SHIFT)
#define PREEMPT_DISABLE_OFFSET PREEMPT_OFFSET
int preempt_count(void);
#define hardirq_count() (preempt_count() & HARDIRQ_MASK)
#define softirq_count() (preempt_count() & SOFTIRQ_MASK)
#define nmi_count()	(preempt_count() & NMI_MASK)
#define irq_count()	(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK))

/* faithful: as the kernel derives them from the count; softirqs off are in_softirq(), too. */
bool in_task(void) FLUSHDEP_MACHINE(flushdep_in_task);
#define in_interrupt()	     (irq_count())
#define in_hardirq()	     (hardirq_count())
#define in_irq()	     (hardirq_count())
#define in_softirq()	     (softirq_count())
#define in_serving_softirq() (softirq_count() & SOFTIRQ_OFFSET)
#define in_nmi()	     (nmi_count())
#define in_atomic()	     (preempt_count() != 0)
bool flushdep_shim_preemptible(void);
#define preemptible() flushdep_shim_preemptible()

/* faithful */
DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(preempt_notrace, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(migrate, migrate_disable(), migrate_enable())

#endif
