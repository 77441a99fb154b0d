/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * filemap.c: the folios of files: index, folio lock, truncation.
 *
 * The index is an array of folio pointers, sorted by folio->index, in the host's heap. References
 * are the machine's. Order of locks as in the kernel: invalidate_lock, folio lock, i_mmap_rwsem,
 * flushdep_lock (the kernel's i_pages).
 */
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "flushdep.h"
#include "flushdep_sync.h"
#include "publish.h"

/* --- Folio locks -------------------------------------------------------------------- */

/* Waiters of a folio, by a hash of its number; a wake for another one's does no harm. */
#define NR_QUEUES 64
static flushdep_waitqueue queues[NR_QUEUES];

static flushdep_waitqueue *queue_of(struct folio *folio)
{
	return &queues[folio_pfn(folio) % NR_QUEUES];
}

static bool try_lock(struct folio *folio)
{
	return !test_and_set_bit(PG_locked, &folio->flags);
}

static void lock(struct folio *folio)
{
	flushdep_wait_event(queue_of(folio), try_lock(folio));
}

/*
 * Whoever finds a folio of a mapping waits for its lock: what was taken out of the direct map is
 * handed out when it is unlocked.
 */
static void publish(struct folio *folio, const void *site)
{
	if (folio->mapping && !flushdep_direct_map_present(folio_pfn(folio)))
		shim_publish_unmapped(folio_pfn(folio), folio_order(folio), site);
}

static void unlock(struct folio *folio, const void *site)
{
	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	publish(folio, site);
	test_and_clear_bit(PG_locked, &folio->flags);
	flushdep_wake_up(queue_of(folio));
}

void folio_lock(struct folio *folio)
{
	lock(folio);
}

bool folio_trylock(struct folio *folio)
{
	return try_lock(folio);
}

void folio_unlock(struct folio *folio)
{
	unlock(folio, __builtin_return_address(0));
}

void folio_wait_locked(struct folio *folio)
{
	flushdep_wait_event(queue_of(folio), !folio_test_locked(folio));
}

void lock_page(struct page *page)
{
	lock(page_folio(page));
}

int trylock_page(struct page *page)
{
	return try_lock(page_folio(page));
}

void unlock_page(struct page *page)
{
	unlock(page_folio(page), __builtin_return_address(0));
}

/* --- The index, under flushdep_lock -------------------------------------------------- */

void address_space_init_once(struct address_space *mapping)
{
	memset(mapping, 0, sizeof(*mapping));
	init_rwsem(&mapping->invalidate_lock);
	init_rwsem(&mapping->i_mmap_rwsem);
	spin_lock_init(&mapping->i_private_lock);
	spin_lock_init(&mapping->flushdep_lock);
	INIT_LIST_HEAD(&mapping->i_private_list);
	INIT_LIST_HEAD(&mapping->flushdep_areas);
}

/* Place of the first folio that ends behind `index`. */
static unsigned long find_place(const struct address_space *mapping, pgoff_t index)
{
	unsigned long low = 0, high = mapping->flushdep_used;

	while (low < high) {
		unsigned long middle = low + (high - low) / 2;

		if (folio_next_index(mapping->flushdep_folios[middle]) <= index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct folio *find(const struct address_space *mapping, pgoff_t index)
{
	unsigned long place = find_place(mapping, index);

	if (place == mapping->flushdep_used || mapping->flushdep_folios[place]->index > index)
		return NULL;
	return mapping->flushdep_folios[place];
}

static bool make_room(struct address_space *mapping)
{
	unsigned long room = mapping->flushdep_room ? mapping->flushdep_room * 2 : 16;
	struct folio **folios;

	if (mapping->flushdep_used < mapping->flushdep_room)
		return true;
	folios = krealloc(mapping->flushdep_folios, room * sizeof(*folios), GFP_ATOMIC);
	if (!folios)
		return false;
	mapping->flushdep_folios = folios;
	mapping->flushdep_room = room;
	return true;
}

static int insert(struct address_space *mapping, struct folio *folio, pgoff_t index)
{
	unsigned long nr = folio_nr_pages(folio), place = find_place(mapping, index);
	struct folio **at;

	if (place < mapping->flushdep_used && mapping->flushdep_folios[place]->index < index + nr)
		return -EEXIST;
	if (!make_room(mapping))
		return -ENOMEM;
	at = mapping->flushdep_folios + place;
	memmove(at + 1, at, (mapping->flushdep_used - place) * sizeof(*at));
	*at = folio;
	mapping->flushdep_used++;
	mapping->nrpages += nr;
	folio->mapping = mapping;
	folio->index = index;
	return 0;
}

/* Keeps folio->index, as the kernel does. */
static void take_out(struct address_space *mapping, struct folio *folio)
{
	unsigned long place = find_place(mapping, folio->index);
	struct folio **at = mapping->flushdep_folios + place;

	BUG_ON(place == mapping->flushdep_used || *at != folio);
	memmove(at, at + 1, (--mapping->flushdep_used - place) * sizeof(*at));
	mapping->nrpages -= folio_nr_pages(folio);
	folio->mapping = NULL;
}

/* --- Adding and removing -------------------------------------------------------------- */

static int add(struct address_space *mapping, struct folio *folio, pgoff_t index)
{
	unsigned long flags;
	int err;

	/* Nobody else knows the folio yet; the lock is for who finds it. */
	lock(folio);
	folio_get(folio);
	spin_lock_irqsave(&mapping->flushdep_lock, flags);
	err = insert(mapping, folio, index);
	spin_unlock_irqrestore(&mapping->flushdep_lock, flags);
	if (!err)
		return 0;
	folio_put(folio);
	unlock(folio, NULL);
	return err;
}

int filemap_add_folio(struct address_space *mapping, struct folio *folio, pgoff_t index, gfp_t gfp)
{
	(void)gfp;
	return add(mapping, folio, index);
}

void filemap_free_folio(struct address_space *mapping, struct folio *folio)
{
	if (mapping->a_ops && mapping->a_ops->free_folio)
		mapping->a_ops->free_folio(folio);
	/* One for all of its pages; the kernel has one for each. */
	folio_put(folio);
}

void filemap_remove_folio(struct folio *folio)
{
	struct address_space *mapping = folio->mapping;
	unsigned long flags;

	BUG_ON(!folio_test_locked(folio));
	spin_lock_irqsave(&mapping->flushdep_lock, flags);
	take_out(mapping, folio);
	spin_unlock_irqrestore(&mapping->flushdep_lock, flags);
	filemap_free_folio(mapping, folio);
}

void delete_from_page_cache_batch(struct address_space *mapping, struct folio_batch *fbatch)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&mapping->flushdep_lock, flags);
	for (i = 0; i < folio_batch_count(fbatch); i++)
		take_out(mapping, fbatch->folios[i]);
	spin_unlock_irqrestore(&mapping->flushdep_lock, flags);
	for (i = 0; i < folio_batch_count(fbatch); i++)
		filemap_free_folio(mapping, fbatch->folios[i]);
}

void folio_batch_release(struct folio_batch *fbatch)
{
	unsigned int i;

	for (i = 0; i < folio_batch_count(fbatch); i++)
		folio_put(fbatch->folios[i]);
	folio_batch_reinit(fbatch);
}

bool noop_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	(void)mapping;
	(void)folio;
	return false;
}

/* --- Finding ---------------------------------------------------------------------------- */

struct folio *filemap_alloc_folio(gfp_t gfp, unsigned int order)
{
	return folio_alloc(gfp, order);
}

/* With a reference, or NULL. */
static struct folio *look_up(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio;
	unsigned long flags;

	spin_lock_irqsave(&mapping->flushdep_lock, flags);
	folio = find(mapping, index);
	if (folio)
		folio_get(folio);
	spin_unlock_irqrestore(&mapping->flushdep_lock, flags);
	return folio;
}

static struct folio *create(struct address_space *mapping, pgoff_t index, fgf_t fgp_flags,
			    gfp_t gfp)
{
	struct folio *folio = folio_alloc(gfp, 0);
	int err;

	if (!folio)
		return ERR_PTR(-ENOMEM);
	err = add(mapping, folio, index);
	if (err) {
		folio_put(folio);
		return ERR_PTR(err);
	}
	if (!(fgp_flags & FGP_LOCK))
		unlock(folio, NULL);
	return folio;
}

/* 1; 0: truncated meanwhile, -EAGAIN: it is locked, and the reference is gone. */
static int lock_found(struct address_space *mapping, struct folio *folio, fgf_t fgp_flags)
{
	if (fgp_flags & FGP_NOWAIT) {
		if (!try_lock(folio)) {
			folio_put(folio);
			return -EAGAIN;
		}
	} else {
		lock(folio);
	}
	if (folio->mapping == mapping)
		return 1;
	unlock(folio, NULL);
	folio_put(folio);
	return 0;
}

static struct folio *get_folio(struct address_space *mapping, pgoff_t index, fgf_t fgp_flags,
			       gfp_t gfp)
{
	struct folio *folio;
	int locked;

	for (;;) {
		folio = look_up(mapping, index);
		if (!folio && !(fgp_flags & FGP_CREAT))
			return ERR_PTR(-ENOENT);
		if (!folio) {
			folio = create(mapping, index, fgp_flags, gfp);
			if (folio != ERR_PTR(-EEXIST))
				return folio;
			continue;
		}
		if (!(fgp_flags & FGP_LOCK))
			return folio;
		locked = lock_found(mapping, folio, fgp_flags);
		if (locked)
			return locked > 0 ? folio : ERR_PTR(locked);
	}
}

struct folio *__filemap_get_folio(struct address_space *mapping, pgoff_t index, fgf_t fgp_flags,
				  gfp_t gfp)
{
	return get_folio(mapping, index, fgp_flags, gfp);
}

struct page *pagecache_get_page(struct address_space *mapping, pgoff_t index, fgf_t fgp_flags,
				gfp_t gfp)
{
	struct folio *folio = get_folio(mapping, index, fgp_flags, gfp);

	return IS_ERR(folio) ? NULL : folio_file_page(folio, index);
}

/* Each with a reference; *start goes behind the last one, behind `end` if that is all. */
static unsigned int get_batch(struct address_space *mapping, pgoff_t *start, pgoff_t end,
			      struct folio_batch *fbatch)
{
	pgoff_t behind = end == ~0ul ? end : end + 1;
	unsigned long flags, place;

	folio_batch_init(fbatch);
	spin_lock_irqsave(&mapping->flushdep_lock, flags);
	for (place = find_place(mapping, *start); place < mapping->flushdep_used; place++) {
		struct folio *folio = mapping->flushdep_folios[place];

		if (folio->index > end)
			break;
		if (!folio_batch_space(fbatch)) {
			behind = folio_next_index(fbatch->folios[folio_batch_count(fbatch) - 1]);
			break;
		}
		folio_get(folio);
		folio_batch_add(fbatch, folio);
	}
	*start = behind;
	spin_unlock_irqrestore(&mapping->flushdep_lock, flags);
	return folio_batch_count(fbatch);
}

unsigned int filemap_get_folios(struct address_space *mapping, pgoff_t *start, pgoff_t end,
				struct folio_batch *fbatch)
{
	return get_batch(mapping, start, end, fbatch);
}

/* --- Truncation --------------------------------------------------------------------------- */

/* Locks those that are still in the mapping and wholly in [start, end); drops the others. */
static void keep_whole(struct address_space *mapping, struct folio_batch *fbatch, pgoff_t start,
		       pgoff_t end)
{
	struct folio_batch found = *fbatch;
	unsigned int i;

	folio_batch_init(fbatch);
	for (i = 0; i < folio_batch_count(&found); i++) {
		struct folio *folio = found.folios[i];

		lock(folio);
		if (folio->mapping == mapping && folio->index >= start &&
		    folio_next_index(folio) - 1 <= end - 1) {
			folio_batch_add(fbatch, folio);
			continue;
		}
		unlock(folio, NULL);
		folio_put(folio);
	}
}

/*
 * What is cut off of the folio at `index`, which stays; needs it in the direct map, as the kernel
 * does. A large one is not split, and keeps its whole pages.
 */
static void zero_partial(struct address_space *mapping, pgoff_t index, u64 from, u64 to)
{
	struct folio *folio = get_folio(mapping, index, FGP_LOCK, 0);
	u64 pos, end;

	if (IS_ERR(folio))
		return;
	pos = folio_pos(folio);
	end = pos + folio_size(folio);
	if ((pos < from || end > to) && !mapping_inaccessible(mapping))
		folio_zero_range(folio, max(from, pos) - pos, min(to, end) - max(from, pos));
	unlock(folio, NULL);
	folio_put(folio);
}

static void truncate_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	pgoff_t start = (lstart + PAGE_SIZE - 1) >> PAGE_SHIFT;
	pgoff_t end = lend == -1 ? ~0ul : (pgoff_t)(lend + 1) >> PAGE_SHIFT;
	u64 to = lend == -1 ? U64_MAX : (u64)lend + 1;
	struct folio_batch fbatch;
	pgoff_t index = start;
	unsigned int i;

	while (index < end && get_batch(mapping, &index, end - 1, &fbatch)) {
		keep_whole(mapping, &fbatch, start, end);
		for (i = 0; i < folio_batch_count(&fbatch); i++)
			unmap_mapping_range(mapping, folio_pos(fbatch.folios[i]),
					    folio_size(fbatch.folios[i]), 0);
		delete_from_page_cache_batch(mapping, &fbatch);
		for (i = 0; i < folio_batch_count(&fbatch); i++)
			unlock(fbatch.folios[i], NULL);
		folio_batch_release(&fbatch);
		cond_resched();
	}
	zero_partial(mapping, lstart >> PAGE_SHIFT, lstart, to);
	if (lend != -1 && lend >> PAGE_SHIFT != lstart >> PAGE_SHIFT)
		zero_partial(mapping, lend >> PAGE_SHIFT, lstart, to);
}

void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	truncate_range(mapping, lstart, lend);
}

void truncate_inode_pages(struct address_space *mapping, loff_t lstart)
{
	truncate_range(mapping, lstart, -1);
}

void truncate_inode_pages_final(struct address_space *mapping)
{
	mapping_set_exiting(mapping);
	truncate_range(mapping, 0, -1);
}

void truncate_pagecache(struct inode *inode, loff_t newsize)
{
	loff_t holebegin = round_up(newsize, PAGE_SIZE);

	unmap_mapping_range(inode->i_mapping, holebegin, 0, 1);
	truncate_range(inode->i_mapping, newsize, -1);
	unmap_mapping_range(inode->i_mapping, holebegin, 0, 1);
}

void truncate_setsize(struct inode *inode, loff_t newsize)
{
	i_size_write(inode, newsize);
	truncate_pagecache(inode, newsize);
}
