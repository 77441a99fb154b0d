/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/sort.h: sorting arrays. */
#ifndef FLUSHDEP_LINUX_SORT_H
#define FLUSHDEP_LINUX_SORT_H

#include <linux/types.h>

/* faithful: in place, not stable, n log n in the worst case; a null swap function copies bytes. */
void sort(void *base, size_t num, size_t size, cmp_func_t cmp_func, swap_func_t swap_func);
void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp_func, swap_r_func_t swap_func,
	    const void *priv);

#endif
