/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/smp.h: which CPU this is, and calls on other CPUs. */
#ifndef FLUSHDEP_LINUX_SMP_H
#define FLUSHDEP_LINUX_SMP_H

#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/preempt.h>
#include <linux/types.h>

/* faithful */
unsigned int flushdep_shim_cpu(void);
#define raw_smp_processor_id() flushdep_shim_cpu()
#define __smp_processor_id()   flushdep_shim_cpu()

/* partial: does not say if the caller may be moved meanwhile; this_cpu_ptr() does. */
#define smp_processor_id() flushdep_shim_cpu()

/* faithful */
#define get_cpu()                   \
	({                          \
		preempt_disable();  \
		smp_processor_id(); \
	})
#define put_cpu() preempt_enable()

/* faithful */
typedef void (*smp_call_func_t)(void *info);
typedef bool (*smp_cond_func_t)(int cpu, void *info);
struct __call_single_data {
	smp_call_func_t func;
	void *info;
	unsigned int flushdep_busy;
};
typedef struct __call_single_data call_single_data_t;
#define CSD_INIT(_func, _info)                   \
	{                                        \
		.func = (_func), .info = (_info) \
	}
#define INIT_CSD(_csd, _func, _info) \
	((void)(*(_csd) = (call_single_data_t)CSD_INIT((_func), (_info))))

/*
 * partial: in hardirq context on the target CPU, but in a thread of its own, so that current is not
 * the task that was interrupted; a target in code of its own with preemption off is only
 * interrupted where it waits (cpu_relax(), a call like these) or turns preemption on.
 */
FLUSHDEP_CALL int smp_call_function_single(int cpuid, smp_call_func_t func, void *info, int wait);
FLUSHDEP_CALL int smp_call_function_single_async(int cpu, call_single_data_t *csd);
FLUSHDEP_CALL void smp_call_function(smp_call_func_t func, void *info, int wait);
FLUSHDEP_CALL void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func,
					  void *info, bool wait);
FLUSHDEP_CALL int smp_call_function_any(const struct cpumask *mask, smp_call_func_t func,
					void *info, int wait);
FLUSHDEP_CALL void on_each_cpu_cond_mask(smp_cond_func_t cond_func, smp_call_func_t func,
					 void *info, bool wait, const struct cpumask *mask);
FLUSHDEP_CALL void kick_all_cpus_sync(void);
#define on_each_cpu(func, info, wait)		 on_each_cpu_cond_mask(NULL, func, info, wait, cpu_online_mask)
#define on_each_cpu_mask(mask, func, info, wait) on_each_cpu_cond_mask(NULL, func, info, wait, mask)
#define on_each_cpu_cond(cond_func, func, info, wait) \
	on_each_cpu_cond_mask(cond_func, func, info, wait, cpu_online_mask)

#endif
