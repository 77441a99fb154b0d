/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/set_memory.h: changing the direct map. */
#ifndef FLUSHDEP_LINUX_SET_MEMORY_H
#define FLUSHDEP_LINUX_SET_MEMORY_H

#include <asm/set_memory.h>

/* faithful: the simulated machine can always. */
static inline bool can_set_direct_map(void)
{
	return true;
}
#define can_set_direct_map can_set_direct_map

#endif
