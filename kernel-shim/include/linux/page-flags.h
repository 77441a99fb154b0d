/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/page-flags.h: state bits of pages and folios. */
#ifndef FLUSHDEP_LINUX_PAGE_FLAGS_H
#define FLUSHDEP_LINUX_PAGE_FLAGS_H

#include <linux/bitops.h>
#include <linux/mm_types.h>

/* partial: bits that an owner sets and reads; linux/pagemap.h waits for PG_locked. */
enum pageflags {
	PG_locked,
	PG_referenced,
	PG_uptodate,
	PG_dirty,
	PG_lru,
	PG_head,
	PG_active,
	PG_private,
	PG_reserved,
	PG_swapbacked,
	PG_unevictable,
	PG_owner_priv_1,
	PG_private_2,
	PG_writeback,
	PG_hwpoison,
	__NR_PAGEFLAGS,
};

#define FLUSHDEP_PAGE_FLAG(uname, lname, bit)                                     \
	static __always_inline bool Page##uname(const struct page *page)          \
	{                                                                         \
		return test_bit(bit, &page->flags);                               \
	}                                                                         \
	static __always_inline void SetPage##uname(struct page *page)             \
	{                                                                         \
		set_bit(bit, &page->flags);                                       \
	}                                                                         \
	static __always_inline void ClearPage##uname(struct page *page)           \
	{                                                                         \
		clear_bit(bit, &page->flags);                                     \
	}                                                                         \
	static __always_inline bool TestSetPage##uname(struct page *page)         \
	{                                                                         \
		return test_and_set_bit(bit, &page->flags);                       \
	}                                                                         \
	static __always_inline bool TestClearPage##uname(struct page *page)       \
	{                                                                         \
		return test_and_clear_bit(bit, &page->flags);                     \
	}                                                                         \
	static __always_inline bool folio_test_##lname(const struct folio *folio) \
	{                                                                         \
		return test_bit(bit, &folio->flags);                              \
	}                                                                         \
	static __always_inline void folio_set_##lname(struct folio *folio)        \
	{                                                                         \
		set_bit(bit, &folio->flags);                                      \
	}                                                                         \
	static __always_inline void folio_clear_##lname(struct folio *folio)      \
	{                                                                         \
		clear_bit(bit, &folio->flags);                                    \
	}

FLUSHDEP_PAGE_FLAG(Locked, locked, PG_locked)
FLUSHDEP_PAGE_FLAG(Referenced, referenced, PG_referenced)
FLUSHDEP_PAGE_FLAG(Uptodate, uptodate, PG_uptodate)
FLUSHDEP_PAGE_FLAG(Dirty, dirty, PG_dirty)
FLUSHDEP_PAGE_FLAG(Active, active, PG_active)
FLUSHDEP_PAGE_FLAG(Private, private, PG_private)
FLUSHDEP_PAGE_FLAG(Reserved, reserved, PG_reserved)
FLUSHDEP_PAGE_FLAG(SwapBacked, swapbacked, PG_swapbacked)
FLUSHDEP_PAGE_FLAG(Unevictable, unevictable, PG_unevictable)
FLUSHDEP_PAGE_FLAG(LRU, lru, PG_lru)
FLUSHDEP_PAGE_FLAG(OwnerPriv1, owner_2, PG_owner_priv_1)
FLUSHDEP_PAGE_FLAG(Private2, private_2, PG_private_2)
FLUSHDEP_PAGE_FLAG(Writeback, writeback, PG_writeback)
FLUSHDEP_PAGE_FLAG(HWPoison, hwpoison, PG_hwpoison)

/* faithful: of a page that nobody else knows yet. */
#define __SetPageUptodate(page)	  __set_bit(PG_uptodate, &(page)->flags)
#define __SetPageReserved(page)	  __set_bit(PG_reserved, &(page)->flags)
#define __SetPageLocked(page)	  __set_bit(PG_locked, &(page)->flags)
#define __ClearPageLocked(page)	  __clear_bit(PG_locked, &(page)->flags)
#define __ClearPageReserved(page) __clear_bit(PG_reserved, &(page)->flags)

/* empty: no page of the machine is one of these. */
#define FLUSHDEP_PAGE_FALSE(uname, lname)                                         \
	static __always_inline bool Page##uname(const struct page *page)          \
	{                                                                         \
		(void)page;                                                       \
		return false;                                                     \
	}                                                                         \
	static __always_inline bool folio_test_##lname(const struct folio *folio) \
	{                                                                         \
		(void)folio;                                                      \
		return false;                                                     \
	}

FLUSHDEP_PAGE_FALSE(Anon, anon)
FLUSHDEP_PAGE_FALSE(Buddy, buddy)
FLUSHDEP_PAGE_FALSE(Guard, guard)
FLUSHDEP_PAGE_FALSE(HighMem, highmem)
FLUSHDEP_PAGE_FALSE(Huge, hugetlb)
FLUSHDEP_PAGE_FALSE(Ksm, ksm)
FLUSHDEP_PAGE_FALSE(Offline, offline)
FLUSHDEP_PAGE_FALSE(Slab, slab)
FLUSHDEP_PAGE_FALSE(SwapCache, swapcache)
FLUSHDEP_PAGE_FALSE(Table, pgtable)
FLUSHDEP_PAGE_FALSE(HasHWPoisoned, has_hwpoisoned)
/* faithful: of a folio that nobody else knows yet. */
static __always_inline void __folio_set_locked(struct folio *folio)
{
	__set_bit(PG_locked, &folio->flags);
}

static __always_inline void __folio_clear_locked(struct folio *folio)
{
	__clear_bit(PG_locked, &folio->flags);
}

static __always_inline void __folio_mark_uptodate(struct folio *folio)
{
	__set_bit(PG_uptodate, &folio->flags);
}

/* faithful: what was written before is seen by who finds the bit. */
static __always_inline void folio_mark_uptodate(struct folio *folio)
{
	test_and_set_bit(PG_uptodate, &folio->flags);
}

/* faithful */
static __always_inline unsigned long _compound_head(const struct page *page)
{
	unsigned long head = READ_ONCE(page->compound_head);

	return head & 1 ? head - 1 : (unsigned long)page;
}

static __always_inline int PageTail(const struct page *page)
{
	return READ_ONCE(page->compound_head) & 1;
}

static __always_inline int PageHead(const struct page *page)
{
	return test_bit(PG_head, &page->flags) && !PageTail(page);
}

static __always_inline int PageCompound(const struct page *page)
{
	return PageHead(page) || PageTail(page);
}

static __always_inline bool folio_test_large(const struct folio *folio)
{
	return test_bit(PG_head, &folio->flags);
}

#define compound_head(page) ((typeof(page))_compound_head(page))
#define page_folio(p)                                                          \
	(_Generic((p),                                                         \
		 const struct page *: (const struct folio *)_compound_head(p), \
		 struct page *: (struct folio *)_compound_head(p)))
#define folio_page(folio, n)	(&(folio)->page + (n))
#define PageTransHuge(page)	PageHead(page)
#define PageTransCompound(page) PageCompound(page)
#define folio_test_head(folio)	folio_test_large(folio)

#endif
