/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* hrtimer.c: timers in ns, on those of timer.c. */
#include <linux/hrtimer.h>
#include <linux/overflow.h>

#include "flushdep.h"

static unsigned long jiffy_of(ktime_t time)
{
	return INITIAL_JIFFIES + (time > 0 ? DIV_ROUND_UP((u64)time, TICK_NSEC) : 0);
}

static void expire(struct timer_list *base)
{
	struct hrtimer *timer = from_timer(timer, base, flushdep_timer);
	bool hard = !(timer->flushdep_mode & HRTIMER_MODE_SOFT);
	enum hrtimer_restart again;

	if (hard)
		flushdep_hardirq_enter();
	again = timer->function(timer);
	if (hard)
		flushdep_hardirq_exit();
	/* One that does not restart may be freed by now. */
	if (again == HRTIMER_RESTART)
		mod_timer(base, jiffy_of(timer->flushdep_expires));
}

void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		   int clock_id, enum hrtimer_mode mode)
{
	*timer = (struct hrtimer){.function = function, .flushdep_mode = mode};
	timer_setup(&timer->flushdep_timer, expire, 0);
}

void hrtimer_start(struct hrtimer *timer, ktime_t tim, const enum hrtimer_mode mode)
{
	/* A time that is too far is the last one there is. */
	if (mode & HRTIMER_MODE_REL && check_add_overflow(tim, ktime_get(), &tim))
		tim = KTIME_MAX;
	timer->flushdep_expires = tim;
	mod_timer(&timer->flushdep_timer, jiffy_of(tim));
}

int hrtimer_cancel(struct hrtimer *timer)
{
	return timer_delete_sync(&timer->flushdep_timer);
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	return try_to_del_timer_sync(&timer->flushdep_timer);
}

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	u64 overruns;

	if (now < timer->flushdep_expires)
		return 0;
	if (interval < TICK_NSEC)
		interval = TICK_NSEC;
	overruns = (now - timer->flushdep_expires) / interval + 1;
	timer->flushdep_expires += overruns * interval;
	return overruns;
}
