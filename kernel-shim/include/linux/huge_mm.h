/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/huge_mm.h: huge pages of anybody, of which no area has one. */
#ifndef FLUSHDEP_LINUX_HUGE_MM_H
#define FLUSHDEP_LINUX_HUGE_MM_H

#include <linux/mm.h>

/* faithful */
#define HPAGE_PMD_SHIFT		       PMD_SHIFT
#define HPAGE_PMD_SIZE		       (1UL << HPAGE_PMD_SHIFT)
#define HPAGE_PMD_MASK		       (~(HPAGE_PMD_SIZE - 1))
#define HPAGE_PMD_ORDER		       (HPAGE_PMD_SHIFT - PAGE_SHIFT)
#define HPAGE_PMD_NR		       (1 << HPAGE_PMD_ORDER)
#define folio_test_pmd_mappable(folio) (folio_order(folio) >= HPAGE_PMD_ORDER)

/* empty: as without CONFIG_TRANSPARENT_HUGEPAGE. */
#define transparent_hugepage_active(vma) ((void)(vma), false)
#define split_folio(folio)		 ((void)(folio), -EINVAL)
#define split_huge_page(page)		 ((void)(page), -EINVAL)

#endif
