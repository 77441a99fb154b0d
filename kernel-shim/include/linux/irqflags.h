/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/irqflags.h: interrupts of the task's CPU. */
#ifndef FLUSHDEP_LINUX_IRQFLAGS_H
#define FLUSHDEP_LINUX_IRQFLAGS_H

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/preempt.h>
#include <linux/types.h>

/* faithful: shootdowns and calls of other CPUs wait until they are on again. */
FLUSHDEP_CALL unsigned long __local_irq_save(void) FLUSHDEP_MACHINE(flushdep_irq_save);
FLUSHDEP_CALL void local_irq_restore(unsigned long flags) FLUSHDEP_MACHINE(flushdep_irq_restore);
bool irqs_disabled(void) FLUSHDEP_MACHINE(flushdep_irqs_off);
#define local_irq_save(flags)	     ((void)((flags) = __local_irq_save()))
#define local_irq_disable()	     ((void)__local_irq_save())
#define local_irq_enable()	     local_irq_restore(0)
#define local_save_flags(flags)	     ((void)((flags) = irqs_disabled()))
#define irqs_disabled_flags(flags)   ((flags) != 0)
#define raw_local_irq_save(flags)    local_irq_save(flags)
#define raw_local_irq_restore(flags) local_irq_restore(flags)
#define raw_local_irq_disable()	     local_irq_disable()
#define raw_local_irq_enable()	     local_irq_enable()
#define raw_irqs_disabled()	     irqs_disabled()

/* faithful */
DEFINE_LOCK_GUARD_0(irq, local_irq_disable(), local_irq_enable())
DEFINE_LOCK_GUARD_0(irqsave, local_irq_save(_T->flags), local_irq_restore(_T->flags),
		    unsigned long flags)

#endif
