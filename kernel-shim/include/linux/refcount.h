/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/refcount.h: reference counts. */
#ifndef FLUSHDEP_LINUX_REFCOUNT_H
#define FLUSHDEP_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/limits.h>

/* partial: saturates as the kernel's; warnings have no backtrace. */
typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)                \
	{                               \
		.refs = ATOMIC_INIT(n), \
	}
#define REFCOUNT_MAX	   INT_MAX
#define REFCOUNT_SATURATED (INT_MIN / 2)

/* The shim's own: a count that went wrong stays where it is. */
#define flushdep_shim_refcount_wrong(r, wrong, what)                \
	do {                                                        \
		if (unlikely(wrong)) {                              \
			atomic_set(&(r)->refs, REFCOUNT_SATURATED); \
			WARN_ONCE(1, "refcount_t: " what ".\n");    \
		}                                                   \
	} while (0)

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
	int old = atomic_fetch_add_relaxed(1, &r->refs);

	flushdep_shim_refcount_wrong(r, old == 0, "addition on 0; use-after-free");
	flushdep_shim_refcount_wrong(r, old < 0 || old == INT_MAX, "saturated; leaking memory");
}

static inline bool __must_check refcount_inc_not_zero(refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (!old)
			return false;
	} while (!atomic_try_cmpxchg_relaxed(&r->refs, &old, (int)(old + 1u)));
	flushdep_shim_refcount_wrong(r, old < 0 || old == INT_MAX, "saturated; leaking memory");
	return true;
}

/* The last drop comes after all others. */
static inline bool __must_check refcount_dec_and_test(refcount_t *r)
{
	int old = atomic_fetch_sub_release(1, &r->refs);

	flushdep_shim_refcount_wrong(r, old <= 0, "underflow; use-after-free");
	if (old == 1)
		(void)atomic_read_acquire(&r->refs);
	return old == 1;
}

static inline void refcount_dec(refcount_t *r)
{
	int old = atomic_fetch_sub_release(1, &r->refs);

	flushdep_shim_refcount_wrong(r, old <= 1, "decrement hit 0; leaking memory");
}

#endif
