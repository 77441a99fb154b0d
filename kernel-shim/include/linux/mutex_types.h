/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mutex_types.h: sleeping locks. */
#ifndef FLUSHDEP_LINUX_MUTEX_TYPES_H
#define FLUSHDEP_LINUX_MUTEX_TYPES_H

#include <linux/lockdep_types.h>
#include <linux/types.h>

/* faithful: see linux/mutex.h. One that is only zeroed is a class of its own. */
struct mutex {
	struct flushdep_shim_lock flushdep;
};
#define __MUTEX_INITIALIZER(name) FLUSHDEP_SHIM_LOCK(name)

#endif
