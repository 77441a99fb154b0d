/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/list_sort.h: sorting rings. */
#ifndef FLUSHDEP_LINUX_LIST_SORT_H
#define FLUSHDEP_LINUX_LIST_SORT_H

#include <linux/list.h>
#include <linux/types.h>

/* faithful: above 0 if `a` belongs after `b`. */
typedef int __attribute__((nonnull(2, 3))) (*list_cmp_func_t)(void *priv, const struct list_head *a,
							      const struct list_head *b);

/* faithful: stable, n log n comparisons, no memory of its own. */
__attribute__((nonnull(2, 3))) void list_sort(void *priv, struct list_head *head,
					      list_cmp_func_t cmp);

#endif
