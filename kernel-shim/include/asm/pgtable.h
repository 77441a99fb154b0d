/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/pgtable.h: values of table entries. The tables themselves are the machine's for now. */
#ifndef FLUSHDEP_ASM_PGTABLE_H
#define FLUSHDEP_ASM_PGTABLE_H

#include <asm/page.h>
#include <asm/pgtable_types.h>

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

#define mk_pte(page, prot) pfn_pte(page_to_pfn(page), (prot))
#define pte_page(pte)	   pfn_to_page(pte_pfn(pte))

#endif
