/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/refcount.h: reference counts. */
#ifndef FLUSHDEP_LINUX_REFCOUNT_H
#define FLUSHDEP_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

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

static inline void refcount_add(int i, refcount_t *r)
{
	int old = atomic_fetch_add_relaxed(i, &r->refs);

	flushdep_shim_refcount_wrong(r, old == 0, "addition on 0; use-after-free");
	flushdep_shim_refcount_wrong(r, old < 0 || old > INT_MAX - i, "saturated; leaking memory");
}

static inline bool __must_check refcount_add_not_zero(int i, refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (!old)
			return false;
	} while (!atomic_try_cmpxchg_relaxed(&r->refs, &old, (int)((unsigned int)old + i)));
	flushdep_shim_refcount_wrong(r, old < 0 || old > INT_MAX - i, "saturated; leaking memory");
	return true;
}

static inline bool __must_check refcount_sub_and_test(int i, refcount_t *r)
{
	int old = atomic_fetch_sub_release(i, &r->refs);

	flushdep_shim_refcount_wrong(r, old < i, "underflow; use-after-free");
	if (old == i)
		(void)atomic_read_acquire(&r->refs);
	return old == i;
}

/* Drops the last reference only: true if it did. */
static inline bool __must_check refcount_dec_if_one(refcount_t *r)
{
	int one = 1;

	return atomic_try_cmpxchg_release(&r->refs, &one, 0);
}

static inline bool __must_check refcount_dec_not_one(refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (old == REFCOUNT_SATURATED)
			return true;
		if (old == 1)
			return false;
		if (WARN_ONCE(old <= 0, "refcount_t: underflow; use-after-free.\n"))
			return true;
	} while (!atomic_try_cmpxchg_release(&r->refs, &old, old - 1));
	return true;
}

/* The last reference is dropped with the lock held; true if it was, and the lock is. */
#define flushdep_shim_refcount_dec_and(r, lock_it, unlock_it) \
	({                                                    \
		bool __last = false;                          \
                                                              \
		if (!refcount_dec_not_one(r)) {               \
			lock_it;                              \
			__last = refcount_dec_and_test(r);    \
			if (!__last)                          \
				unlock_it;                    \
		}                                             \
		__last;                                       \
	})

static inline bool __must_check refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	return flushdep_shim_refcount_dec_and(r, mutex_lock(lock), mutex_unlock(lock));
}

static inline bool __must_check refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	return flushdep_shim_refcount_dec_and(r, spin_lock(lock), spin_unlock(lock));
}

#define refcount_dec_and_lock_irqsave(r, lock, flags)                        \
	flushdep_shim_refcount_dec_and(r, spin_lock_irqsave(lock, *(flags)), \
				       spin_unlock_irqrestore(lock, *(flags)))

#endif
