/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Straight lines: the flush is there, missing, or in the wrong place. */
#include "mm.h"

void bad_no_flush(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page(page); // expected-warning {{page 'page' is freed without a TLB flush after its mapping was put [FD001 unflushed-free]}}
}

void good_flush_all(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_all();
	__free_page(page);
}

void good_flush_mm(struct page *page, struct mm_struct *mm)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_mm(mm);
	__free_page(page);
}

void bad_flush_before_put(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	flush_tlb_all();
	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void bad_second_mapping_unflushed(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_all();
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_one_flush_for_two(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
	flush_tlb_all();
	__free_page(page);
}

void bad_reserved(struct page *page)
{
	struct mermap_alloc *map = mermap_get_reserved(page, PAGE_KERNEL);

	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void good_never_mapped(struct page *page)
{
	__free_page(page);
}

void good_other_page(struct page *page, struct page *other)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page(other);
}

void good_free_of_null(void)
{
	struct mermap_alloc *map = mermap_get(NULL, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__free_page((struct page *)NULL);
}

/* One warning per cause: two frees of two paths are two causes. */
void bad_two_frees(struct page *page, int which)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (which)
		__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
	else
		__free_pages(page, 0); // expected-warning {{[FD001 unflushed-free]}}
}

void bad_one_cause_many_ways(struct page *page, int a, int b)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	if (a)
		unknown();
	if (b)
		unknown();
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void bad_by_address(void)
{
	unsigned long addr = __get_free_pages(GFP_KERNEL, 0);
	struct mermap_alloc *map;

	if (!addr)
		return;
	map = mermap_get((struct page *)addr, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
	free_pages(addr, 0); // expected-warning {{page 'addr' is freed without}}
}
