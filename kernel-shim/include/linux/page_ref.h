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
bool page_ref_add_unless(struct page *page, int nr, int u);
#define folio_ref_add_unless(folio, nr, u) page_ref_add_unless(&(folio)->page, nr, u)

/* partial: the machine counts; who takes the last reference away frees, at once. */
FLUSHDEP_CALL void page_ref_add(struct page *page, int nr);
FLUSHDEP_CALL void page_ref_sub(struct page *page, int nr);
#define page_ref_inc(page)	 page_ref_add(page, 1)
#define page_ref_dec(page)	 page_ref_sub(page, 1)
#define folio_ref_add(folio, nr) page_ref_add(&(folio)->page, nr)
#define folio_ref_sub(folio, nr) page_ref_sub(&(folio)->page, nr)
#define folio_ref_inc(folio)	 page_ref_add(&(folio)->page, 1)
#define folio_ref_dec(folio)	 page_ref_sub(&(folio)->page, 1)

#endif
