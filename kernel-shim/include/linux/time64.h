/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/time64.h: seconds and nanoseconds. */
#ifndef FLUSHDEP_LINUX_TIME64_H
#define FLUSHDEP_LINUX_TIME64_H

#include <linux/ktime.h>
#include <linux/math64.h>

/* faithful */
struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};

static inline s64 timespec64_to_ns(const struct timespec64 *ts)
{
	return ktime_set(ts->tv_sec, ts->tv_nsec);
}

static inline struct timespec64 ns_to_timespec64(s64 ns)
{
	struct timespec64 ts = {.tv_sec = ns / NSEC_PER_SEC, .tv_nsec = ns % NSEC_PER_SEC};

	if (ts.tv_nsec < 0) {
		ts.tv_sec--;
		ts.tv_nsec += NSEC_PER_SEC;
	}
	return ts;
}

static inline struct timespec64 timespec64_sub(struct timespec64 later, struct timespec64 earlier)
{
	return ns_to_timespec64(timespec64_to_ns(&later) - timespec64_to_ns(&earlier));
}

#define ktime_to_timespec64(kt) ns_to_timespec64(kt)

/* partial: see ktime_get(). */
static inline void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get());
}

#endif
