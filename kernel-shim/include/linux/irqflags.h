/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/irqflags.h: interrupts, which the machine does not have yet. */
#ifndef FLUSHDEP_LINUX_IRQFLAGS_H
#define FLUSHDEP_LINUX_IRQFLAGS_H

#include <linux/preempt.h>

/* partial: forbids preemption and migration, as with IRQs off; flushes from within are not refused.
 */
#define local_irq_disable() preempt_disable()
#define local_irq_enable()  preempt_enable()
#define local_irq_save(flags)      \
	do {                       \
		(flags) = 0;       \
		preempt_disable(); \
	} while (0)
#define local_irq_restore(flags)  \
	do {                      \
		(void)(flags);    \
		preempt_enable(); \
	} while (0)

#endif
