/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rwsem_types.h: sleeping locks for readers and a writer. */
#ifndef FLUSHDEP_LINUX_RWSEM_TYPES_H
#define FLUSHDEP_LINUX_RWSEM_TYPES_H

#include <linux/lockdep_types.h>
#include <linux/types.h>

/* partial: see linux/rwsem.h. One that is only zeroed is a class of its own. */
struct rw_semaphore {
	struct flushdep_shim_lock flushdep;
};
#define __RWSEM_INITIALIZER(name) FLUSHDEP_SHIM_LOCK(name)

#endif
