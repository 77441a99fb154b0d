/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/reciprocal_div.h: divisions by a constant of the run. */
#ifndef FLUSHDEP_LINUX_RECIPROCAL_DIV_H
#define FLUSHDEP_LINUX_RECIPROCAL_DIV_H

#include <linux/math.h>
#include <linux/types.h>

/* faithful: the quotient is right; only `m` is used, and is the divisor. */
struct reciprocal_value {
	u32 m;
	u8 sh1, sh2;
};

struct reciprocal_value reciprocal_value(u32 d);

static inline u32 reciprocal_divide(u32 a, struct reciprocal_value R)
{
	return a / R.m;
}

#endif
