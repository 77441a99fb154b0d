/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/iopoll.h: waiting for a value. */
#ifndef FLUSHDEP_LINUX_IOPOLL_H
#define FLUSHDEP_LINUX_IOPOLL_H

#include <asm/processor.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>

/* faithful: 0, or -ETIMEDOUT when `cond` still does not hold after `timeout_us`; 0 is for ever. */
#define __flushdep_poll(op, val, cond, wait, timeout_us, args...)                                 \
	({                                                                                        \
		ktime_t __poll_end = ktime_add_us(ktime_get(), (timeout_us));                     \
		bool __poll_late = false;                                                         \
                                                                                                  \
		for (;;) {                                                                        \
			(val) = op(args);                                                         \
			if ((cond) || __poll_late)                                                \
				break;                                                            \
			__poll_late = (timeout_us) && ktime_compare(ktime_get(), __poll_end) > 0; \
			if (!__poll_late)                                                         \
				wait;                                                             \
			cpu_relax();                                                              \
		}                                                                                 \
		(cond) ? 0 : -ETIMEDOUT;                                                          \
	})
#define read_poll_timeout(op, val, cond, sleep_us, timeout_us, sleep_before_read, args...)     \
	({                                                                                     \
		unsigned long __poll_sleep = (sleep_us);                                       \
                                                                                               \
		might_sleep_if(__poll_sleep);                                                  \
		if ((sleep_before_read) && __poll_sleep)                                       \
			usleep_range((__poll_sleep >> 2) + 1, __poll_sleep);                   \
		__flushdep_poll(op, val, cond,                                                 \
				(__poll_sleep                                                  \
					 ? usleep_range((__poll_sleep >> 2) + 1, __poll_sleep) \
					 : (void)0),                                           \
				timeout_us, args);                                             \
	})
#define read_poll_timeout_atomic(op, val, cond, delay_us, timeout_us, delay_before_read, args...) \
	({                                                                                        \
		unsigned long __poll_delay = (delay_us);                                          \
                                                                                                  \
		if ((delay_before_read) && __poll_delay)                                          \
			udelay(__poll_delay);                                                     \
		__flushdep_poll(op, val, cond, (__poll_delay ? udelay(__poll_delay) : (void)0),   \
				timeout_us, args);                                                \
	})
#define readx_poll_timeout(op, addr, val, cond, sleep_us, timeout_us) \
	read_poll_timeout(op, val, cond, sleep_us, timeout_us, false, addr)
#define readx_poll_timeout_atomic(op, addr, val, cond, delay_us, timeout_us) \
	read_poll_timeout_atomic(op, val, cond, delay_us, timeout_us, false, addr)

#endif
