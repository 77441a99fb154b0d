// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * Sequence 8: a pageblock flips, both ways, and fails to.
 *
 * Out: take the block, drop the lock, take all of it out of the direct map, flush once, and only
 * then give it to the pool of unmapped blocks. Back: into the direct map, which needs no flush,
 * scrub, free. Where taking it out fails, what was done is undone, and the block stays what it was.
 *
 * BUG_NR=1 FD001: a flip that failed half way frees the block as it is
 * BUG_NR=2 FD010: scrubbed before it is back in the direct map
 * BUG_NR=3 FD017: flushed with the pool's lock held, for which others wait with interrupts off
 * BUG_NR=4 FD003: the flush is shorter than the block, which goes without being put back
 */
#include "flushdep.h"
#include "unmapped_cache.h"

static DEFINE_SPINLOCK(pool_lock);
static LIST_HEAD(pool);

static void flush_block(struct page *block)
{
	unsigned long addr = (unsigned long)page_address(block);
	unsigned long size = PAGE_SIZE << pageblock_order;

	if (HAS_BUG(3))
		spin_lock(&pool_lock);
	flush_tlb_kernel_range(addr, addr + (HAS_BUG(4) ? PAGE_SIZE : size));
	if (HAS_BUG(3))
		spin_unlock(&pool_lock);
}

/* In two steps, so that the second one can fail. */
static int unmap_block(struct page *block)
{
	unsigned int half = pageblock_nr_pages / 2;
	int err = set_direct_map_valid_noflush(block, half, false);

	if (err)
		return err;
	err = set_direct_map_valid_noflush(block + half, half, false);
	if (!err)
		flush_block(block);
	else if (!HAS_BUG(1))
		set_direct_map_valid_noflush(block, half, true);
	return err;
}

static int flip_out(void)
{
	struct page *block = alloc_pages(GFP_KERNEL, pageblock_order);
	int err;

	if (!block)
		return -ENOMEM;
	err = unmap_block(block);
	if (err) {
		__free_pages(block, pageblock_order);
		return err;
	}
	scoped_guard(spinlock_irqsave, &pool_lock) list_add(&block->lru, &pool);
	return 0;
}

static void scrub(struct page *block)
{
	memset(page_address(block), 0, PAGE_SIZE << pageblock_order);
}

static int flip_back(void)
{
	struct page *block;
	int err;

	scoped_guard(spinlock_irqsave, &pool_lock)
	{
		block = list_first_entry_or_null(&pool, struct page, lru);
		if (block)
			list_del(&block->lru);
	}
	if (!block)
		return -ENOENT;
	if (HAS_BUG(2))
		scrub(block);
	err = HAS_BUG(4) ? 0 : set_direct_map_valid_noflush(block, pageblock_nr_pages, true);
	if (!err && !HAS_BUG(4))
		scrub(block);
	__free_pages(block, pageblock_order);
	return err;
}

static void there_and_back(struct kunit *test)
{
	struct page *block;

	KUNIT_ASSERT_EQ(test, flip_out(), 0);
	block = list_first_entry(&pool, struct page, lru);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(block));
	KUNIT_EXPECT_FALSE(test, kernel_page_present(block + pageblock_nr_pages - 1));
	KUNIT_EXPECT_EQ(test, flip_back(), 0);
	KUNIT_EXPECT_TRUE(test, kernel_page_present(block));
	KUNIT_EXPECT_EQ(test, flip_back(), -ENOENT);
}

/* The second change of the direct map fails. */
static void fails_half_way(struct kunit *test)
{
	struct flushdep_inject_rule rule = {
		.point = FLUSHDEP_INJECT_DIRECT_MAP,
		.after = 1,
		.times = 1,
	};
	int err;

	KUNIT_ASSERT_EQ(test, flushdep_inject(&rule), 0);
	err = flip_out();
	flushdep_inject_clear();
	KUNIT_EXPECT_NE(test, err, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&pool));
}

static struct kunit_case flip_cases[] = {
#if BUG_NR != 1
	KUNIT_CASE(there_and_back),
#endif
#if BUG_NR < 2
	KUNIT_CASE(fails_half_way),
#endif
	{},
};

static struct kunit_suite flip_suite = {
	.name = "pageblock_flip",
	.test_cases = flip_cases,
};
kunit_test_suite(flip_suite);

MODULE_LICENSE("GPL");
