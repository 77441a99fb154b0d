/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mutex.h: sleeping locks. They do not yet feed the checker's happens-before. */
#ifndef FLUSHDEP_LINUX_MUTEX_H
#define FLUSHDEP_LINUX_MUTEX_H

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/mutex_types.h>

/* partial: exclude; no lock classes, and no signal interrupts a wait. */
#define DEFINE_MUTEX(name)  struct mutex name = {0}
#define mutex_init(lock)    ((void)((lock)->word = 0))
#define mutex_destroy(lock) ((void)(lock))
void mutex_lock(struct mutex *lock);
int __must_check mutex_lock_interruptible(struct mutex *lock);
int __must_check mutex_lock_killable(struct mutex *lock);
#define mutex_lock_nested(lock, subclass) mutex_lock(lock)
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
bool mutex_is_locked(struct mutex *lock);

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))

#endif
