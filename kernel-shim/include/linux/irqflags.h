/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/irqflags.h: interrupts of the task's CPU. */
#ifndef FLUSHDEP_LINUX_IRQFLAGS_H
#define FLUSHDEP_LINUX_IRQFLAGS_H

#include <linux/compiler.h>
#include <linux/preempt.h>
#include <linux/types.h>

/* faithful: shootdowns wait until they are on again. */
FLUSHDEP_CALL unsigned long __local_irq_save(void) FLUSHDEP_MACHINE(flushdep_irq_save);
FLUSHDEP_CALL void local_irq_restore(unsigned long flags) FLUSHDEP_MACHINE(flushdep_irq_restore);
bool irqs_disabled(void) FLUSHDEP_MACHINE(flushdep_irqs_off);
#define local_irq_save(flags) ((void)((flags) = __local_irq_save()))
#define local_irq_disable()   ((void)__local_irq_save())
#define local_irq_enable()    local_irq_restore(0)

#endif
