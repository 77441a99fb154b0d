// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/* mermap_counters.h: mm->mermap.cpu, a per-CPU pointer, or an array where there are none. */
#ifndef FLUSHDEP_TESTS_KERNEL_MERMAP_COUNTERS_H
#define FLUSHDEP_TESTS_KERNEL_MERMAP_COUNTERS_H

#include <linux/mermap.h>

#if __has_include(<linux/percpu.h>)
#include <linux/percpu.h>
#define mermap_cpu_of(mm, nr) per_cpu_ptr((mm)->mermap.cpu, nr)
#define alloc_mermap_cpus()   alloc_percpu(struct mermap_cpu)
#define free_mermap_cpus(ptr) free_percpu(ptr)
#else
#include <linux/slab.h>
#define mermap_cpu_of(mm, nr) (&(mm)->mermap.cpu[nr])
#define alloc_mermap_cpus() \
	((struct mermap_cpu *)kcalloc(NR_CPUS, sizeof(struct mermap_cpu), GFP_KERNEL))
#define free_mermap_cpus(ptr) kfree(ptr)
#endif

#endif
