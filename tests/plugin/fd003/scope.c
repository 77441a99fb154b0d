/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A flush after the put that reaches too little. */
#include "mm.h"

void bad_local(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__flush_tlb_all();
	__free_page(page); // expected-warning {{page 'page' is freed after a flush of only this CPU since its mapping was put [FD003 insufficient-flush]}}
}

void good_local_then_all(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__flush_tlb_all();
	flush_tlb_all();
	__free_page(page);
}

void bad_local_before_put(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	__flush_tlb_all();
	mermap_put(map);
	__free_page(page); // expected-warning {{[FD001 unflushed-free]}}
}

void bad_new_mm(struct page *page)
{
	struct mm_struct *other = mm_alloc();
	struct mermap_alloc *map;

	if (!other)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
	flush_tlb_mm(other);
	__free_page(page); // expected-warning {{after a flush of another mm}}
}

void good_current_mm(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_mm(current->mm);
	__free_page(page);
}

void bad_known_other_mm(struct page *page, struct mm_struct *mm)
{
	struct mermap_alloc *map;

	if (mm == current->mm)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
	flush_tlb_mm(mm);
	__free_page(page); // expected-warning {{after a flush of another mm}}
}

void good_known_same_mm(struct page *page, struct mm_struct *mm)
{
	struct mermap_alloc *map;

	if (mm != current->mm)
		return;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	mermap_put(map);
	flush_tlb_mm(mm);
	__free_page(page);
}

void bad_kernel_range(struct page *page, unsigned long start)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_kernel_range(start, start + PAGE_SIZE);
	__free_page(page); // expected-warning {{after a flush of kernel addresses}}
}

/* The whole range is everything. */
void good_kernel_range_all(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	flush_tlb_kernel_range(0, -1ul);
	__free_page(page);
}

void bad_direct_map_local(struct page *page)
{
	if (set_direct_map_invalid_noflush(page))
		return;
	__flush_tlb_all();
	__free_page(page); // expected-warning {{after a flush of only this CPU since it was removed from the direct map [FD003}}
}

void good_direct_map_all(struct page *page)
{
	if (set_direct_map_invalid_noflush(page))
		return;
	__flush_tlb_all();
	flush_tlb_all();
	__free_page(page);
}

void possible_local_drop(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	mermap_put(map);
	__flush_tlb_all();
	put_page(page); // expected-warning {{this reference drop may free page 'page' after a flush of only this CPU}}
}

int set_direct_map_valid_noflush(struct page *page, unsigned nr, bool valid);
void __free_pages(struct page *page, unsigned order);
void *page_address(const struct page *page);
int set_direct_map_invalid_noflush(struct page *page);

/* What a flush of an mm does not touch. */
void bad_space(struct page *page)
{
	if (set_direct_map_invalid_noflush(page))
		return;
	flush_tlb_mm(current->mm);
	__free_page(page); // expected-warning {{[FD003 insufficient-flush]}}
}

void good_space(struct page *page)
{
	if (set_direct_map_invalid_noflush(page))
		return;
	flush_tlb_mm(current->mm);
	flush_tlb_all();
	__free_page(page);
}

void bad_short_range(struct page *page)
{
	unsigned long a = (unsigned long)page_address(page);

	if (set_direct_map_valid_noflush(page, 2, false))
		return;
	flush_tlb_kernel_range(a, a + PAGE_SIZE);
	__free_pages(page, 1); // expected-warning {{[FD003 insufficient-flush]}}
}

void good_range(struct page *page)
{
	unsigned long a = (unsigned long)page_address(page);

	if (set_direct_map_valid_noflush(page, 2, false))
		return;
	flush_tlb_kernel_range(a, a + 2 * PAGE_SIZE);
	__free_pages(page, 1);
}

void good_range_in_parts(struct page *page)
{
	unsigned long a = (unsigned long)page_address(page);

	if (set_direct_map_valid_noflush(page, 2, false))
		return;
	flush_tlb_kernel_range(a, a + PAGE_SIZE);
	flush_tlb_kernel_range(a + PAGE_SIZE, a + 2 * PAGE_SIZE);
	__free_pages(page, 1);
}

void silent_unknown_range(struct page *page, int n)
{
	unsigned long a = (unsigned long)page_address(page);

	if (set_direct_map_valid_noflush(page, n, false))
		return;
	flush_tlb_kernel_range(a, a + n * PAGE_SIZE);
	__free_pages(page, 1);
}
