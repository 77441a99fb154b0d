/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/pgtable_64_types.h: where in an address space a mermap lies. */
#ifndef FLUSHDEP_ASM_PGTABLE_64_TYPES_H
#define FLUSHDEP_ASM_PGTABLE_64_TYPES_H

#include <asm/page_types.h>
#include <linux/threads.h>

/* faithful: the entries of one table. */
#define PTRS_PER_PTE 512
#define PTRS_PER_PMD 512
#define PTRS_PER_PUD 512
#define PTRS_PER_P4D 1
#define PTRS_PER_PGD 512
#define P4D_SHIFT    39
#define P4D_SIZE     (1UL << P4D_SHIFT)
#define P4D_MASK     (~(P4D_SIZE - 1))
#define PGDIR_SHIFT  39
#define PGDIR_SIZE   (1UL << PGDIR_SHIFT)
#define PGDIR_MASK   (~(PGDIR_SIZE - 1))

/*
 * partial: all mms of the simulated machine live in one host process, so that each has addresses
 * of its own: the base is the current mm's and no constant. Page-table functions and flushes that
 * are given an mm and an address within another one's mermap mean the same place of the mm that
 * they are given, and mermap_addr() the current mm's; what is kept in between may be any mm's.
 */
unsigned long flushdep_shim_mermap_base(void);
unsigned long flushdep_shim_here(unsigned long addr);
#define MERMAP_BASE_ADDR flushdep_shim_mermap_base()
#define MERMAP_END_ADDR	 (MERMAP_BASE_ADDR + MERMAP_SIZE)

/* faithful: a slice is one table of entries, and there is one for each possible CPU. */
#define MERMAP_CPU_REGION_SIZE PMD_SIZE
#define MERMAP_SIZE	       (MERMAP_CPU_REGION_SIZE * NR_CPUS)

#endif
