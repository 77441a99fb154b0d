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

/* Of any integer or pointer; the value there before, without the object's qualifiers. */
#define FLUSHDEP_SHIM_ORDERED(ptr, op, order, operand, other)                             \
	((__typeof__(((void)0, *(ptr))))flushdep_shim_ordered(                            \
		(void *)(ptr), sizeof(*(ptr)), FLUSHDEP_SHIM_##op, FLUSHDEP_SHIM_##order, \
		(long long)(operand), (long long)(other)))

#endif
