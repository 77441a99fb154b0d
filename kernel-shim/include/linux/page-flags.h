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
#define folio_page(folio, n) (&(folio)->page + (n))

#endif
