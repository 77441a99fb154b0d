/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Whole diagnostics, notes included; compared with the .txt beside this file. */
#include "mm.h"

#define FREE_IT(p) __free_page(p)

int ladder(int hurry)
{
	struct mermap_alloc *map;
	struct page *page;
	int err = 0;

	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (!map)
		goto free;
	mermap_put(map);
	if (hurry)
		goto free;
	flush_tlb_all();
free:
	FREE_IT(page);
	return err;
}

void local(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	__flush_tlb_all();
	__free_page(page);
}

void live(struct page *page, int kind)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	switch (kind) {
	case 7:
		__free_page(page);
	}
	mermap_put(map);
}

void twice(struct mermap_alloc *map)
{
	mermap_put(map);
	mermap_put(map);
}

void removed(struct page *page)
{
	if (set_direct_map_invalid_noflush(page))
		return;
	put_page(page);
}
