/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/percpu.h: per-CPU memory by need. */
#ifndef FLUSHDEP_LINUX_PERCPU_H
#define FLUSHDEP_LINUX_PERCPU_H

#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/gfp_types.h>
#include <linux/percpu-defs.h>
#include <linux/smp.h>
#include <linux/types.h>

/* faithful: the limits of one allocation. */
#define PCPU_MIN_UNIT_SIZE  (32 << 10)
#define PCPU_MIN_ALLOC_SIZE 4

/* partial: zeroed on every possible CPU, whatever the flags; NULL once a CPU's 1 MiB is used up. */
void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp);
void __percpu *__alloc_percpu(size_t size, size_t align);
void free_percpu(void __percpu *pdata);
#define alloc_percpu_gfp(type, gfp) \
	((__typeof__(type) __percpu *)__alloc_percpu_gfp(sizeof(type), __alignof__(type), gfp))
#define alloc_percpu(type) \
	((__typeof__(type) __percpu *)__alloc_percpu(sizeof(type), __alignof__(type)))
#define alloc_percpu_noprof(type) alloc_percpu(type)

/* faithful: of a static variable's copies. */
bool is_kernel_percpu_address(unsigned long addr);

/* faithful */
DEFINE_FREE(free_percpu, void __percpu *, free_percpu(_T))

#endif
