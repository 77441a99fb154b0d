// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * Guest memory outside the direct map.
 *
 * A small cousin of guest_memfd: a file whose pages belong to a virtual machine. The
 * kernel takes them from pageblocks that its direct map does not have, and
 * reaches them only for a moment, through the mermap of the mm that owns the
 * guest. A put does not flush: until every CPU that could hold a translation of
 * a page has been flushed, the page must not go back to the allocator.
 *
 * Who owes the flush:
 *  - A page in the file may have been mapped at any time. Whoever takes pages out
 *    for good flushes first, once for a whole batch, unless nothing was mapped
 *    since the last flush that has completed.
 *  - A page that never got into the file is the business of who allocated it.
 *    These are the error paths, and they are where it is forgotten:
 *    build with -DGUEST_MEMORY_BUG for a file that does.
 *
 * Locking: who maps a page of the file holds invalidate_lock shared from before
 * the get until after the put; who takes pages out holds it exclusively. So a
 * page that is out of the file is mapped nowhere, and will not be. Inside of it,
 * lock protects the slots and counters. Neither is held across a flush.
 */
#include <asm/tlbflush.h>
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mermap.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/set_memory.h>
#include <linux/slab.h>
#include <linux/string.h>

#define GMEM_MAX_PAGES 64
#define GMEM_BATCH     16

#define GFP_GMEM (GFP_KERNEL | __GFP_UNMAPPED)

struct gmem {
	/* The only address space that may reach the file; see gmem_may_access(). */
	struct mm_struct *mm;
	struct rw_semaphore invalidate_lock;
	struct mutex lock;
	/* Mappings of the file's pages so far, and how many of them are flushed. */
	u64 mapped;
	u64 flushed;
	pgoff_t nr_pages;
	struct page *pages[GMEM_MAX_PAGES];
};

static struct gmem *gmem_create(size_t size)
{
	struct gmem *gmem;
	int err;

	if (!size || size > GMEM_MAX_PAGES * PAGE_SIZE)
		return ERR_PTR(-EINVAL);

	err = mermap_mm_prepare(current->mm);
	if (err)
		return ERR_PTR(err);

	gmem = kzalloc(sizeof(*gmem), GFP_KERNEL);
	if (!gmem)
		return ERR_PTR(-ENOMEM);
	gmem->mm = current->mm;
	mmgrab(gmem->mm);
	init_rwsem(&gmem->invalidate_lock);
	mutex_init(&gmem->lock);
	gmem->nr_pages = PAGE_ALIGN(size) >> PAGE_SHIFT;
	return gmem;
}

/* Translations of the file exist in one mm only, so that one flush reaches all. */
static bool gmem_may_access(const struct gmem *gmem)
{
	return current->mm == gmem->mm;
}

/* The page at @index, or NULL. Stable while invalidate_lock is held. */
static struct page *gmem_lookup(struct gmem *gmem, pgoff_t index)
{
	guard(mutex)(&gmem->lock);

	return index < gmem->nr_pages ? gmem->pages[index] : NULL;
}

/*
 * Puts @page into the file. The file takes over the caller's reference, and
 * with it the flush that the page is owed. On failure the caller keeps both.
 */
static int gmem_insert(struct gmem *gmem, pgoff_t index, struct page *page)
{
	guard(mutex)(&gmem->lock);

	if (index >= gmem->nr_pages)
		return -EFBIG;
	if (gmem->pages[index])
		return -EEXIST;
	page->index = index;
	gmem->pages[index] = page;
	gmem->mapped++;
	return 0;
}

/* Maps a page of the file; to be called with invalidate_lock held. */
static struct mermap_alloc *gmem_map(struct gmem *gmem, struct page *page, pgprot_t prot)
{
	mutex_lock(&gmem->lock);
	gmem->mapped++;
	mutex_unlock(&gmem->lock);

	return mermap_get(page, PAGE_SIZE, prot);
}

/*
 * Adds a page that holds @len bytes of @buf, and zeroes elsewhere. -EEXIST if the
 * file has one at @index already.
 *
 * The page is filled before it is inserted, so that nobody sees it half full.
 * It has been mapped by then: an insert that fails owes a flush.
 */
