/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/stop_machine.h: all CPUs do one thing, and nothing else. */
#ifndef FLUSHDEP_LINUX_STOP_MACHINE_H
#define FLUSHDEP_LINUX_STOP_MACHINE_H

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/smp.h>

/*
 * partial: every online CPU keeps interrupts off while the CPUs of the mask (null: one) call the
 * function, other ones' in interrupt context; threads there stop at their next call of the machine.
 * A flush of other CPUs in it never ends, as in the kernel. 0, or a result that is not 0.
 */
typedef int (*cpu_stop_fn_t)(void *arg);
FLUSHDEP_CALL int stop_machine(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus);
FLUSHDEP_CALL int stop_machine_cpuslocked(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus);

#endif
