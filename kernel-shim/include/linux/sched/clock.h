/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sched/clock.h: the clock of the scheduler. */
#ifndef FLUSHDEP_LINUX_SCHED_CLOCK_H
#define FLUSHDEP_LINUX_SCHED_CLOCK_H

#include <linux/ktime.h>
#include <linux/timekeeping.h>

/* partial: the host's clock, one for all CPUs. */
#define cpu_clock(cpu) ((void)(cpu), (u64)ktime_get_ns())

#endif
