/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/page_ref.h: reference counts of pages, which the simulated machine keeps. */
#ifndef FLUSHDEP_LINUX_PAGE_REF_H
#define FLUSHDEP_LINUX_PAGE_REF_H

#include <linux/mm_types.h>
#include <linux/page-flags.h>

/* faithful */
int page_ref_count(const struct page *page);
int page_count(const struct page *page);
int folio_ref_count(const struct folio *folio);

#endif
