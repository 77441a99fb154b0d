/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/log2.h: logarithms to base two. */
#ifndef FLUSHDEP_LINUX_LOG2_H
#define FLUSHDEP_LINUX_LOG2_H

#include <linux/bitops.h>

/* faithful: folded by the compiler when the argument is constant. */
#define ilog2(n)	 (63 - __builtin_clzll((unsigned long long)(n)))
#define is_power_of_2(n) ((n) != 0 && (((n) & ((n) - 1)) == 0))

static __always_inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return n <= 1 ? 1 : 1UL << fls_long(n - 1);
}

static __always_inline unsigned long rounddown_pow_of_two(unsigned long n)
{
	return 1UL << (fls_long(n) - 1);
}

static __always_inline int order_base_2(unsigned long n)
{
	return n > 1 ? (int)fls_long(n - 1) : 0;
}

#endif
