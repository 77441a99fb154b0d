/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/hrtimer.h: timers in ns. */
#ifndef FLUSHDEP_LINUX_HRTIMER_H
#define FLUSHDEP_LINUX_HRTIMER_H

#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/timer.h>
#include <linux/types.h>

/* faithful */
#ifndef CLOCK_REALTIME
#define CLOCK_REALTIME	0
#define CLOCK_MONOTONIC 1
#define CLOCK_BOOTTIME	7
#endif

/* faithful */
enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0x00,
	HRTIMER_MODE_REL = 0x01,
	HRTIMER_MODE_PINNED = 0x02,
	HRTIMER_MODE_SOFT = 0x04,
	HRTIMER_MODE_HARD = 0x08,
	HRTIMER_MODE_ABS_PINNED = HRTIMER_MODE_ABS | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_REL_PINNED = HRTIMER_MODE_REL | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_ABS_SOFT = HRTIMER_MODE_ABS | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_SOFT = HRTIMER_MODE_REL | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_HARD = HRTIMER_MODE_ABS | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_HARD = HRTIMER_MODE_REL | HRTIMER_MODE_HARD,
};
enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,
};

/*
 * partial: fires at the next jiffy, in hardirq context inside a softirq (only softirq context with
 * HRTIMER_MODE_SOFT); every clock is the monotonic one.
 */
struct hrtimer {
	struct timer_list flushdep_timer;
	ktime_t flushdep_expires;
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	enum hrtimer_mode flushdep_mode;
};
void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		   int clock_id, enum hrtimer_mode mode);
#define hrtimer_init(timer, clock_id, mode) hrtimer_setup(timer, NULL, clock_id, mode)
FLUSHDEP_CALL void hrtimer_start(struct hrtimer *timer, ktime_t tim, const enum hrtimer_mode mode);
FLUSHDEP_CALL int hrtimer_cancel(struct hrtimer *timer);
FLUSHDEP_CALL int hrtimer_try_to_cancel(struct hrtimer *timer);
bool hrtimer_active(const struct hrtimer *timer);
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
#define hrtimer_start_range_ns(timer, tim, range, mode) \
	((void)(range), hrtimer_start(timer, tim, mode))
#define hrtimer_forward_now(timer, interval) hrtimer_forward(timer, ktime_get(), interval)
#define hrtimer_get_expires(timer)	     ((timer)->flushdep_expires)
#define hrtimer_set_expires(timer, time)     ((void)((timer)->flushdep_expires = (time)))
#define hrtimer_get_remaining(timer)	     ktime_sub(hrtimer_get_expires(timer), ktime_get())
#define hrtimer_cb_get_time(timer)	     ((void)(timer), ktime_get())
#define hrtimer_is_queued(timer)	     timer_pending(&(timer)->flushdep_timer)

static inline void hrtimer_restart(struct hrtimer *timer)
{
	hrtimer_start(timer, hrtimer_get_expires(timer), HRTIMER_MODE_ABS);
}

#endif
