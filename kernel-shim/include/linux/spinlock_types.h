/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/spinlock_types.h: locks that do not sleep. */
#ifndef FLUSHDEP_LINUX_SPINLOCK_TYPES_H
#define FLUSHDEP_LINUX_SPINLOCK_TYPES_H

#include <linux/types.h>

/* partial: see linux/spinlock.h. */
typedef struct spinlock {
	int word;
} spinlock_t;
typedef struct spinlock raw_spinlock_t;

typedef struct {
	int word;
} rwlock_t;

#define __SPIN_LOCK_UNLOCKED(name) ((spinlock_t){0})
#define DEFINE_SPINLOCK(x)	   spinlock_t x = {0}
#define DEFINE_RAW_SPINLOCK(x)	   raw_spinlock_t x = {0}
#define DEFINE_RWLOCK(x)	   rwlock_t x = {0}

#endif
