/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/percpu-refcount.h: references that are cheap until they are killed. */
#ifndef FLUSHDEP_LINUX_PERCPU_REFCOUNT_H
#define FLUSHDEP_LINUX_PERCPU_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/gfp_types.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct percpu_ref;

/* partial: one counter. Killing switches at once, and confirms in the caller. */
typedef void(percpu_ref_func_t)(struct percpu_ref *ref);

enum {
	PERCPU_REF_INIT_ATOMIC = 1 << 0,
	PERCPU_REF_INIT_DEAD = 1 << 1,
	PERCPU_REF_ALLOW_REINIT = 1 << 2,
};

struct percpu_ref {
	atomic_long_t count;
	bool dead;
	percpu_ref_func_t *release;
};

static inline int percpu_ref_init(struct percpu_ref *ref, percpu_ref_func_t *release,
				  unsigned int flags, gfp_t gfp)
{
	(void)gfp;
	ref->release = release;
	ref->dead = flags & PERCPU_REF_INIT_DEAD;
	atomic_long_set(&ref->count, !ref->dead);
	return 0;
}

static inline void percpu_ref_exit(struct percpu_ref *ref)
{
	ref->release = NULL;
}

static inline void percpu_ref_get_many(struct percpu_ref *ref, unsigned long nr)
{
	atomic_long_add(nr, &ref->count);
}

static inline void percpu_ref_get(struct percpu_ref *ref)
{
	percpu_ref_get_many(ref, 1);
}

static inline bool percpu_ref_tryget(struct percpu_ref *ref)
{
	return atomic_long_inc_not_zero(&ref->count);
}

static inline bool percpu_ref_is_dying(struct percpu_ref *ref)
{
	return smp_load_acquire(&ref->dead);
}

static inline bool percpu_ref_tryget_live(struct percpu_ref *ref)
{
	return !percpu_ref_is_dying(ref) && percpu_ref_tryget(ref);
}

static inline void percpu_ref_put_many(struct percpu_ref *ref, unsigned long nr)
{
	if (atomic_long_sub_and_test(nr, &ref->count))
		ref->release(ref);
}

static inline void percpu_ref_put(struct percpu_ref *ref)
{
	percpu_ref_put_many(ref, 1);
}

static inline void percpu_ref_kill_and_confirm(struct percpu_ref *ref, percpu_ref_func_t *confirm)
{
	smp_store_release(&ref->dead, true);
	if (confirm)
		confirm(ref);
	percpu_ref_put(ref);
}

static inline void percpu_ref_kill(struct percpu_ref *ref)
{
	percpu_ref_kill_and_confirm(ref, NULL);
}

static inline void percpu_ref_resurrect(struct percpu_ref *ref)
{
	percpu_ref_get(ref);
	smp_store_release(&ref->dead, false);
}

static inline void percpu_ref_reinit(struct percpu_ref *ref)
{
	percpu_ref_resurrect(ref);
}

static inline bool percpu_ref_is_zero(struct percpu_ref *ref)
{
	return atomic_long_read(&ref->count) == 0;
}

#endif
