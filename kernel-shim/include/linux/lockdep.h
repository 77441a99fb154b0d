/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/lockdep.h: assertions about held locks. */
#ifndef FLUSHDEP_LINUX_LOCKDEP_H
#define FLUSHDEP_LINUX_LOCKDEP_H

#include <linux/types.h>

/* empty: the checker does not know locks yet. */
struct lock_class_key {
	char dummy;
};
#define lockdep_assert_held(l)	     ((void)(l))
#define lockdep_assert_held_write(l) ((void)(l))
#define lockdep_assert_held_read(l)  ((void)(l))
#define lockdep_assert_not_held(l)   ((void)(l))
#define lockdep_is_held(l)	     1
#define lockdep_set_class(lock, key) ((void)(lock), (void)(key))

#endif
