/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/smp.h: which CPU this is. */
#ifndef FLUSHDEP_LINUX_SMP_H
#define FLUSHDEP_LINUX_SMP_H

#include <linux/cpumask.h>
#include <linux/preempt.h>
#include <linux/types.h>

/* faithful */
unsigned int flushdep_shim_cpu(void);
#define raw_smp_processor_id() flushdep_shim_cpu()
#define smp_processor_id()     flushdep_shim_cpu()
#define get_cpu()                   \
	({                          \
		preempt_disable();  \
		smp_processor_id(); \
	})
#define put_cpu() preempt_enable()

#endif
