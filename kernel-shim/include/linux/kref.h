/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/kref.h: reference counts with a release function. */
#ifndef FLUSHDEP_LINUX_KREF_H
#define FLUSHDEP_LINUX_KREF_H

#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

/* partial: as linux/refcount.h. */
struct kref {
	refcount_t refcount;
};

#define KREF_INIT(n)                          \
	{                                     \
		.refcount = REFCOUNT_INIT(n), \
	}

static inline void kref_init(struct kref *kref)
{
	refcount_set(&kref->refcount, 1);
}

static inline unsigned int kref_read(const struct kref *kref)
{
	return refcount_read(&kref->refcount);
}

static inline void kref_get(struct kref *kref)
{
	refcount_inc(&kref->refcount);
}

static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	const bool last = refcount_dec_and_test(&kref->refcount);

	if (last)
		release(kref);
	return last;
}

/* With the lock held `release` is called, which is to unlock it. */
static inline int kref_put_mutex(struct kref *kref, void (*release)(struct kref *kref),
				 struct mutex *mutex)
{
	if (refcount_dec_not_one(&kref->refcount))
		return 0;
	mutex_lock(mutex);
	if (kref_put(kref, release))
		return 1;
	mutex_unlock(mutex);
	return 0;
}

static inline int kref_put_lock(struct kref *kref, void (*release)(struct kref *kref),
				spinlock_t *lock)
{
	if (refcount_dec_not_one(&kref->refcount))
		return 0;
	spin_lock(lock);
	if (kref_put(kref, release))
		return 1;
	spin_unlock(lock);
	return 0;
}

static inline int __must_check kref_get_unless_zero(struct kref *kref)
{
	return refcount_inc_not_zero(&kref->refcount);
}

#endif
