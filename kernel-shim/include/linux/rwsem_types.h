/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/rwsem_types.h: sleeping locks for readers and a writer. */
#ifndef FLUSHDEP_LINUX_RWSEM_TYPES_H
#define FLUSHDEP_LINUX_RWSEM_TYPES_H

#include <linux/types.h>

/* partial: see linux/rwsem.h. */
struct rw_semaphore {
	int word;
};

#endif
