/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Retries, statement expressions, ternaries and switches around the same three calls. */
#include "mm.h"

void good_retry_frees_flushed(int tries)
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
		if (tries-- > 0)
			goto again;
		return;
	}
	mermap_put(map);
	flush_tlb_all();
	__free_page(page);
}

void bad_retry_frees_unflushed(int tries)
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
		if (tries-- > 0)
			goto again;
		return;
	}
	mermap_put(map);
	if (tries == 0) {
		__free_page(page); // expected-warning {{[FD001}}
		return;
	}
	flush_tlb_all();
	__free_page(page);
}

int good_statement_expression(struct page *page)
{
	int error = ({
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
		int result = map ? 0 : -ENOMEM;

		if (map)
			mermap_put(map);
		result;
	});

	if (!error)
		flush_tlb_all();
	__free_page(page);
	return error;
}

int bad_statement_expression(struct page *page)
{
	int error = ({
		struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
		int result = map ? 0 : -ENOMEM;

		if (map)
			mermap_put(map);
		result;
	});

	if (error)
		flush_tlb_all();
	__free_page(page); // expected-warning {{[FD001}}
	return error;
}

enum how { HOW_NONE, HOW_LOCAL, HOW_ALL };

void good_switch_on_need(struct page *page, enum how how)
{
	struct mermap_alloc *map = NULL;

	if (how != HOW_NONE)
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	switch (how) {
	case HOW_NONE:
		break;
	case HOW_LOCAL:
		__flush_tlb_all();
		/* fall through */
	default:
		flush_tlb_all();
	}
	__free_page(page);
}

void bad_switch_on_need(struct page *page, enum how how)
{
	struct mermap_alloc *map = NULL;

	if (how != HOW_NONE)
		map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map)
		mermap_put(map);
	switch (how) {
	case HOW_NONE:
		break;
	case HOW_LOCAL:
		__flush_tlb_all();
		break;
	default:
		flush_tlb_all();
	}
	__free_page(page); // expected-warning {{[FD003}}
}

void good_ternary_handle(struct page *page, bool reserve)
{
	struct mermap_alloc *map = reserve ? mermap_get_reserved(page, PAGE_KERNEL)
					   : mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	map ? mermap_put(map) : (void)0;
	map ? flush_tlb_all() : (void)0;
	__free_page(page);
}

void bad_ternary_handle(struct page *page, bool reserve)
{
	struct mermap_alloc *map = reserve ? mermap_get_reserved(page, PAGE_KERNEL)
					   : mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	map ? mermap_put(map) : (void)0;
	reserve ? flush_tlb_all() : (void)0;
	__free_page(page); // expected-warning {{[FD001}}
}

void good_short_circuit(struct page *page)
{
	struct mermap_alloc *map;
	bool mapped = page && (map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL)) &&
		      (mermap_put(map), true);

	if (mapped)
		flush_tlb_all();
	if (page)
		__free_page(page);
}

void bad_short_circuit(struct page *page)
{
	struct mermap_alloc *map;
	bool mapped = page && (map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL)) &&
		      (mermap_put(map), true);

	if (!mapped)
		flush_tlb_all();
	if (page)
		__free_page(page); // expected-warning {{[FD001}}
}
