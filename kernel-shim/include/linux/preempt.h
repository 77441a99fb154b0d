/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/preempt.h: preemption and migration. */
#ifndef FLUSHDEP_LINUX_PREEMPT_H
#define FLUSHDEP_LINUX_PREEMPT_H

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* faithful: nest, and forbid a move to another CPU. */
FLUSHDEP_CALL void preempt_disable(void);
FLUSHDEP_CALL void preempt_enable(void);
#define preempt_enable_no_resched() preempt_enable()
#define preempt_disable_notrace()   preempt_disable()
#define preempt_enable_notrace()    preempt_enable()
FLUSHDEP_CALL void migrate_disable(void);
FLUSHDEP_CALL void migrate_enable(void);
int preempt_count(void);
#define preemptible() (preempt_count() == 0)
#define in_atomic()   (preempt_count() != 0)

/* faithful: RCU callbacks run in softirq. */
bool in_task(void) FLUSHDEP_MACHINE(flushdep_in_task);
#define in_interrupt() (!in_task())

/* partial: which kind of interrupt it is nobody can ask yet. */
#define in_hardirq() 0
#define in_softirq() 0
#define in_nmi()     0

/* faithful */
DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(migrate, migrate_disable(), migrate_enable())

#endif
