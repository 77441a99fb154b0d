/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mutex_types.h: sleeping locks. */
#ifndef FLUSHDEP_LINUX_MUTEX_TYPES_H
#define FLUSHDEP_LINUX_MUTEX_TYPES_H

#include <linux/types.h>

/* partial: see linux/mutex.h. */
struct mutex {
	int word;
};
#define __MUTEX_INITIALIZER(name) {0}

#endif
