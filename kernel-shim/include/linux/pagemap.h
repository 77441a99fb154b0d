/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/pagemap.h: the folios of a file. */
#ifndef FLUSHDEP_LINUX_PAGEMAP_H
#define FLUSHDEP_LINUX_PAGEMAP_H

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/pagevec.h>

/* faithful */
enum mapping_flags {
	AS_EIO = 0,
	AS_ENOSPC = 1,
	AS_MM_ALL_LOCKS = 2,
	AS_UNEVICTABLE = 3,
	AS_EXITING = 4,
	AS_NO_WRITEBACK_TAGS = 5,
	AS_RELEASE_ALWAYS = 6,
	AS_STABLE_WRITES = 7,
	AS_INACCESSIBLE = 8,
	AS_NO_DIRECT_MAP = 9,
};

static inline void mapping_set_unevictable(struct address_space *mapping)
{
	set_bit(AS_UNEVICTABLE, &mapping->flags);
}

static inline void mapping_clear_unevictable(struct address_space *mapping)
{
	clear_bit(AS_UNEVICTABLE, &mapping->flags);
}

static inline bool mapping_unevictable(struct address_space *mapping)
{
	return mapping && test_bit(AS_UNEVICTABLE, &mapping->flags);
}

static inline void mapping_set_exiting(struct address_space *mapping)
{
	set_bit(AS_EXITING, &mapping->flags);
}

static inline int mapping_exiting(struct address_space *mapping)
{
	return test_bit(AS_EXITING, &mapping->flags);
}

static inline void mapping_set_inaccessible(struct address_space *mapping)
{
	set_bit(AS_UNEVICTABLE, &mapping->flags);
	set_bit(AS_INACCESSIBLE, &mapping->flags);
}

static inline bool mapping_inaccessible(struct address_space *mapping)
{
	return test_bit(AS_INACCESSIBLE, &mapping->flags);
}

static inline gfp_t mapping_gfp_mask(const struct address_space *mapping)
{
	return mapping->gfp_mask;
}

static inline gfp_t mapping_gfp_constraint(const struct address_space *mapping, gfp_t gfp_mask)
{
	return mapping_gfp_mask(mapping) & gfp_mask;
}

static inline void mapping_set_gfp_mask(struct address_space *m, gfp_t mask)
{
	m->gfp_mask = mask;
}

static inline void mapping_set_no_direct_map(struct address_space *mapping)
{
	set_bit(AS_NO_DIRECT_MAP, &mapping->flags);
}

static inline bool mapping_no_direct_map(const struct address_space *mapping)
{
	return test_bit(AS_NO_DIRECT_MAP, &mapping->flags);
}

static inline bool mapping_release_always(const struct address_space *mapping)
{
	return test_bit(AS_RELEASE_ALWAYS, &mapping->flags);
}

static inline void mapping_set_release_always(struct address_space *mapping)
{
	set_bit(AS_RELEASE_ALWAYS, &mapping->flags);
}

static inline void mapping_set_error(struct address_space *mapping, int error)
{
	if (error)
		set_bit(error == -ENOSPC ? AS_ENOSPC : AS_EIO, &mapping->flags);
}

/* empty: a folio of any order may be inserted. */
static inline void mapping_set_large_folios(struct address_space *mapping)
{
	(void)mapping;
}

#define mapping_set_folio_min_order(mapping, min)	 ((void)(mapping), (void)(min))
#define mapping_set_folio_order_range(mapping, min, max) ((void)(mapping), (void)(min), (void)(max))
#define mapping_large_folio_support(mapping)		 ((void)(mapping), true)
#define mapping_min_folio_order(mapping)		 ((void)(mapping), 0u)
#define mapping_max_folio_order(mapping)		 ((void)(mapping), (unsigned int)MAX_PAGE_ORDER)

/* partial: the ones that __filemap_get_folio() looks at. */
typedef unsigned int fgf_t;
#define FGP_ACCESSED   ((fgf_t)0x00000001)
#define FGP_LOCK       ((fgf_t)0x00000002)
#define FGP_CREAT      ((fgf_t)0x00000004)
#define FGP_WRITE      ((fgf_t)0x00000008)
#define FGP_NOFS       ((fgf_t)0x00000010)
#define FGP_NOWAIT     ((fgf_t)0x00000020)
#define FGP_FOR_MMAP   ((fgf_t)0x00000040)
#define FGP_STABLE     ((fgf_t)0x00000080)
#define FGP_WRITEBEGIN (FGP_LOCK | FGP_WRITE | FGP_CREAT | FGP_STABLE)

/* empty: a new folio has one page. */
static inline fgf_t fgf_set_order(size_t size)
{
	(void)size;
	return 0;
}

/*
 * partial: a bit in the folio's flags, ordered and waited for, without a lock class, as in the
 * kernel. Unlocking a folio of a mapping that the direct map does not have hands it out: from here
 * on the checker wants its removal flushed (FD011).
 */
FLUSHDEP_CALL void folio_lock(struct folio *folio);
FLUSHDEP_CALL bool folio_trylock(struct folio *folio);
FLUSHDEP_CALL void folio_unlock(struct folio *folio);
FLUSHDEP_CALL void folio_wait_locked(struct folio *folio);
#define folio_wait_locked_killable(folio) \
	({                                \
		folio_wait_locked(folio); \
		0;                        \
	})
