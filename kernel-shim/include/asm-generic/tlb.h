/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm-generic/tlb.h: mmu_gather: clear many entries, flush once, free the pages then. */
#ifndef FLUSHDEP_ASM_GENERIC_TLB_H
#define FLUSHDEP_ASM_GENERIC_TLB_H

#include <asm/tlbflush.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

/* partial: pages wait in one array; when it is full they are flushed and freed early. */
#define FLUSHDEP_GATHER_PAGES 64
struct mmu_gather {
	struct mm_struct *mm;
	unsigned long start;
	unsigned long end;
	unsigned int fullmm : 1;
	unsigned int need_flush_all : 1;
	unsigned int freed_tables : 1;
	unsigned int delayed_rmap : 1;
	unsigned int cleared_ptes : 1;
	unsigned int cleared_pmds : 1;
	unsigned int cleared_puds : 1;
	unsigned int cleared_p4ds : 1;
	unsigned int vma_exec : 1;
	unsigned int vma_huge : 1;
	unsigned int flushdep_nr;
	struct page *flushdep_pages[FLUSHDEP_GATHER_PAGES];
};

/* faithful: nothing is flushed when nothing was cleared. Finish flushes and frees what waits. */
FLUSHDEP_CALL void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm);
FLUSHDEP_CALL void tlb_gather_mmu_fullmm(struct mmu_gather *tlb, struct mm_struct *mm);
FLUSHDEP_CALL void tlb_flush_mmu_tlbonly(struct mmu_gather *tlb);
FLUSHDEP_CALL void tlb_flush_mmu(struct mmu_gather *tlb);
FLUSHDEP_CALL void tlb_finish_mmu(struct mmu_gather *tlb);

/* faithful: what was gathered so far, whether anything was or not; frees nothing. */
FLUSHDEP_CALL void tlb_flush(struct mmu_gather *tlb);

/* partial: a page-table page that was unlinked is freed after the next flush; no grace period. */
FLUSHDEP_CALL void tlb_remove_table(struct mmu_gather *tlb, void *table);

/* faithful: drops the caller's reference after the next flush. The underscored one says when the
 * array is full and leaves the flush to the caller. */
FLUSHDEP_CALL void tlb_remove_page(struct mmu_gather *tlb, struct page *page);
FLUSHDEP_CALL void tlb_remove_page_size(struct mmu_gather *tlb, struct page *page, int page_size);
FLUSHDEP_CALL bool __tlb_remove_page_size(struct mmu_gather *tlb, struct page *page,
					  bool delay_rmap, int page_size);
#define __tlb_remove_page(tlb, page, delay_rmap) \
	__tlb_remove_page_size(tlb, page, delay_rmap, PAGE_SIZE)

/* faithful: what the next flush has to reach. */
static inline void __tlb_adjust_range(struct mmu_gather *tlb, unsigned long address,
				      unsigned int range_size)
{
	tlb->start = min(tlb->start, address);
	tlb->end = max(tlb->end, address + range_size);
}

static inline void tlb_flush_pte_range(struct mmu_gather *tlb, unsigned long address,
				       unsigned long size)
{
	__tlb_adjust_range(tlb, address, size);
	tlb->cleared_ptes = 1;
}

static inline void tlb_flush_pmd_range(struct mmu_gather *tlb, unsigned long address,
				       unsigned long size)
{
	__tlb_adjust_range(tlb, address, size);
	tlb->cleared_pmds = 1;
}

static inline void tlb_flush_pud_range(struct mmu_gather *tlb, unsigned long address,
				       unsigned long size)
{
	__tlb_adjust_range(tlb, address, size);
	tlb->cleared_puds = 1;
}

static inline unsigned long tlb_get_unmap_shift(struct mmu_gather *tlb)
{
	if (tlb->cleared_ptes)
		return PAGE_SHIFT;
	if (tlb->cleared_pmds)
		return PMD_SHIFT;
	return tlb->cleared_puds ? PUD_SHIFT : PAGE_SHIFT;
}

static inline unsigned long tlb_get_unmap_size(struct mmu_gather *tlb)
{
	return 1UL << tlb_get_unmap_shift(tlb);
}

#define tlb_remove_tlb_entry(tlb, ptep, address) tlb_flush_pte_range(tlb, address, PAGE_SIZE)
#define tlb_remove_tlb_entries(tlb, ptep, address, nr) \
	tlb_flush_pte_range(tlb, address, (nr) * PAGE_SIZE)

/* faithful: the flush will be one that also reaches lazy CPUs. */
#define __pte_free_tlb(tlb, table, address) ((void)(address), tlb_remove_table(tlb, table))
#define pte_free_tlb(tlb, table, address)                     \
	do {                                                  \
		tlb_flush_pmd_range(tlb, address, PAGE_SIZE); \
		(tlb)->freed_tables = 1;                      \
		__pte_free_tlb(tlb, table, address);          \
	} while (0)

/* empty: caches see physical addresses, and there are no areas whose kind matters. */
#define tlb_start_vma(tlb, vma)		   ((void)(tlb), (void)(vma))
#define tlb_end_vma(tlb, vma)		   ((void)(tlb), (void)(vma))
#define tlb_change_page_size(tlb, page_sz) ((void)(tlb), (void)(page_sz))

#endif
