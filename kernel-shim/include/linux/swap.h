/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/swap.h: reclaim; nothing is ever swapped out here. */
#ifndef FLUSHDEP_LINUX_SWAP_H
#define FLUSHDEP_LINUX_SWAP_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>

/* empty: there is no LRU. */
static inline void folio_add_lru(struct folio *folio)
{
	(void)folio;
}

static inline void lru_add_drain(void)
{
}

static inline void folio_mark_accessed(struct folio *folio)
{
	(void)folio;
}

static inline void mark_page_accessed(struct page *page)
{
	(void)page;
}

static inline void lru_add_drain_all(void)
{
}

#define folio_isolate_lru(folio) ((void)(folio), false)
#define folio_putback_lru(folio) folio_put(folio)

#endif
