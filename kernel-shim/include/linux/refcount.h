/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/refcount.h: reference counts. */
#ifndef FLUSHDEP_LINUX_REFCOUNT_H
#define FLUSHDEP_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/bug.h>

/* partial: counts as the kernel's; warns instead of saturating. */
typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)                \
	{                               \
		.refs = ATOMIC_INIT(n), \
	}

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

static inline void refcount_inc(refcount_t *r)
{
	WARN_ONCE(atomic_fetch_add(1, &r->refs) <= 0, "refcount_t: addition on 0\n");
}

static inline bool __must_check refcount_inc_not_zero(refcount_t *r)
{
	return atomic_inc_not_zero(&r->refs);
}

static inline bool __must_check refcount_dec_and_test(refcount_t *r)
{
	int old = atomic_fetch_sub(1, &r->refs);

	WARN_ONCE(old <= 0, "refcount_t: underflow\n");
	return old == 1;
}

static inline void refcount_dec(refcount_t *r)
{
	WARN_ONCE(atomic_fetch_sub(1, &r->refs) <= 1, "refcount_t: decrement hit 0\n");
}

#endif
