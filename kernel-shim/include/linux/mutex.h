/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mutex.h: sleeping locks. They are the machine's: ordered, with lock classes, and checked.
 */
#ifndef FLUSHDEP_LINUX_MUTEX_H
#define FLUSHDEP_LINUX_MUTEX_H

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
#define mutex_lock_killable(lock) mutex_lock_interruptible(lock)

/* faithful */
DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))

#endif
