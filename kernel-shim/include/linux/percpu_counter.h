/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/percpu_counter.h: counters for many CPUs. */
#ifndef FLUSHDEP_LINUX_PERCPU_COUNTER_H
#define FLUSHDEP_LINUX_PERCPU_COUNTER_H

#include <linux/atomic.h>
#include <linux/gfp_types.h>
#include <linux/percpu.h>
#include <linux/types.h>

/* partial: one counter, always exact. */
struct percpu_counter {
	atomic64_t count;
};

#define percpu_counter_batch 32

static inline int percpu_counter_init(struct percpu_counter *fbc, s64 amount, gfp_t gfp)
{
	(void)gfp;
	atomic64_set(&fbc->count, amount);
	return 0;
}

static inline void percpu_counter_destroy(struct percpu_counter *fbc)
{
	(void)fbc;
}

static inline bool percpu_counter_initialized(struct percpu_counter *fbc)
{
	return fbc;
}

static inline void percpu_counter_set(struct percpu_counter *fbc, s64 amount)
{
	atomic64_set(&fbc->count, amount);
}

static inline void percpu_counter_add_batch(struct percpu_counter *fbc, s64 amount, s32 batch)
{
	(void)batch;
	atomic64_add(amount, &fbc->count);
}

static inline void percpu_counter_add(struct percpu_counter *fbc, s64 amount)
{
	atomic64_add(amount, &fbc->count);
}

static inline void percpu_counter_add_local(struct percpu_counter *fbc, s64 amount)
{
	atomic64_add(amount, &fbc->count);
}

static inline void percpu_counter_sub(struct percpu_counter *fbc, s64 amount)
{
	atomic64_sub(amount, &fbc->count);
}

static inline void percpu_counter_inc(struct percpu_counter *fbc)
{
	atomic64_inc(&fbc->count);
}

static inline void percpu_counter_dec(struct percpu_counter *fbc)
{
	atomic64_dec(&fbc->count);
}

static inline s64 percpu_counter_read(struct percpu_counter *fbc)
{
	return atomic64_read(&fbc->count);
}

static inline s64 percpu_counter_sum(struct percpu_counter *fbc)
{
	return atomic64_read(&fbc->count);
}

static inline s64 percpu_counter_read_positive(struct percpu_counter *fbc)
{
	s64 count = percpu_counter_read(fbc);

	return count < 0 ? 0 : count;
}

static inline s64 percpu_counter_sum_positive(struct percpu_counter *fbc)
{
	return percpu_counter_read_positive(fbc);
}

/* -1, 0 or 1, as the count is below, at or above `rhs`. */
static inline int percpu_counter_compare(struct percpu_counter *fbc, s64 rhs)
{
	s64 count = percpu_counter_read(fbc);

	return (count > rhs) - (count < rhs);
}

#endif
