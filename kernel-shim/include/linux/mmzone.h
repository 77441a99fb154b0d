/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mmzone.h: sizes of the buddy allocator. */
#ifndef FLUSHDEP_LINUX_MMZONE_H
#define FLUSHDEP_LINUX_MMZONE_H

#include <asm/page.h>
#include <linux/compiler.h>
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

enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
	MIGRATE_RECLAIMABLE,
	MIGRATE_PCPTYPES,
	MIGRATE_HIGHATOMIC = MIGRATE_PCPTYPES,
	MIGRATE_TYPES,
};

/* partial: one node, which has all memory. */
unsigned long flushdep_shim_present_pages(void) FLUSHDEP_MACHINE(flushdep_page_count);
#define node_present_pages(nid) ((void)(nid), flushdep_shim_present_pages())
#define node_spanned_pages(nid) node_present_pages(nid)

#endif
