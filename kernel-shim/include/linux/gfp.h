/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/gfp.h: the page allocator. */
#ifndef FLUSHDEP_LINUX_GFP_H
#define FLUSHDEP_LINUX_GFP_H

#include <linux/compiler.h>
#include <linux/gfp_types.h>
#include <linux/mmzone.h>
#include <linux/topology.h>
#include <linux/types.h>

struct folio;
struct page;

/* faithful: with __GFP_UNMAPPED from a pageblock outside the direct map. */
FLUSHDEP_CALL struct page *alloc_pages(gfp_t gfp, unsigned int order);
FLUSHDEP_CALL struct page *__alloc_pages(gfp_t gfp, unsigned int order, int preferred_nid,
					 void *nodemask);
#define alloc_pages_noprof(gfp, order)		    alloc_pages(gfp, order)
#define __alloc_pages_noprof(gfp, order, nid, mask) __alloc_pages(gfp, order, nid, mask)
#define alloc_page(gfp_mask)			    alloc_pages(gfp_mask, 0)
#define alloc_hooks(do_alloc)			    (do_alloc)
FLUSHDEP_CALL unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order);
FLUSHDEP_CALL unsigned long get_zeroed_page_noprof(gfp_t gfp_mask);
#define get_zeroed_page(...)		 alloc_hooks(get_zeroed_page_noprof(__VA_ARGS__))
#define __get_free_page(gfp_mask)	 __get_free_pages((gfp_mask), 0)
#define __get_dma_pages(gfp_mask, order) __get_free_pages((gfp_mask) | GFP_DMA, (order))
FLUSHDEP_CALL void *alloc_pages_exact(size_t size, gfp_t gfp_mask);
FLUSHDEP_CALL void free_pages_exact(void *virt, size_t size);

/* partial: drops the caller's reference; frees when it was the last. What put_page_testzero() left
 * without any is freed as well, which the kernel leaves to free_unref_page(). */
FLUSHDEP_CALL void __free_pages(struct page *page, unsigned int order);
FLUSHDEP_CALL void free_pages(unsigned long addr, unsigned int order);
#define __free_page(page) __free_pages((page), 0)
#define free_page(addr)	  free_pages((addr), 0)

/* faithful: a page that has no reference any more. */
FLUSHDEP_CALL void free_unref_page(struct page *page, unsigned int order);

/* partial: one node, whose number is not looked at. */
FLUSHDEP_CALL struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order);
FLUSHDEP_CALL struct page *__alloc_pages_node(int nid, gfp_t gfp, unsigned int order);

/* faithful: compound, so that page_folio() of any of its pages finds the folio. */
FLUSHDEP_CALL struct folio *folio_alloc(gfp_t gfp, unsigned int order);
#define folio_alloc_noprof(gfp, order)		  folio_alloc(gfp, order)
#define __folio_alloc(gfp, order, nid, mask)	  ((void)(nid), (void)(mask), folio_alloc(gfp, order))
#define __folio_alloc_node(gfp, order, nid)	  ((void)(nid), folio_alloc(gfp, order))
#define folio_alloc_node(gfp, order, nid)	  ((void)(nid), folio_alloc(gfp, order))
#define vma_alloc_folio(gfp, order, vma, addr...) ((void)(vma), folio_alloc(gfp, order))
#define alloc_page_vma(gfp, vma, addr)		  ((void)(vma), (void)(addr), alloc_page(gfp))
#define alloc_pages_exact_nid(nid, size, gfp)	  ((void)(nid), alloc_pages_exact(size, gfp))
#define alloc_pages_node_noprof(nid, gfp, order)  alloc_pages_node(nid, gfp, order)

/* faithful */
static inline bool gfpflags_allow_blocking(const gfp_t gfp_flags)
{
	return !!(gfp_flags & __GFP_DIRECT_RECLAIM);
}

/* faithful: neither for emergencies nor without reclaim. */
static inline bool gfpflags_normal_context(const gfp_t gfp_flags)
{
	return (gfp_flags & (__GFP_DIRECT_RECLAIM | __GFP_MEMALLOC)) == __GFP_DIRECT_RECLAIM;
}

static inline bool gfpflags_allow_spinning(const gfp_t gfp_flags)
{
	return !!(gfp_flags & __GFP_RECLAIM);
}

static inline bool gfp_has_io_fs(gfp_t gfp)
{
	return (gfp & (__GFP_IO | __GFP_FS)) == (__GFP_IO | __GFP_FS);
}

static inline int gfp_migratetype(const gfp_t gfp_flags)
{
	return gfp_flags & __GFP_MOVABLE       ? MIGRATE_MOVABLE
	       : gfp_flags & __GFP_RECLAIMABLE ? MIGRATE_RECLAIMABLE
					       : MIGRATE_UNMOVABLE;
}

/* faithful: fills the null entries of the array, returns how many are filled. */
FLUSHDEP_CALL unsigned long alloc_pages_bulk(gfp_t gfp, unsigned long nr_pages,
					     struct page **page_array);

#define alloc_pages_bulk_array(gfp, nr_pages, page_array) \
	alloc_pages_bulk(gfp, nr_pages, page_array)
#define alloc_pages_bulk_node(gfp, nid, nr_pages, page_array) \
	((void)(nid), alloc_pages_bulk(gfp, nr_pages, page_array))
#define alloc_pages_bulk_array_node(gfp, nid, nr_pages, page_array) \
	alloc_pages_bulk_node(gfp, nid, nr_pages, page_array)

#endif
