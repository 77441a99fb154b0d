/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* tlb.c: TLB flushes and the direct map. */
#include <asm/tlbflush.h>
#include <linux/bug.h>
#include <linux/mm.h>
#include <linux/set_memory.h>

#include "flushdep.h"
#include "pgtable.h"

void flush_tlb_all(void)
{
	flushdep_flush_all();
}

void __flush_tlb_all(void)
{
	flushdep_flush_local();
}

void flush_tlb_one_kernel(unsigned long addr)
{
	(void)addr;
	flushdep_flush_local();
}

void flush_tlb_mm(struct mm_struct *mm)
{
	if (!mm->flushdep)
		return;
	inc_mm_tlb_gen(mm);
	flushdep_flush_mm(mm->flushdep);
}

void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end,
			unsigned int stride_shift, bool freed_tables)
{
	(void)stride_shift;
	if (!mm->flushdep)
		return;
	inc_mm_tlb_gen(mm);
	start = shim_address_in(mm, start);
	if (end != TLB_FLUSH_ALL)
		end = shim_address_in(mm, end - 1) + 1;
	if (freed_tables && end == TLB_FLUSH_ALL)
		flushdep_flush_mm(mm->flushdep);
	else if (freed_tables)
		flushdep_flush_mm_range_tables(mm->flushdep, start, end);
	else
		flushdep_flush_mm_range(mm->flushdep, start, end);
}

void flush_tlb_page(struct vm_area_struct *vma, unsigned long addr)
{
	flush_tlb_mm_range(vma->vm_mm, addr, addr + PAGE_SIZE, PAGE_SHIFT, false);
}

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	flushdep_flush_kernel_range(start, end);
}

int set_direct_map_invalid_noflush(struct page *page)
{
	return flushdep_direct_map_set(page_to_pfn(page), 1, false);
}

int set_direct_map_default_noflush(struct page *page)
{
	return flushdep_direct_map_set(page_to_pfn(page), 1, true);
}

int set_direct_map_valid_noflush(struct page *page, unsigned int nr, bool valid)
{
	return flushdep_direct_map_set(page_to_pfn(page), nr, valid);
}

int folio_zap_direct_map(struct folio *folio)
{
	unsigned long addr = (unsigned long)folio_address(folio);
	int err = flushdep_direct_map_set(folio_pfn(folio), folio_nr_pages(folio), false);

	if (!err)
		flushdep_flush_kernel_range(addr, addr + folio_size(folio));
	return err;
}

int folio_restore_direct_map(struct folio *folio)
{
	return flushdep_direct_map_set(folio_pfn(folio), folio_nr_pages(folio), true);
}

bool kernel_page_present(struct page *page)
{
	return flushdep_direct_map_present(page_to_pfn(page));
}
