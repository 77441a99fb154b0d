/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* mm/internal.h: what files of mm/ and their tests have in common; also found as "internal.h". */
#ifndef FLUSHDEP_MM_INTERNAL_H
#define FLUSHDEP_MM_INTERNAL_H

#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

/* faithful: frees what was taken out of its mapping. */
FLUSHDEP_CALL void filemap_free_folio(struct address_space *mapping, struct folio *folio);

/* faithful: from a pageblock outside the direct map; and without regard to watermarks. */
#define ALLOC_UNMAPPED	    0x4000
#define ALLOC_NO_WATERMARKS 0x04

/* empty: watermarks follow from the GFP flags. */
#define ALLOC_WMARK_MIN	 0
#define ALLOC_WMARK_LOW	 1
#define ALLOC_WMARK_HIGH 2
#define ALLOC_CPUSET	 0x40
#define ALLOC_DEFAULT	 ALLOC_WMARK_LOW

/*
 * faithful: no reference yet: set_page_refcounted() makes the first, free_frozen_pages() needs
 * none. Without allocation flags ALLOC_DEFAULT.
 */
FLUSHDEP_CALL struct page *__alloc_frozen_pages_noprof(gfp_t gfp, unsigned int order, int nid,
						       void *nodemask, unsigned int alloc_flags);
#define flushdep_alloc_flags(none, flags, ...) flags
#define __alloc_frozen_pages(gfp, order, nid, nodemask, flags...)          \
	alloc_hooks(__alloc_frozen_pages_noprof(gfp, order, nid, nodemask, \
						flushdep_alloc_flags(, ##flags, ALLOC_DEFAULT, )))
#define alloc_frozen_pages(gfp, order) __alloc_frozen_pages(gfp, order, 0, NULL)
FLUSHDEP_CALL void free_frozen_pages(struct page *page, unsigned int order);
FLUSHDEP_CALL void set_page_refcounted(struct page *page);

/* faithful: the per-CPU lists; the unmapped ones are one more bank. There are no huge pages. */
static inline bool pcp_allowed_order(unsigned int order)
{
	return order <= PAGE_ALLOC_COSTLY_ORDER;
}

static inline unsigned int order_to_pindex(freetype_t freetype, int order)
{
	unsigned int bank = freetype_flags(freetype) & FREETYPE_UNMAPPED
				    ? MIGRATE_PCPTYPES
				    : free_to_migratetype(freetype);

	return order * NR_PCP_BANKS + bank;
}

static inline int pindex_to_order(unsigned int pindex)
{
	return pindex / NR_PCP_BANKS;
}

#endif
