/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/time.h: times of day, and of the machine. */
#ifndef FLUSHDEP_LINUX_TIME_H
#define FLUSHDEP_LINUX_TIME_H

#include <linux/ktime.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

/* faithful: the calendar, of seconds since 1970. */
struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;
	long tm_year;
	int tm_wday;
	int tm_yday;
};

void time64_to_tm(time64_t totalsecs, int offset, struct tm *result);

#endif