#define folio_lock_killable(folio) \
	({                         \
		folio_lock(folio); \
		0;                 \
	})
#define wait_on_page_locked(page) folio_wait_locked(page_folio(page))
FLUSHDEP_CALL void lock_page(struct page *page);
FLUSHDEP_CALL int trylock_page(struct page *page);
FLUSHDEP_CALL void unlock_page(struct page *page);

/* faithful: to be found locked, with a reference for the mapping and one for the caller. */
FLUSHDEP_CALL int filemap_add_folio(struct address_space *mapping, struct folio *folio,
				    pgoff_t index, gfp_t gfp);
/* faithful: of a locked folio. Calls a_ops->free_folio() and drops the mapping's reference. */
FLUSHDEP_CALL void filemap_remove_folio(struct folio *folio);
FLUSHDEP_CALL void delete_from_page_cache_batch(struct address_space *mapping,
						struct folio_batch *fbatch);

/* faithful: an ERR_PTR(-ENOENT) where there is none and FGP_CREAT is not said. */
FLUSHDEP_CALL struct folio *__filemap_get_folio(struct address_space *mapping, pgoff_t index,
						fgf_t fgp_flags, gfp_t gfp);
FLUSHDEP_CALL struct page *pagecache_get_page(struct address_space *mapping, pgoff_t index,
					      fgf_t fgp_flags, gfp_t gfp);
FLUSHDEP_CALL unsigned int filemap_get_folios(struct address_space *mapping, pgoff_t *start,
					      pgoff_t end, struct folio_batch *fbatch);
FLUSHDEP_CALL struct folio *filemap_alloc_folio(gfp_t gfp, unsigned int order);
#define filemap_get_folio(mapping, index)  __filemap_get_folio(mapping, index, 0, 0)
#define filemap_lock_folio(mapping, index) __filemap_get_folio(mapping, index, FGP_LOCK, 0)
#define filemap_grab_folio(mapping, index)                                       \
	__filemap_get_folio(mapping, index, FGP_LOCK | FGP_ACCESSED | FGP_CREAT, \
			    mapping_gfp_mask(mapping))
#define find_get_page(mapping, offset) pagecache_get_page(mapping, offset, 0, 0)
#define find_lock_page(mapping, index) pagecache_get_page(mapping, index, FGP_LOCK, 0)
#define find_or_create_page(mapping, index, gfp_mask) \
	pagecache_get_page(mapping, index, FGP_LOCK | FGP_ACCESSED | FGP_CREAT, gfp_mask)

/* faithful */
static inline pgoff_t folio_next_index(struct folio *folio)
{
	return folio->index + folio_nr_pages(folio);
}

static inline bool folio_contains(struct folio *folio, pgoff_t index)
{
	return index - folio->index < folio_nr_pages(folio);
}

static inline struct page *folio_file_page(struct folio *folio, pgoff_t index)
{
	return folio_page(folio, index & (folio_nr_pages(folio) - 1));
}

static inline struct address_space *folio_mapping(struct folio *folio)
{
	return folio->mapping;
}

static inline struct inode *folio_inode(struct folio *folio)
{
	return folio->mapping->host;
}

static inline loff_t folio_pos(const struct folio *folio)
{
	return (loff_t)folio->index << PAGE_SHIFT;
}

static inline loff_t page_offset(struct page *page)
{
	return (loff_t)page->index << PAGE_SHIFT;
}

static inline pgoff_t folio_index(const struct folio *folio)
{
	return folio->index;
}

static inline pgoff_t folio_pgoff(const struct folio *folio)
{
	return folio->index;
}

/* faithful: what a file system keeps in a folio, with a reference. */
static inline void *folio_get_private(const struct folio *folio)
{
	return folio->private;
}

static inline void *folio_change_private(struct folio *folio, void *data)
{
	void *old = folio_get_private(folio);

	folio->private = data;
	return old;
}

static inline void folio_attach_private(struct folio *folio, void *data)
{
	folio_get(folio);
	folio->private = data;
	folio_set_private(folio);
}

static inline void *folio_detach_private(struct folio *folio)
{
	void *data = folio_get_private(folio);

	if (!folio_test_private(folio))
		return NULL;
	folio_clear_private(folio);
	folio->private = NULL;
	folio_put(folio);
	return data;
}

static inline void attach_page_private(struct page *page, void *data)
{
	folio_attach_private(page_folio(page), data);
}

static inline void *detach_page_private(struct page *page)
{
	return folio_detach_private(page_folio(page));
}

/* empty: nothing is written back. */
#define folio_wait_writeback(folio)	((void)(folio))
#define folio_wait_stable(folio)	((void)(folio))
#define filemap_write_and_wait(mapping) ((void)(mapping), 0)
#define filemap_write_and_wait_range(mapping, lstart, lend) \
	((void)(mapping), (void)(lstart), (void)(lend), 0)
#define filemap_dirty_folio(mapping, folio) ((void)(mapping), folio_mark_dirty(folio))

#endif
