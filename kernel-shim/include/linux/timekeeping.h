/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/timekeeping.h: what time it is. */
#ifndef FLUSHDEP_LINUX_TIMEKEEPING_H
#define FLUSHDEP_LINUX_TIMEKEEPING_H

#include <linux/time64.h>
#include <linux/types.h>

/* partial: the host's clocks; the monotonic ones start with the program. */
ktime_t ktime_get(void);
ktime_t ktime_get_real(void);
#define ktime_get_ts64(ts)	 ((void)(*(ts) = ns_to_timespec64(ktime_get())))
#define ktime_get_ns()		 ((u64)ktime_get())
#define ktime_get_raw()		 ktime_get()
#define ktime_get_raw_ns()	 ktime_get_ns()
#define ktime_get_boottime()	 ktime_get()
#define ktime_get_boottime_ns()	 ktime_get_ns()
#define ktime_get_mono_fast_ns() ktime_get_ns()
#define ktime_get_real_ns()	 ((u64)ktime_get_real())
#define ktime_get_seconds()	 ((time64_t)(ktime_get() / NSEC_PER_SEC))
#define ktime_get_real_seconds() ((time64_t)(ktime_get_real() / NSEC_PER_SEC))
#define ktime_get_coarse()	 ktime_get()
#define local_clock()		 ktime_get_ns()
#define sched_clock()		 ((unsigned long long)ktime_get_ns())

#endif
