/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Removal from the direct map owes a flush too, unless it failed or is undone. */
#include "mm.h"

void bad_removed(struct page *page)
{
	if (set_direct_map_invalid_noflush(page))
		return;
	__free_page(page); // expected-warning {{page 'page' is freed without a TLB flush after it was removed from the direct map [FD001 unflushed-free]}}
}

void good_removal_failed(struct page *page)
{
	if (set_direct_map_invalid_noflush(page)) {
		__free_page(page);
		return;
	}
	flush_tlb_kernel_range(0, PAGE_SIZE);
	__free_page(page);
}

void good_restored(struct page *page)
{
	int err = set_direct_map_invalid_noflush(page);

	if (err)
		return;
	set_direct_map_default_noflush(page);
	__free_page(page);
}

void bad_ignored_result(struct page *page)
{
	set_direct_map_invalid_noflush(page);
	__free_page(page); // expected-warning {{removed from the direct map}}
}

/* Direct-map entries are global: a flush of one mm leaves them alone. */
void bad_mm_flush(struct page *page, struct mm_struct *mm)
{
	if (!set_direct_map_invalid_noflush(page)) {
		flush_tlb_mm(mm);
		__free_page(page); // expected-warning {{removed from the direct map}}
	}
}

void good_kernel_range(struct page *page, unsigned long addr)
{
	if (!set_direct_map_invalid_noflush(page)) {
		flush_tlb_kernel_range(addr, addr + PAGE_SIZE);
		__free_page(page);
	}
}

void bad_valid_false(struct page *page)
{
	if (set_direct_map_valid_noflush(page, 1, false))
		return;
	__free_page(page); // expected-warning {{removed from the direct map}}
}

void good_valid_true(struct page *page)
{
	if (set_direct_map_valid_noflush(page, 1, false))
		return;
	set_direct_map_valid_noflush(page, 1, true);
	__free_page(page);
}

/* The shape of an older secretmem fault: insert, or undo and retry. */
int bad_fault_restores_too_late(struct page **slot, int (*insert)(struct page *), unsigned long addr)
{
	struct page *page;
	int err;

retry:
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	err = set_direct_map_invalid_noflush(page);
	if (err) {
		put_page(page);
		return err;
	}
	err = insert(page);
	if (unlikely(err)) {
		put_page(page); // expected-warning {{this reference drop may free}}
		set_direct_map_default_noflush(page);
		if (err == -17)
			goto retry;
		return err;
	}
	flush_tlb_kernel_range(addr, addr + PAGE_SIZE);
	*slot = page;
	return 0;
}

int good_fault(struct page **slot, int (*insert)(struct page *), unsigned long addr)
{
	struct page *page;
	int err;

retry:
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	err = set_direct_map_invalid_noflush(page);
	if (err) {
		put_page(page);
		return err;
	}
	err = insert(page);
	if (unlikely(err)) {
		set_direct_map_default_noflush(page);
		put_page(page);
		if (err == -17)
			goto retry;
		return err;
	}
	flush_tlb_kernel_range(addr, addr + PAGE_SIZE);
	*slot = page;
	return 0;
}

/* What was removed before the error is put back, however many. */
void good_undo(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (set_direct_map_invalid_noflush(pages[i]))
			goto undo;
	flush_tlb_kernel_range(0, ~0ul);
	return;
undo:
	while (i-- > 0)
		set_direct_map_default_noflush(pages[i]);
	for (i = 0; i < n; i++)
		__free_page(pages[i]);
}

void good_undo_of_block(struct page *page, int order)
{
	int i;

	for (i = 0; i < (1 << order); i++)
		if (set_direct_map_invalid_noflush(page + i))
			goto undo;
	flush_tlb_kernel_range(0, ~0ul);
	return;
undo:
	while (--i >= 0)
		set_direct_map_default_noflush(page + i);
	__free_pages(page, order);
}

void bad_no_undo_of_block(struct page *page, int order)
{
	int i;

	for (i = 0; i < (1 << order); i++)
		if (set_direct_map_invalid_noflush(page + i))
			goto undo;
	flush_tlb_kernel_range(0, ~0ul);
	return;
undo:
	__free_pages(page, order); // expected-warning {{[FD001}}
}

void bad_undo_of_another(struct page *page, struct page *other)
{
	if (set_direct_map_invalid_noflush(page))
		return;
	set_direct_map_default_noflush(other);
	__free_page(page); // expected-warning {{[FD001}}
}
