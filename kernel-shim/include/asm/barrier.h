/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/barrier.h: memory barriers. */
#ifndef FLUSHDEP_ASM_BARRIER_H
#define FLUSHDEP_ASM_BARRIER_H

#include <asm/flushdep_order.h>
#include <asm/processor.h>
#include <linux/compiler.h>

/* faithful */
#define mb()                                          \
	do {                                          \
		__atomic_thread_fence(__ATOMIC_SEQ_CST); \
		flushdep_shim_barrier = true;         \
	} while (0)
#define rmb()			__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define wmb()			__atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_mb()		mb()
#define smp_rmb()		rmb()
#define smp_wmb()		wmb()
#define smp_mb__before_atomic()               \
	do {                                  \
		barrier();                    \
		flushdep_shim_barrier = true; \
	} while (0)
#define smp_mb__after_atomic()                                            \
	do {                                                              \
		barrier();                                                \
		flushdep_shim_acquire((const void *)flushdep_shim_relaxed); \
	} while (0)
#define smp_load_acquire(p)	FLUSHDEP_SHIM_ORDERED(p, READ, ACQUIRE, 0, 0)
#define smp_store_release(p, v) ((void)FLUSHDEP_SHIM_ORDERED(p, SET, RELEASE, v, 0))
#define smp_store_mb(var, value)                                     \
	do {                                                         \
		__atomic_store_n(&(var), (value), __ATOMIC_SEQ_CST); \
	} while (0)

#define smp_mb__after_spinlock()      smp_mb()
#define smp_acquire__after_ctrl_dep() smp_rmb()
#define virt_mb()		      mb()
#define virt_rmb()		      rmb()
#define virt_wmb()		      wmb()
#define dma_mb()		      mb()
#define dma_rmb()		      rmb()
#define dma_wmb()		      wmb()

/* faithful: waits until the condition, on VAL, holds. */
#define __flushdep_cond_load(load, ptr, cond_expr)  \
	({                                          \
		typeof(ptr) __cond_ptr = (ptr);     \
		typeof(((void)0, *__cond_ptr)) VAL; \
                                                    \
		for (;;) {                          \
			VAL = load;                 \
			if (cond_expr)              \
				break;              \
			cpu_relax();                \
		}                                   \
		VAL;                                \
	})
#define smp_cond_load_relaxed(ptr, cond_expr) \
	__flushdep_cond_load(READ_ONCE(*__cond_ptr), ptr, cond_expr)
#define smp_cond_load_acquire(ptr, cond_expr) \
	__flushdep_cond_load(smp_load_acquire(__cond_ptr), ptr, cond_expr)

#endif
