/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/nospec.h: indices under speculation. */
#ifndef FLUSHDEP_LINUX_NOSPEC_H
#define FLUSHDEP_LINUX_NOSPEC_H

#include <linux/compiler.h>

/* faithful: 0 for an index that is out of bounds. */
#define array_index_nospec(index, size)                              \
	({                                                           \
		typeof(index) __nospec_index = (index);              \
		typeof(size) __nospec_size = (size);                 \
		__nospec_index < __nospec_size ? __nospec_index : 0; \
	})

/* empty: nothing here speculates. */
#define barrier_nospec() ((void)0)

#endif
