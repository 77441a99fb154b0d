/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Free while the mapping is live. */
#include "mm.h"

void bad_live(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	__free_page(page); // expected-warning {{page 'page' is freed while an ephemeral mapping of it is live [FD002 free-while-mapped]}}
	mermap_put(map);
}

void good_put_first(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	mermap_put(map);
	flush_tlb_all();
	__free_page(page);
}

void good_get_failed(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map) {
		__free_page(page);
		return;
	}
	mermap_put(map);
}

void bad_error_path(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	if (unknown() < 0)
		goto out;
	mermap_put(map);
	flush_tlb_all();
out:
	__free_page(page); // expected-warning {{[FD002 free-while-mapped]}}
}

void good_error_path(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	unknown();
	mermap_put(map);
	flush_tlb_all();
	__free_page(page);
}

/* One of two mappings is still there. */
void bad_second_mapping(struct page *page)
{
	struct mermap_alloc *a = mermap_get_reserved(page, PAGE_KERNEL);
	struct mermap_alloc *b = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(a);
	flush_tlb_all();
	__free_page(page); // expected-warning {{[FD002 free-while-mapped]}}
	mermap_put(b);
}

/* Whoever got the handle may have put it. */
void good_handle_given_away(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	unknown_handle(map);
	__free_page(page);
}

void good_own_reference(struct page *page)
{
	struct mermap_alloc *map;

	get_page(page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		put_page(page);
	consume(mermap_addr(map));
	mermap_put(map);
}
