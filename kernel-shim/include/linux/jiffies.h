/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/jiffies.h: time in ticks. */
#ifndef FLUSHDEP_LINUX_JIFFIES_H
#define FLUSHDEP_LINUX_JIFFIES_H

#include <asm/param.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/time64.h>
#include <linux/types.h>

/* partial: the host's time, from five minutes before a wrap of 32 bits on; not a variable. */
u64 get_jiffies_64(void);
#define jiffies		 ((unsigned long)get_jiffies_64())
#define jiffies_64	 get_jiffies_64()
#define INITIAL_JIFFIES	 ((unsigned long)(unsigned int)(-300 * HZ))
#define MAX_JIFFY_OFFSET ((LONG_MAX >> 1) - 1)
#define TICK_NSEC	 (NSEC_PER_SEC / HZ)

/* faithful: also across a wrap. */
#define time_after(a, b)	     ((long)((unsigned long)(b) - (unsigned long)(a)) < 0)
#define time_before(a, b)	     time_after(b, a)
#define time_after_eq(a, b)	     ((long)((unsigned long)(a) - (unsigned long)(b)) >= 0)
#define time_before_eq(a, b)	     time_after_eq(b, a)
#define time_in_range(a, b, c)	     (time_after_eq(a, b) && time_before_eq(a, c))
#define time_is_before_jiffies(a)    time_after(jiffies, a)
#define time_is_after_jiffies(a)     time_before(jiffies, a)
#define time_after64(a, b)	     ((s64)((u64)(b) - (u64)(a)) < 0)
#define time_before64(a, b)	     time_after64(b, a)
#define time_is_before_eq_jiffies(a) time_after_eq(jiffies, a)
#define time_is_after_eq_jiffies(a)  time_before_eq(jiffies, a)

/* faithful: times round up. */
static inline unsigned long msecs_to_jiffies(const unsigned int m)
{
	return (int)m < 0 ? MAX_JIFFY_OFFSET : DIV_ROUND_UP((unsigned long)m * HZ, MSEC_PER_SEC);
}

static inline unsigned long usecs_to_jiffies(const unsigned int u)
{
	return DIV_ROUND_UP((unsigned long)u * HZ, USEC_PER_SEC);
}

static inline unsigned long nsecs_to_jiffies(u64 n)
{
	return n / TICK_NSEC;
}

static inline unsigned int jiffies_to_msecs(const unsigned long j)
{
	return j * (MSEC_PER_SEC / HZ);
}

static inline unsigned int jiffies_to_usecs(const unsigned long j)
{
	return j * (USEC_PER_SEC / HZ);
}

static inline u64 jiffies_to_nsecs(const unsigned long j)
{
	return (u64)j * TICK_NSEC;
}

#define secs_to_jiffies(_secs)	  ((unsigned long)(_secs)*HZ)
#define round_jiffies(j)	  (j)
#define round_jiffies_relative(j) (j)
#define round_jiffies_up(j)	  (j)

#endif
