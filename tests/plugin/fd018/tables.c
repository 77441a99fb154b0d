// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Page tables whose entry was cleared, freed before and after a flush.
#include "mm.h"

int bad_no_flush(pmd_t *pmd)
{
	pte_t *pte = (pte_t *)pmd_page_vaddr(*pmd);

	pmd_clear(pmd);
	free_page((unsigned long)pte); // expected-warning {{[FD018 unflushed-table-free]}}
	return 1;
}

int good_flush(pmd_t *pmd, unsigned long addr)
{
	pte_t *pte = (pte_t *)pmd_page_vaddr(*pmd);

	pmd_clear(pmd);
	flush_tlb_kernel_range(addr, addr + PAGE_SIZE - 1);
	free_page((unsigned long)pte);
	return 1;
}

int bad_flush_before_clear(pmd_t *pmd, unsigned long addr)
{
	pte_t *pte = (pte_t *)pmd_page_vaddr(*pmd);

	flush_tlb_kernel_range(addr, addr + PAGE_SIZE - 1);
	pmd_clear(pmd);
	free_page((unsigned long)pte); // expected-warning {{[FD018 unflushed-table-free]}}
	return 1;
}

void bad_local_flush(pud_t *pud)
{
	pmd_t *table = pud_pgtable(*pud);

	pud_clear(pud);
	__flush_tlb_all();
	free_page((unsigned long)table); // expected-warning {{after a flush of only this CPU}}
}

void bad_lazy_skipped(pud_t *pud, struct mm_struct *mm)
{
	pmd_t *table = pud_pgtable(*pud);

	pud_clear(pud);
	flush_tlb_mm_range(mm, 0, -1, 12, false);
	free_page((unsigned long)table); // expected-warning {{after a flush that may skip lazy CPUs}}
}

void good_lazy_reached(pud_t *pud, struct mm_struct *mm)
{
	pmd_t *table = pud_pgtable(*pud);

	pud_clear(pud);
	flush_tlb_mm_range(mm, 0, -1, 12, true);
	free_page((unsigned long)table);
}

void good_other_entry(pud_t *pud, pud_t *other)
{
	pmd_t *table = pud_pgtable(*pud);

	pud_clear(other);
	free_page((unsigned long)table);
}

void good_not_cleared(pud_t *pud, bool clear)
{
	pmd_t *table = pud_pgtable(*pud);

	if (clear) {
		pud_clear(pud);
		flush_tlb_all();
	}
	free_page((unsigned long)table);
}

void bad_cleared_on_one_way(pud_t *pud, bool clear)
{
	pmd_t *table = pud_pgtable(*pud);

	if (clear)
		pud_clear(pud);
	else
		flush_tlb_all();
	free_page((unsigned long)table); // expected-warning {{after no flush}}
}
