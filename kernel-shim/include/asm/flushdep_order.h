/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/flushdep_order.h: the shim's own: atomics that the machine does, as they order something. */
#ifndef FLUSHDEP_ASM_FLUSHDEP_ORDER_H
#define FLUSHDEP_ASM_FLUSHDEP_ORDER_H

#include <linux/compiler_attributes.h>
#include <linux/types.h>

/* As enum flushdep_atomic_op and enum flushdep_atomic_order of flushdep_sync.h; src/lock.c asserts.
 */
#define FLUSHDEP_SHIM_READ	 0
#define FLUSHDEP_SHIM_SET	 1
#define FLUSHDEP_SHIM_ADD	 2
#define FLUSHDEP_SHIM_OR	 3
#define FLUSHDEP_SHIM_AND	 4
#define FLUSHDEP_SHIM_XCHG	 5
#define FLUSHDEP_SHIM_CMPXCHG	 6
#define FLUSHDEP_SHIM_ADD_UNLESS 7
#define FLUSHDEP_SHIM_ACQUIRE	 1
#define FLUSHDEP_SHIM_RELEASE	 2
#define FLUSHDEP_SHIM_FULL	 3

FLUSHDEP_CALL long long flushdep_shim_ordered(void *object, unsigned int bytes, unsigned int op,
					      unsigned int order, long long operand,
					      long long other)
	FLUSHDEP_MACHINE(flushdep_atomic_ordered);

/*
 * A relaxed one beside smp_mb__before_atomic() or smp_mb__after_atomic(), which the checker must see
 * as ordered: that before makes the next one so, that after makes the one before it so.
 */
FLUSHDEP_CALL void flushdep_shim_acquire(const void *object) FLUSHDEP_MACHINE(flushdep_sync_acquire);
extern __thread bool flushdep_shim_barrier __attribute__((visibility("hidden")));
extern __thread const volatile void *flushdep_shim_relaxed __attribute__((visibility("hidden")));

#define FLUSHDEP_SHIM_RELAXED(ptr, builtin, op, operand)                                 \
	do {                                                                             \
		flushdep_shim_relaxed = (ptr);                                           \
		if (__builtin_expect(flushdep_shim_barrier, 0)) {                        \
			flushdep_shim_barrier = false;                                   \
			(void)FLUSHDEP_SHIM_ORDERED(ptr, op, FULL, operand, 0);          \
		} else {                                                                 \
			builtin(ptr, operand, __ATOMIC_RELAXED);                         \
		}                                                                        \
	} while (0)

/* Of any integer or pointer; the value there before, without the object's qualifiers. */
#define FLUSHDEP_SHIM_ORDERED(ptr, op, order, operand, other)                             \
	((__typeof__(((void)0, *(ptr))))flushdep_shim_ordered(                            \
		(void *)(ptr), sizeof(*(ptr)), FLUSHDEP_SHIM_##op, FLUSHDEP_SHIM_##order, \
		(long long)(operand), (long long)(other)))

#endif
