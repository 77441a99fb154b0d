/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/div64.h: division in place. */
#ifndef FLUSHDEP_ASM_DIV64_H
#define FLUSHDEP_ASM_DIV64_H

#include <linux/types.h>

/* faithful: `n` becomes the quotient; the value is the remainder. */
#define do_div(n, base)                        \
	({                                     \
		u32 __base = (base);           \
		u32 __rem = (u64)(n) % __base; \
		(n) = (u64)(n) / __base;       \
		__rem;                         \
	})

#endif
