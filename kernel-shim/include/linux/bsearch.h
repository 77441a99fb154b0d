/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/bsearch.h: search in sorted arrays. */
#ifndef FLUSHDEP_LINUX_BSEARCH_H
#define FLUSHDEP_LINUX_BSEARCH_H

#include <linux/types.h>

/* faithful: an element that equals, or null. */
static inline void *__inline_bsearch(const void *key, const void *base, size_t num, size_t size,
				     cmp_func_t cmp)
{
	const char *from = base;

	while (num) {
		const char *middle = from + num / 2 * size;
		int order = cmp(key, middle);

		if (!order)
			return (void *)middle;
		if (order > 0) {
			from = middle + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}

#define bsearch(key, base, num, size, cmp) __inline_bsearch(key, base, num, size, cmp)

#endif
