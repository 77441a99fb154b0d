/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mmzone.h: sizes of the buddy allocator. */
#ifndef FLUSHDEP_LINUX_MMZONE_H
#define FLUSHDEP_LINUX_MMZONE_H

#include <asm/page.h>
#include <linux/compiler.h>
#include <linux/freetype.h>
#include <linux/types.h>

/* faithful */
#define MAX_PAGE_ORDER		 10
#define NR_PAGE_ORDERS		 (MAX_PAGE_ORDER + 1)
#define MAX_ORDER_NR_PAGES	 (1 << MAX_PAGE_ORDER)
#define PAGE_ALLOC_COSTLY_ORDER	 3
#define pageblock_order		 9u
#define pageblock_nr_pages	 (1UL << pageblock_order)
#define pageblock_start_pfn(pfn) ((pfn) & ~(pageblock_nr_pages - 1))
#define pageblock_end_pfn(pfn)	 (pageblock_start_pfn(pfn) + pageblock_nr_pages)

/* faithful: per-CPU lists, by order and bank; no huge pages. */
#define NR_PCP_BANKS (MIGRATE_PCPTYPES + 1)
#define NR_PCP_LISTS (NR_PCP_BANKS * (PAGE_ALLOC_COSTLY_ORDER + 1))

/* partial: one node, which has all memory. */
unsigned long flushdep_shim_present_pages(void) FLUSHDEP_MACHINE(flushdep_page_count);
#define node_present_pages(nid) ((void)(nid), flushdep_shim_present_pages())
#define node_spanned_pages(nid) node_present_pages(nid)

/* faithful */
#define pageblock_align(pfn)		(((pfn) + pageblock_nr_pages - 1) & ~(pageblock_nr_pages - 1))
#define pageblock_aligned(pfn)		(((pfn) & (pageblock_nr_pages - 1)) == 0)
#define SECTION_SIZE_BITS		27
#define PFN_SECTION_SHIFT		(SECTION_SIZE_BITS - PAGE_SHIFT)
#define PAGES_PER_SECTION		(1UL << PFN_SECTION_SHIFT)
#define for_each_order(order)		for (order = 0; order < NR_PAGE_ORDERS; order++)
#define is_migrate_isolate(migratetype) ((migratetype) == MIGRATE_ISOLATE)
#define is_migrate_isolate_page(page)	is_migrate_isolate(get_pageblock_migratetype(page))
#define is_migrate_cma(migratetype)	((void)(migratetype), false)
#define is_migrate_movable(migratetype) ((migratetype) == MIGRATE_MOVABLE)
#define migratetype_is_mergeable(mt)	((mt) < MIGRATE_PCPTYPES)

#endif
