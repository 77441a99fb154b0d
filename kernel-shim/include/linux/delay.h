/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/delay.h: waiting for a time. */
#ifndef FLUSHDEP_LINUX_DELAY_H
#define FLUSHDEP_LINUX_DELAY_H

#include <linux/jiffies.h>
#include <linux/sched.h>

/* partial: the time is the host's. */
FLUSHDEP_CALL void msleep(unsigned int msecs);
FLUSHDEP_CALL unsigned long msleep_interruptible(unsigned int msecs);
FLUSHDEP_CALL void usleep_range_state(unsigned long min, unsigned long max, unsigned int state);
#define usleep_range(min, max) usleep_range_state(min, max, TASK_UNINTERRUPTIBLE)
#define fsleep(usecs)	       usleep_range(usecs, 2 * (usecs))
#define ssleep(seconds)	       msleep((seconds)*1000)

/* partial: at least that long, and others run meanwhile. */
void ndelay(unsigned long nsecs);
#define udelay(usecs) ndelay((usecs)*1000ul)
#define mdelay(msecs) ndelay((msecs)*1000000ul)

#endif
