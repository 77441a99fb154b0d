/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/hardirq.h: entering and leaving interrupts, which a program does itself. */
#ifndef FLUSHDEP_LINUX_HARDIRQ_H
#define FLUSHDEP_LINUX_HARDIRQ_H

#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>

/* faithful: interrupts are off from enter to exit. */
FLUSHDEP_CALL void irq_enter(void) FLUSHDEP_MACHINE(flushdep_hardirq_enter);
FLUSHDEP_CALL void irq_exit(void) FLUSHDEP_MACHINE(flushdep_hardirq_exit);
FLUSHDEP_CALL void nmi_enter(void) FLUSHDEP_MACHINE(flushdep_nmi_enter);
FLUSHDEP_CALL void nmi_exit(void) FLUSHDEP_MACHINE(flushdep_nmi_exit);
#define __irq_enter()	  irq_enter()
#define __irq_enter_raw() irq_enter()
#define __irq_exit()	  irq_exit()
#define __irq_exit_raw()  irq_exit()

/* faithful: waits for nothing, as no interrupt of a device ever runs. */
#define synchronize_hardirq(irq) ((void)(irq), true)
#define synchronize_irq(irq)	 ((void)(irq))

#endif