static int gmem_populate(struct gmem *gmem, pgoff_t index, const void *buf, size_t len)
{
	struct mermap_alloc *map;
	struct page *page;
	void *addr;
	int err;

	page = alloc_page(GFP_GMEM);
	if (!page)
		return -ENOMEM;

	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (!map) {
		err = -EAGAIN;
		goto err_free;
	}
	addr = mermap_addr(map);
	memcpy(addr, buf, len);
	memset(addr + len, 0, PAGE_SIZE - len);
	mermap_put(map);

	err = gmem_insert(gmem, index, page);
	if (err)
		goto err_flush;
	return 0;

err_flush:
#ifndef GUEST_MEMORY_BUG
	flush_tlb_mm(gmem->mm);
#endif
err_free:
	__free_page(page);
	return err;
}

/* Bytes of the page at @pos that a transfer of @len more bytes touches. */
static size_t gmem_chunk(loff_t pos, size_t len)
{
	return min_t(size_t, len, PAGE_SIZE - offset_in_page(pos));
}

/* -ENOENT if there is no page at @pos. */
static int gmem_update(struct gmem *gmem, loff_t pos, const void *buf, size_t len)
{
	struct mermap_alloc *map;
	struct page *page;

	guard(rwsem_read)(&gmem->invalidate_lock);

	page = gmem_lookup(gmem, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOENT;
	map = gmem_map(gmem, page, PAGE_KERNEL);
	if (!map)
		return -EAGAIN;
	memcpy(mermap_addr(map) + offset_in_page(pos), buf, len);
	mermap_put(map);
	return 0;
}

static int gmem_write_page(struct gmem *gmem, loff_t pos, const void *buf, size_t len)
{
	int err = gmem_update(gmem, pos, buf, len);

	if (err == -ENOENT && offset_in_page(pos) == 0)
		err = gmem_populate(gmem, pos >> PAGE_SHIFT, buf, len);
	return err;
}

/*
 * write(): populates holes, which a write must start at the beginning of, and
 * changes what is there. The number of bytes written, or an error if none was.
 */
static ssize_t gmem_write(struct gmem *gmem, loff_t pos, const void *buf, size_t len)
{
	size_t done = 0;

	if (!gmem_may_access(gmem))
		return -EIO;
	while (done < len) {
		size_t chunk = gmem_chunk(pos + done, len - done);
		int err = gmem_write_page(gmem, pos + done, buf + done, chunk);

		if (err)
			return done ? done : err;
		done += chunk;
	}
	return done;
}

static int gmem_read_page(struct gmem *gmem, loff_t pos, void *buf, size_t len)
{
	struct mermap_alloc *map;
	struct page *page;

	guard(rwsem_read)(&gmem->invalidate_lock);

	page = gmem_lookup(gmem, pos >> PAGE_SHIFT);
	if (!page) {
		memset(buf, 0, len);
		return 0;
	}
	map = gmem_map(gmem, page, PAGE_KERNEL_RO);
	if (!map)
		return -EAGAIN;
	memcpy(buf, mermap_addr(map) + offset_in_page(pos), len);
	mermap_put(map);
	return 0;
}

/* read(): holes read as zeroes. */
static ssize_t gmem_read(struct gmem *gmem, loff_t pos, void *buf, size_t len)
{
	size_t done = 0;

	if (!gmem_may_access(gmem))
		return -EIO;
	while (done < len) {
		size_t chunk = gmem_chunk(pos + done, len - done);
		int err = gmem_read_page(gmem, pos + done, buf + done, chunk);

		if (err)
			return done ? done : err;
		done += chunk;
	}
	return done;
}

/* The page at @index with a reference, or NULL. */
static struct page *gmem_get_page(struct gmem *gmem, pgoff_t index)
{
	struct page *page;

	guard(rwsem_read)(&gmem->invalidate_lock);

	page = gmem_lookup(gmem, index);
	if (page)
		get_page(page);
	return page;
}

/*
 * A fault of the guest: the page at @index with a reference, a zeroed one if
 * there was none. The reference is for the guest's page tables; the kernel must
 * not map the page by it.
 *
 * Two CPUs that fault at once both bring a page; the second drops its own and
 * finds the first one's.
 */
static struct page *gmem_fault(struct gmem *gmem, pgoff_t index)
{
	struct page *page;
	int err;

	if (!gmem_may_access(gmem))
		return ERR_PTR(-EIO);
	for (;;) {
		page = gmem_get_page(gmem, index);
		if (page)
			return page;
		err = gmem_populate(gmem, index, "", 0);
		if (err && err != -EEXIST)
			return ERR_PTR(err);
	}
}

/* Fills @to, which nobody else sees yet, with the page at @index; both are mapped at once. */
static int gmem_copy_page(struct gmem *gmem, pgoff_t index, struct page *to)
{
	struct mermap_alloc *src, *dst;
	struct page *from;

	guard(rwsem_read)(&gmem->invalidate_lock);

	from = gmem_lookup(gmem, index);
	if (!from)
		return -ENOENT;
	src = gmem_map(gmem, from, PAGE_KERNEL_RO);
	if (!src)
		return -EAGAIN;
	dst = mermap_get(to, PAGE_SIZE, PAGE_KERNEL);
	if (!dst) {
		mermap_put(src);
		return -EAGAIN;
	}
	memcpy(mermap_addr(dst), mermap_addr(src), PAGE_SIZE);
	mermap_put(dst);
	mermap_put(src);
	return 0;
}

/* Copy-on-write: gives @child a page of its own with what @parent has at @index. */
static int gmem_copy_on_write(struct gmem *child, struct gmem *parent, pgoff_t index)
{
	struct page *page;
	int err;

	if (!gmem_may_access(child) || !gmem_may_access(parent))
		return -EIO;
	page = alloc_page(GFP_GMEM);
	if (!page)
		return -ENOMEM;

	err = gmem_copy_page(parent, index, page);
	if (err)
		goto err_flush;
	err = gmem_insert(child, index, page);
	if (err)
		goto err_flush;
	return 0;

err_flush:
	flush_tlb_mm(child->mm);
	__free_page(page);
	return err;
}

/*
 * Takes up to GMEM_BATCH pages from [*index, end) out of the file. *mapped says
 * how many mappings there have been of them; all have been put.
 */
static unsigned int gmem_take_batch(struct gmem *gmem, pgoff_t *index, pgoff_t end,
				    struct page **batch, u64 *mapped)
{
	unsigned int nr = 0;

	guard(rwsem_write)(&gmem->invalidate_lock);
	guard(mutex)(&gmem->lock);

	for (; *index < end && nr < GMEM_BATCH; (*index)++) {
		if (!gmem->pages[*index])
			continue;
		batch[nr++] = gmem->pages[*index];
		gmem->pages[*index] = NULL;
	}
	*mapped = gmem->mapped;
	return nr;
}

/*
 * Returns when the first @mapped mappings can be in no TLB any more. A flush
 * counts when it has completed, not when somebody has begun it: two removers at
 * once both flush.
 */
static void gmem_flush(struct gmem *gmem, u64 mapped)
{
	mutex_lock(&gmem->lock);
	if (gmem->flushed >= mapped) {
		mutex_unlock(&gmem->lock);
		return;
	}
	mutex_unlock(&gmem->lock);

	flush_tlb_mm(gmem->mm);

	mutex_lock(&gmem->lock);
	gmem->flushed = max(gmem->flushed, mapped);
	mutex_unlock(&gmem->lock);
}

/* Out of the file, one flush for the batch, and only then back to the allocator. */
static void gmem_truncate(struct gmem *gmem, loff_t size)
{
	pgoff_t index = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct page *batch[GMEM_BATCH];
	unsigned int i, nr;
	u64 mapped;

	while ((nr = gmem_take_batch(gmem, &index, gmem->nr_pages, batch, &mapped))) {
		gmem_flush(gmem, mapped);
		for (i = 0; i < nr; i++)
			put_page(batch[i]);
	}
}

static void gmem_destroy(struct gmem *gmem)
{
	gmem_truncate(gmem, 0);
	mmdrop(gmem->mm);
	kfree(gmem);
}

/* --- Tests ------------------------------------------------------------------------ */

#define TEST_PAGES 20

KUNIT_DEFINE_ACTION_WRAPPER(gmem_destroy_action, gmem_destroy, struct gmem *);

static struct gmem *new_gmem(struct kunit *test, pgoff_t nr_pages)
{
	struct gmem *gmem;

	KUNIT_ASSERT_EQ(test, kunit_attach_mm(), 0);
	gmem = gmem_create(nr_pages << PAGE_SHIFT);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, gmem);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, gmem_destroy_action, gmem), 0);
	return gmem;
}

