/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mutex.h: sleeping locks. They are the machine's: ordered, with lock classes, and checked.
 */
#ifndef FLUSHDEP_LINUX_MUTEX_H
#define FLUSHDEP_LINUX_MUTEX_H

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/mutex_types.h>

/* faithful */
#define DEFINE_MUTEX(name)  struct mutex name = __MUTEX_INITIALIZER(name)
#define mutex_init(lock)    FLUSHDEP_SHIM_LOCK_INIT(lock)
#define mutex_destroy(lock) ((void)WARN_ON(mutex_is_locked(lock)))
FLUSHDEP_CALL void mutex_lock(struct mutex *lock) FLUSHDEP_MACHINE(flushdep_mutex_lock);
FLUSHDEP_CALL void mutex_lock_nested(struct mutex *lock, unsigned int subclass)
	FLUSHDEP_MACHINE(flushdep_mutex_lock_nested);
FLUSHDEP_CALL bool mutex_trylock(struct mutex *lock) FLUSHDEP_MACHINE(flushdep_mutex_trylock);
FLUSHDEP_CALL void mutex_unlock(struct mutex *lock) FLUSHDEP_MACHINE(flushdep_mutex_unlock);
bool mutex_is_locked(const struct mutex *lock) FLUSHDEP_MACHINE(flushdep_mutex_is_locked);

/* partial: no signal interrupts a wait. */
#define mutex_lock_interruptible(lock) \
	({                             \
		mutex_lock(lock);      \
		0;                     \
	})
#define mutex_lock_killable(lock)			mutex_lock_interruptible(lock)
#define mutex_lock_interruptible_nested(lock, subclass) mutex_lock_interruptible(lock)
#define mutex_lock_killable_nested(lock, subclass)	mutex_lock_interruptible(lock)
#define mutex_lock_io(lock)				mutex_lock(lock)
#define mutex_lock_nest_lock(lock, nest_lock)		((void)(nest_lock), mutex_lock(lock))

/* faithful */
DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))

DEFINE_GUARD_COND(mutex, _intr, mutex_lock_interruptible(_T) == 0)
DEFINE_GUARD_COND(mutex, _kill, mutex_lock_killable(_T) == 0)

/* faithful: the count falls to 0 with the lock held only. */
#define atomic_dec_and_mutex_lock(cnt, lock)                   \
	({                                                     \
		atomic_t *__count = (cnt);                     \
		int __last = 0;                                \
                                                               \
		if (!atomic_add_unless(__count, -1, 1)) {      \
			mutex_lock(lock);                      \
			__last = atomic_dec_and_test(__count); \
			if (!__last)                           \
				mutex_unlock(lock);            \
		}                                              \
		__last;                                        \
	})

#endif
