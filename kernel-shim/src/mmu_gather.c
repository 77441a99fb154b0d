/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* mmu_gather.c: pages whose entries are gone wait here for the one flush. */
#include <asm/tlb.h>
#include <linux/mm.h>

#include "flushdep.h"
#include "pgtable.h"

/* An empty range; with the whole mm it never is. */
static void reset_range(struct mmu_gather *tlb)
{
	tlb->start = ~0UL;
	tlb->end = tlb->fullmm ? ~0UL : 0;
	tlb->freed_tables = 0;
	tlb->need_flush_all = 0;
	tlb->cleared_ptes = tlb->cleared_pmds = tlb->cleared_puds = tlb->cleared_p4ds = 0;
}

static void gather(struct mmu_gather *tlb, struct mm_struct *mm, bool fullmm)
{
	*tlb = (struct mmu_gather){.mm = mm, .fullmm = fullmm};
	reset_range(tlb);
}

void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm)
{
	gather(tlb, mm, false);
}

void tlb_gather_mmu_fullmm(struct mmu_gather *tlb, struct mm_struct *mm)
{
	gather(tlb, mm, true);
}

/* From the last address to the first is more than is flushed one by one: everything. */
static bool is_empty(const struct mmu_gather *tlb)
{
	return tlb->end <= tlb->start;
}

static void flush(struct mmu_gather *tlb)
{
	if (tlb->fullmm || tlb->need_flush_all || is_empty(tlb))
		flush_tlb_mm_range(tlb->mm, 0, TLB_FLUSH_ALL, PAGE_SHIFT, tlb->freed_tables);
	else
		flush_tlb_mm_range(tlb->mm, tlb->start, tlb->end, tlb_get_unmap_shift(tlb),
				   tlb->freed_tables);
}

static void flush_range(struct mmu_gather *tlb)
{
	/* Tables without entries, say: nothing was there to be translated. */
	if (!tlb->freed_tables && !tlb->cleared_ptes && !tlb->cleared_pmds && !tlb->cleared_puds &&
	    !tlb->cleared_p4ds)
		return;
	flush(tlb);
	reset_range(tlb);
}

static void free_pages_that_wait(struct mmu_gather *tlb)
{
	unsigned int i;

	for (i = 0; i < tlb->flushdep_nr; i++)
		put_page(tlb->flushdep_pages[i]);
	tlb->flushdep_nr = 0;
}

void tlb_flush_mmu_tlbonly(struct mmu_gather *tlb)
{
	flush_range(tlb);
}

void tlb_flush_mmu(struct mmu_gather *tlb)
{
	flush_range(tlb);
	free_pages_that_wait(tlb);
}

void tlb_finish_mmu(struct mmu_gather *tlb)
{
	flush_range(tlb);
	free_pages_that_wait(tlb);
}

static bool add_page(struct mmu_gather *tlb, struct page *page)
{
	tlb->flushdep_pages[tlb->flushdep_nr++] = page;
	return tlb->flushdep_nr == FLUSHDEP_GATHER_PAGES;
}

void tlb_flush(struct mmu_gather *tlb)
{
	flush(tlb);
}

void tlb_remove_table(struct mmu_gather *tlb, void *table)
{
	if (!add_page(tlb, table))
		return;
	flush_range(tlb);
	free_pages_that_wait(tlb);
}

bool __tlb_remove_page_size(struct mmu_gather *tlb, struct page *page, bool delay_rmap,
			    int page_size)
{
	return add_page(tlb, page);
}

void tlb_remove_page_size(struct mmu_gather *tlb, struct page *page, int page_size)
{
	if (!add_page(tlb, page))
		return;
	flush_range(tlb);
	free_pages_that_wait(tlb);
}

void tlb_remove_page(struct mmu_gather *tlb, struct page *page)
{
	if (!add_page(tlb, page))
		return;
	flush_range(tlb);
	free_pages_that_wait(tlb);
}
