/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/pgtable.h: page tables; see asm/pgtable.h. */
#ifndef FLUSHDEP_LINUX_PGTABLE_H
#define FLUSHDEP_LINUX_PGTABLE_H

#include <asm/pgtable.h>
#include <linux/compiler.h>
#include <linux/mm_types.h>

/*
 * partial: for addresses of an mm that are free for entries set by hand, and its mermap's; all
 * tables of a mermap are made at the first. init_mm's are the machine's own: -EINVAL. In the order
 * of addresses, ends at the first error of fn, which may be NULL.
 */
typedef int (*pte_fn_t)(pte_t *pte, unsigned long addr, void *data);
FLUSHDEP_CALL int apply_to_page_range(struct mm_struct *mm, unsigned long address,
				      unsigned long size, pte_fn_t fn, void *data);

/* faithful: makes no tables and skips entries that are none. */
FLUSHDEP_CALL int apply_to_existing_page_range(struct mm_struct *mm, unsigned long address,
					       unsigned long size, pte_fn_t fn, void *data);

/* partial: addresses of an mm that are free for entries set by hand; the kernel's mmap() finds
 * such places. */
unsigned long flushdep_shim_area_start(struct mm_struct *mm);
unsigned long flushdep_shim_area_end(struct mm_struct *mm);

#endif
