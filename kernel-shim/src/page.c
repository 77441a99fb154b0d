/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * page.c: struct page, and the page allocator on top of the machine's.
 *
 * The machine owns pages by number and counts references; the array here gives
 * each a struct page. An allocation resets the descriptors it hands out; of a
 * compound one, the tails point at the head as in the kernel.
 */
#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "flushdep.h"
#include "host.h"
#include "internal.h"

struct page *flushdep_shim_mem_map;
unsigned long flushdep_shim_direct_map;

__attribute__((constructor(101))) static void page_boot(void)
{
	unsigned long bytes = flushdep_page_count() * sizeof(struct page);

	flushdep_shim_mem_map = shim_host_reserve(bytes);
	if (!flushdep_shim_mem_map)
		flushdep_fatal("flushdep: no memory for the array of struct page: lower the option "
			       "mem=");
	flushdep_shim_direct_map = (unsigned long)flushdep_page_address(0);
}

/* What is unmapped cannot be moved, whatever else its user says. */
static unsigned int mobility(gfp_t gfp)
{
	if (gfp & __GFP_UNMAPPED)
		return 0;
	if (gfp & __GFP_MOVABLE)
		return FLUSHDEP_ALLOC_MOVABLE;
	return gfp & __GFP_RECLAIMABLE ? FLUSHDEP_ALLOC_RECLAIMABLE : 0;
}

static unsigned int alloc_flags(gfp_t gfp)
{
	return mobility(gfp) | (gfp & __GFP_UNMAPPED ? FLUSHDEP_ALLOC_UNMAPPED : 0) |
	       (gfp & __GFP_ZERO ? FLUSHDEP_ALLOC_ZERO : 0) |
	       (gfpflags_allow_blocking(gfp) ? 0 : FLUSHDEP_ALLOC_ATOMIC);
}

static void init_pages(struct page *page, unsigned int order, bool compound)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++) {
		memset(&page[i], 0, sizeof(*page));
		atomic_set(&page[i]._mapcount, -1);
		if (compound && i)
			page[i].compound_head = (unsigned long)page | 1;
	}
	page->flushdep_order = order;
	if (compound && order)
		__set_bit(PG_head, &page->flags);
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	flushdep_pfn_t pfn = flushdep_page_alloc(order, alloc_flags(gfp));

	if (pfn == FLUSHDEP_PFN_NONE)
		return NULL;
	init_pages(pfn_to_page(pfn), order, gfp & __GFP_COMP);
	return pfn_to_page(pfn);
}

struct page *__alloc_pages(gfp_t gfp, unsigned int order, int preferred_nid, void *nodemask)
{
	(void)preferred_nid;
	(void)nodemask;
	return alloc_pages(gfp, order);
}

struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	(void)nid;
	return alloc_pages(gfp, order);
}

struct page *__alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	(void)nid;
	return alloc_pages(gfp, order);
}

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	return (struct folio *)alloc_pages(gfp | __GFP_COMP, order);
}

unsigned long alloc_pages_bulk(gfp_t gfp, unsigned long nr_pages, struct page **page_array)
{
	unsigned long i;

	for (i = 0; i < nr_pages; i++) {
		if (!page_array[i])
			page_array[i] = alloc_pages(gfp, 0);
		if (!page_array[i])
			break;
	}
	return i;
}

/* --- For the inside of the memory management -------------------------------------- */

struct page *__alloc_frozen_pages_noprof(gfp_t gfp, unsigned int order, int nid, void *nodemask,
					 unsigned int alloc)
{
	flushdep_pfn_t pfn;

	/* What is unmapped cannot be moved. */
	if (alloc & ALLOC_UNMAPPED)
		gfp |= __GFP_UNMAPPED;
	pfn = flushdep_page_alloc_frozen(order, alloc_flags(gfp),
					 alloc & ALLOC_NO_WATERMARKS ? FLUSHDEP_ALLOCF_NO_WATERMARKS
								     : 0);
	if (pfn == FLUSHDEP_PFN_NONE)
		return NULL;
	init_pages(pfn_to_page(pfn), order, gfp & __GFP_COMP);
	return pfn_to_page(pfn);
}

void free_frozen_pages(struct page *page, unsigned int order)
{
	flushdep_page_free(page_to_pfn(page), order);
}

void free_unref_page(struct page *page, unsigned int order)
{
	flushdep_page_free(page_to_pfn(page), order);
}

void set_page_refcounted(struct page *page)
{
	bool was_frozen;

	page->flushdep_unref = 0;
	was_frozen = flushdep_page_set_refcounted(page_to_pfn(page));
	VM_BUG_ON_PAGE(!was_frozen, page);
}

freetype_t __get_pfnblock_freetype(const struct page *page, unsigned long pfn)
{
	unsigned int type = flushdep_page_freetype(pfn);
	unsigned int migratetype = flushdep_freetype_migratetype(type);

	if (migratetype == FLUSHDEP_MIGRATE_ISOLATE)
		migratetype = MIGRATE_ISOLATE;
	return migrate_to_freetype(migratetype, flushdep_freetype_flags(type));
}

