/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/pgtable.h: table entries: their values, and reading and writing them. */
#ifndef FLUSHDEP_ASM_PGTABLE_H
#define FLUSHDEP_ASM_PGTABLE_H

#include <asm/page.h>
#include <asm/pgtable_types.h>
#include <linux/compiler.h>
#include <linux/mm_types.h>

/* faithful */
static inline pte_t pfn_pte(unsigned long pfn, pgprot_t prot)
{
	return __pte(((pteval_t)pfn << PAGE_SHIFT) | pgprot_val(prot));
}

static inline unsigned long pte_pfn(pte_t pte)
{
	return (pte_val(pte) & PTE_PFN_MASK) >> PAGE_SHIFT;
}

static inline int pte_none(pte_t pte)
{
	return !(pte_val(pte) & ~(_PAGE_DIRTY | _PAGE_ACCESSED));
}

static inline int pte_present(pte_t pte)
{
	return !!(pte_val(pte) & _PAGE_PRESENT);
}

static inline int pte_write(pte_t pte)
{
	return !!(pte_val(pte) & _PAGE_RW);
}

static inline pgprot_t pte_pgprot(pte_t pte)
{
	return __pgprot(pte_val(pte) & ~PTE_PFN_MASK);
}

static inline int pte_same(pte_t a, pte_t b)
{
	return pte_val(a) == pte_val(b);
}

static inline int pte_dirty(pte_t pte)
{
	return !!(pte_val(pte) & _PAGE_DIRTY);
}

static inline int pte_young(pte_t pte)
{
	return !!(pte_val(pte) & _PAGE_ACCESSED);
}

static inline int pte_exec(pte_t pte)
{
	return !(pte_val(pte) & _PAGE_NX);
}

static inline int pte_global(pte_t pte)
{
	return !!(pte_val(pte) & _PAGE_GLOBAL);
}

static inline pte_t pte_set_flags(pte_t pte, pteval_t set)
{
	return __pte(pte_val(pte) | set);
}

static inline pte_t pte_clear_flags(pte_t pte, pteval_t clear)
{
	return __pte(pte_val(pte) & ~clear);
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_RW);
}

static inline pte_t pte_mkwrite_novma(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_RW);
}

static inline pte_t pte_mkdirty(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_DIRTY);
}

static inline pte_t pte_mkclean(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_DIRTY);
}

static inline pte_t pte_mkyoung(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_ACCESSED);
}

static inline pte_t pte_mkold(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_ACCESSED);
}

static inline pte_t pte_mkexec(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_NX);
}

static inline pte_t pte_mkglobal(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_GLOBAL);
}

static inline pte_t pte_modify(pte_t pte, pgprot_t newprot)
{
	pteval_t keep = PTE_PFN_MASK | _PAGE_ACCESSED | _PAGE_DIRTY;

	return __pte((pte_val(pte) & keep) | (pgprot_val(newprot) & ~PTE_PFN_MASK));
}

static inline unsigned long pte_index(unsigned long addr)
{
	return (addr >> PAGE_SHIFT) & (PTRS_PER_PTE - 1);
}

static inline pte_t pte_mkwrite(pte_t pte, struct vm_area_struct *vma)
{
	(void)vma;
	return pte_mkwrite_novma(pte);
}

static inline pteval_t pte_flags(pte_t pte)
{
	return pte_val(pte) & PTE_FLAGS_MASK;
}

static inline pte_t pte_advance_pfn(pte_t pte, unsigned long nr)
{
	return __pte(pte_val(pte) + (nr << PAGE_SHIFT));
}

#define pte_next_pfn(pte)  pte_advance_pfn(pte, 1)
#define pmd_index(addr)	   (((addr) >> PMD_SHIFT) & (PTRS_PER_PMD - 1))
#define pud_index(addr)	   (((addr) >> PUD_SHIFT) & (PTRS_PER_PUD - 1))
#define p4d_index(addr)	   ((void)(addr), 0UL)
#define pgd_index(addr)	   (((addr) >> PGDIR_SHIFT) & (PTRS_PER_PGD - 1))
#define mk_pte(page, prot) pfn_pte(page_to_pfn(page), (prot))
#define pte_page(pte)	   pfn_to_page(pte_pfn(pte))

/* partial: stands for a walk of the tables; NULL where no table is, and for kernel addresses. */
pte_t *flushdep_shim_pte(unsigned long addr);

/* faithful: reading costs nothing and is told to nobody. */
static inline pte_t ptep_get(pte_t *ptep)
{
	return READ_ONCE(*ptep);
}
#define ptep_get_lockless(ptep) ptep_get(ptep)

/*
 * faithful: the address maps what is written, in the mm whose table it is; none of them flushes,
 * but ptep_clear_flush(). Of a pte_t that is in no table only the value changes.
 */
FLUSHDEP_CALL void set_pte(pte_t *ptep, pte_t pte);
FLUSHDEP_CALL void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte);
FLUSHDEP_CALL void set_ptes(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte,
			    unsigned int nr);
FLUSHDEP_CALL void pte_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
FLUSHDEP_CALL void ptep_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
FLUSHDEP_CALL void clear_ptes(struct mm_struct *mm, unsigned long addr, pte_t *ptep,
			      unsigned int nr);
FLUSHDEP_CALL pte_t ptep_clear_flush(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep);

/* partial: not atomic; the machine's hardware never sets accessed and dirty bits. */
FLUSHDEP_CALL pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
FLUSHDEP_CALL pte_t ptep_get_and_clear_full(struct mm_struct *mm, unsigned long addr, pte_t *ptep,
					    int full);
FLUSHDEP_CALL void ptep_set_wrprotect(struct mm_struct *mm, unsigned long addr, pte_t *ptep);

/* empty: no updates are put off. */
#define arch_enter_lazy_mmu_mode()			 ((void)0)
#define arch_leave_lazy_mmu_mode()			 ((void)0)
#define update_mmu_cache(vma, addr, ptep)		 ((void)0)
#define update_mmu_cache_range(vmf, vma, addr, ptep, nr) ((void)0)

/* faithful: the table that an entry leads to. */
static inline unsigned long pmd_pfn(pmd_t pmd)
{
	return (pmd_val(pmd) & PTE_PFN_MASK) >> PAGE_SHIFT;
}

#define pmd_page(pmd)	    pfn_to_page(pmd_pfn(pmd))
#define pmd_pgtable(pmd)    pmd_page(pmd)
#define pmd_page_vaddr(pmd) ((unsigned long)pfn_to_kaddr(pmd_pfn(pmd)))

/* faithful: without a flush. What is cleared is unlinked: the entries in it are no translations any
 * more, and it is the caller's to free. */
FLUSHDEP_CALL void set_pmd(pmd_t *pmdp, pmd_t pmd);
FLUSHDEP_CALL void pmd_clear(pmd_t *pmdp);
FLUSHDEP_CALL pmd_t pmdp_get_and_clear(struct mm_struct *mm, unsigned long addr, pmd_t *pmdp);

#endif
