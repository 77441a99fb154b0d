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

/* faithful: nothing is freed. True: the last reference is gone, and the page is the caller's to
 * free (free_unref_page()). */
FLUSHDEP_CALL bool page_ref_sub_and_test(struct page *page, int nr);
#define page_ref_dec_and_test(page)	  page_ref_sub_and_test(page, 1)
#define folio_ref_sub_and_test(folio, nr) page_ref_sub_and_test(&(folio)->page, nr)
#define folio_ref_dec_and_test(folio)	  page_ref_sub_and_test(&(folio)->page, 1)

/* faithful: all references, if they are `count`, are taken away; nobody gets a new one until the
 * page has some again. */
FLUSHDEP_CALL int page_ref_freeze(struct page *page, int count);
FLUSHDEP_CALL void page_ref_unfreeze(struct page *page, int count);
#define folio_ref_freeze(folio, count)	 page_ref_freeze(&(folio)->page, count)
#define folio_ref_unfreeze(folio, count) page_ref_unfreeze(&(folio)->page, count)

/* faithful: who takes the last reference away so leaks the page. */
FLUSHDEP_CALL void page_ref_add(struct page *page, int nr);
FLUSHDEP_CALL void page_ref_sub(struct page *page, int nr);
#define page_ref_inc(page)	 page_ref_add(page, 1)
#define page_ref_dec(page)	 page_ref_sub(page, 1)
#define folio_ref_add(folio, nr) page_ref_add(&(folio)->page, nr)
#define folio_ref_sub(folio, nr) page_ref_sub(&(folio)->page, nr)
#define folio_ref_inc(folio)	 page_ref_add(&(folio)->page, 1)
#define folio_ref_dec(folio)	 page_ref_sub(&(folio)->page, 1)

#endif
