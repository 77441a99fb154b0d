/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/page_types.h: the size of a page. */
#ifndef FLUSHDEP_ASM_PAGE_TYPES_H
#define FLUSHDEP_ASM_PAGE_TYPES_H

#include <linux/const.h>

/* faithful */
#define PAGE_SHIFT  12
#define PAGE_SIZE   (_AC(1, UL) << PAGE_SHIFT)
#define PAGE_MASK   (~(PAGE_SIZE - 1))
#define PMD_SHIFT   21
#define PMD_SIZE    (_AC(1, UL) << PMD_SHIFT)
#define PMD_MASK    (~(PMD_SIZE - 1))
#define PUD_SHIFT   30
#define PUD_SIZE    (_AC(1, UL) << PUD_SHIFT)
#define PUD_MASK    (~(PUD_SIZE - 1))
#define HPAGE_SHIFT PMD_SHIFT
#define HPAGE_SIZE  (_AC(1, UL) << HPAGE_SHIFT)

#endif
