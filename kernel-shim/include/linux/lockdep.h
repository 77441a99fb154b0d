/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/lockdep.h: lock classes, and assertions about held locks. */
#ifndef FLUSHDEP_LINUX_LOCKDEP_H
#define FLUSHDEP_LINUX_LOCKDEP_H

#include <linux/bug.h>
#include <linux/lockdep_types.h>
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

#endif
