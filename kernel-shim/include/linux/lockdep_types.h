/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/lockdep_types.h: lock classes, and what every lock is made of. */
#ifndef FLUSHDEP_LINUX_LOCKDEP_TYPES_H
#define FLUSHDEP_LINUX_LOCKDEP_TYPES_H

#include <linux/types.h>

/* faithful: its address is the class. */
struct lock_class_key {
	u32 flushdep_named;
};

/* The machine's struct flushdep_lock, as src/lock.c asserts. */
struct flushdep_shim_lock {
	u32 word;
	u32 owner;
	u64 site;
	u64 seq;
	struct lock_class_key *key;
	const char *name;
};
#define FLUSHDEP_SHIM_LOCK(lockname)             \
	{                                        \
		.flushdep = {.name = #lockname } \
	}

/* The lock of class `key` in fresh memory. */
void flushdep_shim_lock_init(struct flushdep_shim_lock *lock, const char *name,
			     struct lock_class_key *key) FLUSHDEP_MACHINE(flushdep_lock_init);
#define FLUSHDEP_SHIM_LOCK_INIT(lock)                                      \
	do {                                                               \
		static struct lock_class_key __key;                        \
		flushdep_shim_lock_init(&(lock)->flushdep, #lock, &__key); \
	} while (0)

#endif