void split_page(struct page *page, unsigned int order)
{
	unsigned long i;

	VM_BUG_ON_PAGE(PageCompound(page), page);
	if (WARN_ON(flushdep_page_split(page_to_pfn(page))))
		return;
	for (i = 0; i < 1UL << order; i++)
		page[i].flushdep_order = 0;
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp & ~__GFP_HIGHMEM, order);

	return page ? (unsigned long)page_address(page) : 0;
}

unsigned long get_zeroed_page_noprof(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}

void __free_pages(struct page *page, unsigned int order)
{
	if (pfn_valid(page_to_pfn(page)) && page->flushdep_unref)
		flushdep_page_free(page_to_pfn(page), order);
	else
		flushdep_page_put_order(page_to_pfn(page), order);
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page((void *)addr), order);
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	return (void *)__get_free_pages(gfp, get_order(size));
}

void free_pages_exact(void *virt, size_t size)
{
	free_pages((unsigned long)virt, get_order(size));
}

void get_page(struct page *page)
{
	flushdep_page_get(page_to_pfn(compound_head(page)));
}

void put_page(struct page *page)
{
	flushdep_page_put(page_to_pfn(compound_head(page)));
}

void folio_get(struct folio *folio)
{
	flushdep_page_get(folio_pfn(folio));
}

void folio_put(struct folio *folio)
{
	flushdep_page_put(folio_pfn(folio));
}

void folio_put_refs(struct folio *folio, int refs)
{
	while (refs-- > 0)
		flushdep_page_put(folio_pfn(folio));
}

static bool drop(struct page *page, const void *site)
{
	unsigned long pfn = page_to_pfn(page);

	/* Without a reference, and somebody's. */
	VM_BUG_ON_PAGE(pfn_valid(pfn) && page->flushdep_unref && flushdep_page_order(pfn) >= 0,
		       page);
	if (!flushdep_page_drop(pfn, site))
		return false;
	/* Nobody else has the page now. */
	page->flushdep_unref = 1;
	return true;
}

bool put_page_testzero(struct page *page)
{
	return drop(page, __builtin_return_address(0));
}

bool folio_put_testzero(struct folio *folio)
{
	return drop(&folio->page, __builtin_return_address(0));
}

void __folio_put(struct folio *folio)
{
	flushdep_page_free(folio_pfn(folio), folio_order(folio));
}

void put_pages_list(struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe (page, next, pages, lru)
		put_page(page);
	INIT_LIST_HEAD(pages);
}

void release_pages(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		put_page(pages[i]);
}

void page_ref_add(struct page *page, int nr)
{
	while (nr-- > 0)
		flushdep_page_get(page_to_pfn(page));
}

void page_ref_sub(struct page *page, int nr)
{
	while (nr-- > 0)
		drop(page, __builtin_return_address(0));
}

bool page_ref_sub_and_test(struct page *page, int nr)
{
	bool last = false;

	while (nr-- > 0)
		last = drop(page, __builtin_return_address(0));
	return last;
}

int page_ref_freeze(struct page *page, int count)
{
	return flushdep_page_freeze(page_to_pfn(page), count);
}

void page_ref_unfreeze(struct page *page, int count)
{
	VM_BUG_ON_PAGE(page_ref_count(page) != 0, page);
	VM_BUG_ON(count == 0);
	page->flushdep_unref = 0;
	flushdep_page_unfreeze(page_to_pfn(page), count);
}

bool page_ref_add_unless(struct page *page, int nr, int u)
{
	if (page_ref_count(page) == u || !flushdep_page_get_unless_zero(page_to_pfn(page)))
		return false;
	page_ref_add(page, nr - 1);
	return true;
}

bool get_page_unless_zero(struct page *page)
{
	return flushdep_page_get_unless_zero(page_to_pfn(compound_head(page)));
}

bool folio_try_get(struct folio *folio)
{
	return get_page_unless_zero(&folio->page);
}

int page_ref_count(const struct page *page)
{
	return flushdep_page_refcount(page_to_pfn(page));
}

int page_count(const struct page *page)
{
	return flushdep_page_refcount(page_to_pfn(compound_head(page)));
}

int folio_ref_count(const struct folio *folio)
{
	return flushdep_page_refcount(folio_pfn(folio));
}

bool pfn_valid(unsigned long pfn)
{
	return pfn < flushdep_page_count();
}

bool virt_addr_valid(const volatile void *addr)
{
	return flushdep_virt_to_pfn((const void *)addr) != FLUSHDEP_PFN_NONE;
}

void *page_address(const struct page *page)
{
	return flushdep_page_address(page_to_pfn(page));
}

void *lowmem_page_address(const struct page *page)
{
	return page_address(page);
}
