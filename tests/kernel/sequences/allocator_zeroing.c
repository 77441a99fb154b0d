// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * Sequence 6: the allocator zeroes an unmapped block: all of it through one mapping, or else page
 * by page through the reserve, which needs preemption off and never fails.
 *
 * BUG_NR=1 FD014: the reserve is used with preemption on
 * BUG_NR=2 FD001: the block is freed with what zeroing left behind
 * BUG_NR=3 FD003: the flush covers the first page of the block only
 * BUG_NR=4 FD010: the rest of the block is zeroed through the direct map
 */
#include "unmapped_cache.h"

#define ORDER 2

static void zero_page_reserved(struct page *page)
{
	struct mermap_alloc *map;

	if (!HAS_BUG(1))
		preempt_disable();
	map = mermap_get_reserved(page, PAGE_KERNEL);
	if (map) {
		memset(mermap_addr(map), 0, PAGE_SIZE);
		mermap_put(map);
	}
	if (!HAS_BUG(1))
		preempt_enable();
}

/* The address that was zeroed through, or 0 if it was the reserve's. */
static unsigned long zero_block(struct page *page, unsigned int order)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE << order, PAGE_KERNEL);
	unsigned long addr;
	int i;

	if (map) {
		addr = map->base;
		memset(mermap_addr(map), 0, PAGE_SIZE << order);
		mermap_put(map);
		return addr;
	}
	for (i = 0; i < 1 << order; i++) {
		if (i && HAS_BUG(4))
			clear_highpage(page + i);
		else
			zero_page_reserved(page + i);
		if (HAS_BUG(1))
			break;
	}
	return 0;
}

static void flush_block(unsigned long addr)
{
	if (HAS_BUG(2))
		return;
	if (HAS_BUG(3) && addr)
		flush_tlb_mm_range(current->mm, addr, addr + PAGE_SIZE, PAGE_SHIFT, false);
	else
		flush_tlb_mm(current->mm);
}

static void through_one_mapping(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_UNMAPPED, ORDER);
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, page);
	addr = zero_block(page, ORDER);
	KUNIT_EXPECT_NE(test, addr, 0ul);
	flush_block(addr);
	__free_pages(page, ORDER);
}

/* All of the slice's mappings are taken: what is left is the reserve. */
static void through_the_reserve(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_UNMAPPED, ORDER);
	struct page *other = alloc_page(GFP_UNMAPPED);
	struct mermap_alloc *taken[4];
	int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_NOT_NULL(test, other);
	for (i = 0; i < 4; i++) {
		taken[i] = mermap_get(other, PAGE_SIZE, PAGE_KERNEL_RO);
		KUNIT_ASSERT_NOT_NULL(test, taken[i]);
	}
	KUNIT_EXPECT_EQ(test, zero_block(page, ORDER), 0ul);
	for (i = 4; i-- > 0;)
		mermap_put(taken[i]);
	flush_block(0);
	__free_pages(page, ORDER);
	flush_tlb_mm(current->mm);
	__free_page(other);
}

static int setup(struct kunit *test)
{
	return mermap_mm_prepare(current->mm);
}

static struct kunit_case zeroing_cases[] = {
#if !BUG_NR || BUG_NR == 2 || BUG_NR == 3
	KUNIT_CASE(through_one_mapping),
#endif
#if !BUG_NR || BUG_NR == 1 || BUG_NR == 4
	KUNIT_CASE(through_the_reserve),
#endif
	{},
};

static struct kunit_suite zeroing_suite = {
	.name = "allocator_zeroing",
	.init = setup,
	.test_cases = zeroing_cases,
};
kunit_test_suite(zeroing_suite);

MODULE_LICENSE("GPL");
