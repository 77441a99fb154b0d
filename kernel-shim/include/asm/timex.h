/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/timex.h: the counter of cycles. */
#ifndef FLUSHDEP_ASM_TIMEX_H
#define FLUSHDEP_ASM_TIMEX_H

#include <linux/ktime.h>

/* partial: counts nanoseconds, see ktime_get(). */
typedef unsigned long long cycles_t;

static inline cycles_t get_cycles(void)
{
	return ktime_get_ns();
}

#endif
