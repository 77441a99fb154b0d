/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/ktime.h: times in ns. */
#ifndef FLUSHDEP_LINUX_KTIME_H
#define FLUSHDEP_LINUX_KTIME_H

#include <linux/jiffies.h>
#include <linux/limits.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

/* faithful */
#define KTIME_MAX ((s64) ~((u64)1 << 63))
#define KTIME_MIN (-KTIME_MAX - 1)

static inline ktime_t ktime_set(const s64 secs, const unsigned long nsecs)
{
	return secs >= KTIME_MAX / NSEC_PER_SEC ? KTIME_MAX : secs * NSEC_PER_SEC + (s64)nsecs;
}

static inline int ktime_compare(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1 < cmp2 ? -1 : cmp1 > cmp2;
}

static inline bool ktime_after(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1 > cmp2;
}

static inline bool ktime_before(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1 < cmp2;
}

#define ktime_add(lhs, rhs)	       ((lhs) + (rhs))
#define ktime_sub(lhs, rhs)	       ((lhs) - (rhs))
#define ktime_add_ns(kt, nsval)	       ((kt) + (nsval))
#define ktime_sub_ns(kt, nsval)	       ((kt) - (nsval))
#define ktime_add_us(kt, usec)	       ((kt) + (usec)*NSEC_PER_USEC)
#define ktime_add_ms(kt, msec)	       ((kt) + (msec)*NSEC_PER_MSEC)
#define ktime_to_ns(kt)		       (kt)
#define ktime_to_us(kt)		       ((s64)(kt) / NSEC_PER_USEC)
#define ktime_to_ms(kt)		       ((s64)(kt) / NSEC_PER_MSEC)
#define ktime_us_delta(later, earlier) ktime_to_us(ktime_sub(later, earlier))
#define ktime_ms_delta(later, earlier) ktime_to_ms(ktime_sub(later, earlier))
#define ns_to_ktime(ns)		       ((ktime_t)(ns))
#define us_to_ktime(us)		       ((ktime_t)(us)*NSEC_PER_USEC)
#define ms_to_ktime(ms)		       ((ktime_t)(ms)*NSEC_PER_MSEC)
#define ktime_to_timespec64(kt)	       ns_to_timespec64(kt)
#define timespec64_to_ktime(ts)	       ktime_set((ts).tv_sec, (ts).tv_nsec)

#endif
