/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* References: a drop frees for sure only what was allocated here and not shared. */
#include "mm.h"

void bad_own_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!page)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	put_page(page); // expected-warning {{page 'page' is freed without a TLB flush after its mapping was put}}
}

void good_own_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!page)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map) {
		mermap_put(map);
		flush_tlb_all();
	}
	put_page(page);
}

void possible_foreign_page(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	put_page(page); // expected-warning {{this reference drop may free page 'page' without a TLB flush}}
}

void good_balanced_reference(struct page *page)
{
	struct mermap_alloc *map;

	get_page(page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
	put_page(page);
}

void bad_second_drop(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!page)
		return;
	get_page(page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
	put_page(page);
	put_page(page); // expected-warning {{page 'page' is freed without}}
}

void possible_shared_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	if (!page)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
	if (unknown_page(page))
		put_page(page); // expected-warning {{this reference drop may free page 'page'}}
}

void bad_folio(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0);
	struct mermap_alloc *map;

	if (!folio)
		return;
	map = mermap_get(&folio->page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	folio_put(folio); // expected-warning {{page 'folio' is freed without}}
}

void good_folio(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, 0);
	struct mermap_alloc *map;

	if (!folio)
		return;
	map = mermap_get(&folio->page, PAGE_SIZE, PAGE_KERNEL);
	if (map) {
		mermap_put(map);
		flush_tlb_all();
	}
	folio_put(folio);
}