static char *new_buffer(struct kunit *test, size_t size, int fill)
{
	char *buffer = kunit_kmalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buffer);
	memset(buffer, fill, size);
	return buffer;
}

static void gmem_test_write_read(struct kunit *test)
{
	struct gmem *gmem = new_gmem(test, 4);
	size_t size = 2 * PAGE_SIZE + 100;
	char *in = new_buffer(test, size, 'g');
	char *out = new_buffer(test, size, 0);

	KUNIT_EXPECT_EQ(test, gmem_write(gmem, 0, in, size), (ssize_t)size);
	KUNIT_EXPECT_EQ(test, gmem_read(gmem, 0, out, size), (ssize_t)size);
	KUNIT_EXPECT_MEMEQ(test, out, in, size);

	/* What was written over, in the middle of a page. */
	KUNIT_EXPECT_EQ(test, gmem_write(gmem, PAGE_SIZE + 10, "memory", 6), (ssize_t)6);
	KUNIT_EXPECT_EQ(test, gmem_read(gmem, PAGE_SIZE + 9, out, 8), (ssize_t)8);
	KUNIT_EXPECT_MEMEQ(test, out, "gmemoryg", 8);
}

static void gmem_test_direct_map(struct kunit *test)
{
	struct gmem *gmem = new_gmem(test, 1);
	struct page *page = gmem_fault(gmem, 0);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(page));
	put_page(page);
}

