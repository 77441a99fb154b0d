/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sched/signal.h: limits of the current process; there are no signals. */
#ifndef FLUSHDEP_LINUX_SCHED_SIGNAL_H
#define FLUSHDEP_LINUX_SCHED_SIGNAL_H

#include <linux/resource.h>
#include <linux/sched.h>

/* partial: nobody sets a limit: 8 MiB may be locked, all else is without one. */
static inline unsigned long rlimit(unsigned int limit)
{
	return limit == RLIMIT_MEMLOCK ? 8UL << 20 : RLIM_INFINITY;
}

/* empty: nobody sends signals. */
#define signal_pending(p)	       ((void)(p), 0)
#define fatal_signal_pending(p)	       ((void)(p), 0)
#define signal_pending_state(state, p) ((void)(state), (void)(p), 0)

#endif
