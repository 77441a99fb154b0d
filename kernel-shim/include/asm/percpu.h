/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/percpu.h: where a CPU's copy of a per-CPU variable is. */
#ifndef FLUSHDEP_ASM_PERCPU_H
#define FLUSHDEP_ASM_PERCPU_H

#include <linux/compiler.h>
#include <linux/threads.h>
#include <linux/types.h>

/*
 * partial: a variable in the program is the template, which nobody uses once the copies are made,
 * before main(); a plain access to it does not trap as on x86, but finds only the initial value.
 */
extern unsigned long __per_cpu_offset[NR_CPUS];
#define per_cpu_offset(cpu) (__per_cpu_offset[cpu])

/* The offset of this CPU; the first says so, if the caller may be moved to another one. */
FLUSHDEP_CALL unsigned long flushdep_shim_my_cpu_offset(const char *file, int line,
							const char *function);
unsigned long flushdep_shim_raw_cpu_offset(void);
#define __my_cpu_offset flushdep_shim_raw_cpu_offset()
#define my_cpu_offset	flushdep_shim_my_cpu_offset(__FILE__, __LINE__, __func__)

#endif
