/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/freetype.h: names of free lists: a migratetype and flags. Kernel code gets it by
 * linux/mmzone.h.
 */
#ifndef FLUSHDEP_LINUX_FREETYPE_H
#define FLUSHDEP_LINUX_FREETYPE_H

#include <linux/bits.h>
#include <linux/types.h>

struct page;

/* partial: no CMA; blocks for atomic requests do not exist on the machine. */
enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
	MIGRATE_RECLAIMABLE,
	MIGRATE_PCPTYPES,
	MIGRATE_HIGHATOMIC = MIGRATE_PCPTYPES,
	MIGRATE_ISOLATE,
	MIGRATE_TYPES,
};

/* faithful: outside the direct map; only together with MIGRATE_UNMOVABLE. */
#define FREETYPE_UNMAPPED     BIT(0)
#define NUM_FREETYPE_FLAGS    1
#define NR_FREETYPE_IDXS      (MIGRATE_TYPES + 1)
#define FREETYPE_UNMAPPED_IDX MIGRATE_TYPES

typedef struct {
	unsigned int type;
} freetype_t;

static inline freetype_t migrate_to_freetype(enum migratetype mt, unsigned int flags)
{
	return (freetype_t){mt | flags << 8};
}

static inline enum migratetype free_to_migratetype(freetype_t freetype)
{
	return (enum migratetype)(freetype.type & 0xff);
}

static inline unsigned int freetype_flags(freetype_t freetype)
{
	return freetype.type >> 8;
}

/* faithful: flags count. */
static inline bool freetypes_equal(freetype_t a, freetype_t b)
{
	return a.type == b.type;
}

/* faithful: dense, below NR_FREETYPE_IDXS; -1 for a combination without a list. */
static inline int freetype_idx(freetype_t freetype)
{
	if (free_to_migratetype(freetype) >= MIGRATE_TYPES)
		return -1;
	if (!freetype_flags(freetype))
		return free_to_migratetype(freetype);
	if (freetype_flags(freetype) != FREETYPE_UNMAPPED ||
	    free_to_migratetype(freetype) != MIGRATE_UNMOVABLE)
		return -1;
	return FREETYPE_UNMAPPED_IDX;
}

/* faithful: of the pageblock. */
freetype_t __get_pfnblock_freetype(const struct page *page, unsigned long pfn);
#define get_pfnblock_freetype(page, pfn)    __get_pfnblock_freetype(page, pfn)
#define get_pageblock_freetype(page)	    get_pfnblock_freetype(page, page_to_pfn(page))
#define get_pfnblock_migratetype(page, pfn) free_to_migratetype(get_pfnblock_freetype(page, pfn))
#define get_pageblock_migratetype(page)	    free_to_migratetype(get_pageblock_freetype(page))

#endif
