/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/bit_spinlock.h: locks that are one bit. */
#ifndef FLUSHDEP_LINUX_BIT_SPINLOCK_H
#define FLUSHDEP_LINUX_BIT_SPINLOCK_H

#include <asm/processor.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/preempt.h>

/* partial: ordered, but without a class: no mistake in their use is found. */
static __always_inline int bit_spin_trylock(int bitnum, unsigned long *addr)
{
	preempt_disable();
	if (!test_and_set_bit_lock(bitnum, addr))
		return 1;
	preempt_enable();
	return 0;
}

static __always_inline void bit_spin_lock(int bitnum, unsigned long *addr)
{
	while (!bit_spin_trylock(bitnum, addr))
		cpu_relax();
}

static __always_inline void bit_spin_unlock(int bitnum, unsigned long *addr)
{
	BUG_ON(!test_bit(bitnum, addr));
	clear_bit_unlock(bitnum, addr);
	preempt_enable();
}

#define __bit_spin_unlock(bitnum, addr) bit_spin_unlock(bitnum, addr)

static inline int bit_spin_is_locked(int bitnum, unsigned long *addr)
{
	return test_bit(bitnum, addr);
}

#endif
