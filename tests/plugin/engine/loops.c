/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Loops: batches, retries that rebind the variable, counters. */
#include "mm.h"

void good_each_its_own(int n)
{
	for (int i = 0; i < n; i++) {
		struct page *page = alloc_page(GFP_KERNEL);
		struct mermap_alloc *map;

		if (!page)
			continue;
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
		if (map) {
			mermap_put(map);
			flush_tlb_all();
		}
		__free_page(page);
	}
}

void bad_each_its_own(int n)
{
	for (int i = 0; i < n; i++) {
		struct page *page = alloc_page(GFP_KERNEL);
		struct mermap_alloc *map;

		if (!page)
			continue;
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
		if (map)
			mermap_put(map);
		__free_page(page); // expected-warning {{[FD001}}
	}
}

/* The page of the last round is another one. */
void good_retry_rebinds(void)
{
	struct page *page;
	struct mermap_alloc *map;

again:
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (!map) {
		__free_page(page);
		goto again;
	}
	mermap_put(map);
	if (unknown())
		goto again;
	flush_tlb_all();
	__free_page(page);
}

void bad_retry_rebinds(void)
{
	struct page *page;
	struct mermap_alloc *map;

again:
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	if (unknown()) {
		__free_page(page); // expected-warning {{[FD001}}
		goto again;
	}
}

/* The old page is kept across the round in another variable. */
void bad_previous(int n)
{
	struct page *previous = NULL;

	while (n--) {
		struct page *page = alloc_page(GFP_KERNEL);
		struct mermap_alloc *map;

		if (!page)
			break;
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
		if (map)
			mermap_put(map);
		if (previous)
			__free_page(previous); // expected-warning {{page 'previous' is freed without}}
		previous = page;
	}
}

void good_previous(int n)
{
	struct page *previous = NULL;

	while (n--) {
		struct page *page = alloc_page(GFP_KERNEL);
		struct mermap_alloc *map;

		if (!page)
			break;
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
		if (map)
			mermap_put(map);
		flush_tlb_all();
		if (previous)
			__free_page(previous);
		previous = page;
	}
}

void good_flush_after_loop(struct page *page, int n)
{
	while (n-- > 0) {
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

		if (!map)
			break;
		mermap_put(map);
	}
	flush_tlb_all();
	__free_page(page);
}

void bad_flush_inside_loop(struct page *page, int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	for (int i = 0; i < n; i++)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
}

void good_flush_in_do_while(struct page *page, int n)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	do {
		flush_tlb_all();
	} while (--n > 0);
	__free_page(page);
}

void good_constant_loop(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	for (int i = 0; i < 2; i++)
		if (i == 1)
			flush_tlb_all();
	__free_page(page);
}

void bad_long_counter(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	for (long i = 0; i < 1000000; i++)
		unknown();
	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001}}
}

void bad_endless(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	for (;;) {
		if (unknown()) {
			__free_page(page); // expected-warning {{[FD001}}
			return;
		}
	}
}

void good_put_page_by_page(struct page *pages, int n)
{
	for (int i = 0; i < n; i++) {
		struct mermap_alloc *map = mermap_get(pages + i, PAGE_SIZE, PAGE_KERNEL);

		if (map)
			mermap_put(map);
	}
	flush_tlb_all();
	__free_pages(pages, 3);
}

void bad_first_page(struct page *pages)
{
	struct mermap_alloc *map = mermap_get(pages + 1, PAGE_SIZE, PAGE_KERNEL);

	if (map)
		mermap_put(map);
	__free_pages(pages, 3); // expected-warning {{[FD001}}
}
