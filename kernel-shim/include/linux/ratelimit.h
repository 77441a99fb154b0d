/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/ratelimit.h: how often something is said. */
#ifndef FLUSHDEP_LINUX_RATELIMIT_H
#define FLUSHDEP_LINUX_RATELIMIT_H

#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* partial: nothing is held back. */
#define DEFAULT_RATELIMIT_INTERVAL (5 * 1000)
#define DEFAULT_RATELIMIT_BURST	   10
#define RATELIMIT_MSG_ON_RELEASE   1

struct ratelimit_state {
	int interval;
	int burst;
	unsigned long flags;
};

#define RATELIMIT_STATE_INIT(name, interval_init, burst_init) \
	{.interval = interval_init, .burst = burst_init}
#define DEFINE_RATELIMIT_STATE(name, interval_init, burst_init) \
	struct ratelimit_state name = RATELIMIT_STATE_INIT(name, interval_init, burst_init)

static inline void ratelimit_state_init(struct ratelimit_state *rs, int interval, int burst)
{
	rs->interval = interval;
	rs->burst = burst;
}

static inline void ratelimit_set_flags(struct ratelimit_state *rs, unsigned long flags)
{
	rs->flags = flags;
}

#define __ratelimit(state)		       ((void)(state), 1)
#define printk_ratelimit()		       1
#define WARN_ON_RATELIMIT(condition, state)    WARN_ON(condition)
#define WARN_RATELIMIT(condition, format, ...) WARN(condition, format, ##__VA_ARGS__)

#endif
