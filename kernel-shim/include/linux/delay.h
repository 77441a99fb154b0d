/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/delay.h: waiting for a time; on this machine nothing takes any. */
#ifndef FLUSHDEP_LINUX_DELAY_H
#define FLUSHDEP_LINUX_DELAY_H

#include <linux/sched.h>

/* partial: lets other threads run and returns; time is not simulated. */
#define msleep(ms)          \
	do {                \
		(void)(ms); \
		yield();    \
	} while (0)
#define usleep_range(min, max) \
	do {                   \
		(void)(min);   \
		(void)(max);   \
		yield();       \
	} while (0)
#define udelay(us) msleep(us)
#define mdelay(ms) msleep(ms)
#define ndelay(ns) msleep(ns)

#endif
