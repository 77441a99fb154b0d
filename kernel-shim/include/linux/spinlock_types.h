/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/spinlock_types.h: locks that do not sleep. */
#ifndef FLUSHDEP_LINUX_SPINLOCK_TYPES_H
#define FLUSHDEP_LINUX_SPINLOCK_TYPES_H

#include <linux/lockdep_types.h>
#include <linux/types.h>

/* faithful: see linux/spinlock.h. One that is only zeroed is a class of its own. */
typedef struct spinlock {
	struct flushdep_shim_lock flushdep;
} spinlock_t;
typedef struct spinlock raw_spinlock_t;

typedef struct {
	struct flushdep_shim_lock flushdep;
} rwlock_t;

#define __SPIN_LOCK_UNLOCKED(name)     ((spinlock_t)FLUSHDEP_SHIM_LOCK(name))
#define __RAW_SPIN_LOCK_UNLOCKED(name) ((raw_spinlock_t)FLUSHDEP_SHIM_LOCK(name))
#define __RW_LOCK_UNLOCKED(name)       ((rwlock_t)FLUSHDEP_SHIM_LOCK(name))
#define DEFINE_SPINLOCK(x)	       spinlock_t x = FLUSHDEP_SHIM_LOCK(x)
#define DEFINE_RAW_SPINLOCK(x)	       raw_spinlock_t x = FLUSHDEP_SHIM_LOCK(x)
#define DEFINE_RWLOCK(x)	       rwlock_t x = FLUSHDEP_SHIM_LOCK(x)

#endif
