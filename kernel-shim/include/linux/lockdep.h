/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/lockdep.h: lock classes, and assertions about held locks. */
#ifndef FLUSHDEP_LINUX_LOCKDEP_H
#define FLUSHDEP_LINUX_LOCKDEP_H

#include <linux/bug.h>
#include <linux/irqflags.h>
#include <linux/lockdep_types.h>
#include <linux/preempt.h>
#include <linux/types.h>

bool flushdep_shim_lock_held(const struct flushdep_shim_lock *lock)
	FLUSHDEP_MACHINE(flushdep_lock_is_held);

/* faithful: by the calling task. */
#define lockdep_is_held(l)	   flushdep_shim_lock_held(&(l)->flushdep)
#define lockdep_assert(cond)	   ((void)WARN_ON(!(cond)))
#define lockdep_assert_held(l)	   lockdep_assert(lockdep_is_held(l))
#define lockdep_assert_not_held(l) lockdep_assert(!lockdep_is_held(l))

/* partial: held in any way is enough. */
#define lockdep_assert_held_write(l) lockdep_assert_held(l)
#define lockdep_assert_held_read(l)  lockdep_assert_held(l)

/* faithful: for a lock that was just initialised. */
#define lockdep_set_class(lock, key) lockdep_set_class_and_name(lock, key, #key)
#define lockdep_set_class_and_name(lock, key, name) \
	flushdep_shim_lock_init(&(lock)->flushdep, name, key)

/* faithful: an annotation that somebody may take it. */
#define might_lock(lock)		  ((void)(lock))
#define might_lock_read(lock)		  ((void)(lock))
#define might_lock_nested(lock, subclass) ((void)(lock))
#define lockdep_is_held_type(l, r)	  ((void)(r), lockdep_is_held(l))

/* empty: keys and maps need not be known, checks are not turned off. */
#define lockdep_register_key(key)		   ((void)(key))
#define lockdep_unregister_key(key)		   ((void)(key))
#define lockdep_set_subclass(lock, subclass)	   ((void)(lock))
#define lockdep_set_novalidate_class(lock)	   ((void)(lock))
#define lockdep_off()				   ((void)0)
#define lockdep_on()				   ((void)0)
#define lockdep_depth(tsk)			   ((void)(tsk), 0)
#define lockdep_assert_none_held_once()		   ((void)0)
#define lockdep_init_map(map, name, key, subclass) ((void)(map), (void)(key))
#define lock_map_acquire(map)			   ((void)(map))
#define lock_map_acquire_read(map)		   ((void)(map))
#define lock_map_release(map)			   ((void)(map))
struct lockdep_map {
	const char *name;
};
#define debug_locks 1

/* faithful: a warning, once a place, if the context is another one. */
#define lockdep_assert_once(cond)	     ((void)WARN_ON_ONCE(!(cond)))
#define lockdep_assert_held_once(l)	     lockdep_assert_once(lockdep_is_held(l))
#define lockdep_assert_irqs_enabled()	     ((void)WARN_ON_ONCE(irqs_disabled()))
#define lockdep_assert_irqs_disabled()	     ((void)WARN_ON_ONCE(!irqs_disabled()))
#define lockdep_assert_in_irq()		     ((void)WARN_ON_ONCE(!in_hardirq()))
#define lockdep_assert_no_hardirq()	     ((void)WARN_ON_ONCE(in_hardirq() || irqs_disabled()))
#define lockdep_assert_preemption_enabled()  ((void)WARN_ON_ONCE(!preemptible()))
#define lockdep_assert_preemption_disabled() ((void)WARN_ON_ONCE(preemptible()))
#define lockdep_assert_in_softirq()	     ((void)WARN_ON_ONCE(!in_softirq() || in_hardirq() || in_nmi()))

#endif
