/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* How conditions on the way are worded, macros above all. */
#include "mm.h"

extern bool switched_on;

#define DROP(p)                         \
	do {                            \
		if (p)                  \
			__free_page(p); \
	} while (0)
#define MUST(condition)            \
	do {                       \
		if (!(condition))  \
			goto drop; \
	} while (0)
#define MUST_BE_ON()              \
	do {                      \
		if (!switched_on) \
			return;   \
	} while (0)

void conditions(struct page *page, int *counts, int kind)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (WARN_ON(!map))
		return;
	mermap_put(map);
	MUST_BE_ON();
	for (int i = 0; i < 3; i++)
		if (counts[i])
			return;
	switch (kind) {
	case 3:
		break;
	default:
		return;
	}
	MUST(likely(counts[3] > 4) && unknown());
	flush_tlb_all();
	return;
drop:
	DROP(page);
}
