/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/pgalloc.h: page-table pages. */
#ifndef FLUSHDEP_ASM_PGALLOC_H
#define FLUSHDEP_ASM_PGALLOC_H

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

/* faithful */
#define GFP_PGTABLE_KERNEL (GFP_KERNEL | __GFP_ZERO)
#define GFP_PGTABLE_USER   (GFP_PGTABLE_KERNEL | __GFP_ACCOUNT)

/*
 * faithful: a table without entries, in no page tables yet. Freeing one needs a flush that reaches
 * lazy CPUs since it was unlinked (FD018).
 */
FLUSHDEP_CALL pgtable_t pte_alloc_one(struct mm_struct *mm);
FLUSHDEP_CALL void pte_free(struct mm_struct *mm, pgtable_t table);

/* partial: by its direct-map address, where entries may be written until it is linked; then they
 * are where pte_offset_kernel() finds them. */
FLUSHDEP_CALL pte_t *pte_alloc_one_kernel(struct mm_struct *mm);
FLUSHDEP_CALL void pte_free_kernel(struct mm_struct *mm, pte_t *table);

/* partial: tables of addresses that are free for entries set by hand; the mermap's and those of
 * kernel addresses are the machine's: a warning, and nothing done. */
FLUSHDEP_CALL void pmd_populate(struct mm_struct *mm, pmd_t *pmd, pgtable_t table);
FLUSHDEP_CALL void pmd_populate_kernel(struct mm_struct *mm, pmd_t *pmd, pte_t *table);

#endif