static void gmem_test_fault(struct kunit *test)
{
	struct gmem *gmem = new_gmem(test, 2);
	char *zeroes = new_buffer(test, PAGE_SIZE, 0);
	char *out = new_buffer(test, PAGE_SIZE, 'x');
	struct page *first = gmem_fault(gmem, 1);
	struct page *again = gmem_fault(gmem, 1);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, first);
	KUNIT_EXPECT_PTR_EQ(test, first, again);
	KUNIT_EXPECT_EQ(test, gmem_read(gmem, PAGE_SIZE, out, PAGE_SIZE), (ssize_t)PAGE_SIZE);
	KUNIT_EXPECT_MEMEQ(test, out, zeroes, PAGE_SIZE);
	put_page(first);
	put_page(again);
}

static void gmem_test_copy_on_write(struct kunit *test)
{
	struct gmem *parent = new_gmem(test, 1);
	struct gmem *child = new_gmem(test, 1);
	char out[4];

	KUNIT_ASSERT_EQ(test, gmem_write(parent, 0, "old", 4), (ssize_t)4);
	KUNIT_ASSERT_EQ(test, gmem_copy_on_write(child, parent, 0), 0);
	KUNIT_EXPECT_EQ(test, gmem_write(child, 0, "new", 4), (ssize_t)4);

	KUNIT_EXPECT_EQ(test, gmem_read(parent, 0, out, 4), (ssize_t)4);
	KUNIT_EXPECT_STREQ(test, out, "old");
	KUNIT_EXPECT_EQ(test, gmem_read(child, 0, out, 4), (ssize_t)4);
	KUNIT_EXPECT_STREQ(test, out, "new");

	/* The child has one already: the copy is dropped. */
	KUNIT_EXPECT_EQ(test, gmem_copy_on_write(child, parent, 0), -EEXIST);
}

static void gmem_test_truncate(struct kunit *test)
{
	struct gmem *gmem = new_gmem(test, TEST_PAGES);
	char *in = new_buffer(test, PAGE_SIZE, 't');
	char out[2];
	int i;

	for (i = 0; i < TEST_PAGES; i++)
		KUNIT_ASSERT_EQ(test, gmem_write(gmem, i * PAGE_SIZE, in, PAGE_SIZE),
				(ssize_t)PAGE_SIZE);
	gmem_truncate(gmem, 2 * PAGE_SIZE);

	KUNIT_EXPECT_EQ(test, gmem_read(gmem, 2 * PAGE_SIZE - 1, out, 2), (ssize_t)2);
	KUNIT_EXPECT_EQ(test, out[0], 't');
	KUNIT_EXPECT_EQ(test, out[1], 0);
}

/* The file ends in the middle of the write: what was populated too far is dropped. */
static void gmem_test_write_past_end(struct kunit *test)
{
	struct gmem *gmem = new_gmem(test, 1);
	char *in = new_buffer(test, 2 * PAGE_SIZE, 'e');

	KUNIT_EXPECT_EQ(test, gmem_write(gmem, 0, in, 2 * PAGE_SIZE), (ssize_t)PAGE_SIZE);
}

static struct kunit_case gmem_test_cases[] = {
	KUNIT_CASE(gmem_test_write_read),
	KUNIT_CASE(gmem_test_direct_map),
	KUNIT_CASE(gmem_test_fault),
	KUNIT_CASE(gmem_test_copy_on_write),
	KUNIT_CASE(gmem_test_truncate),
	KUNIT_CASE(gmem_test_write_past_end),
	{},
};

static struct kunit_suite gmem_test_suite = {
	.name = "guest_memory",
	.test_cases = gmem_test_cases,
};
kunit_test_suite(gmem_test_suite);

MODULE_DESCRIPTION("Guest memory outside the direct map, an example for flushdep");
MODULE_LICENSE("Dual Apache-2.0/GPL");
