// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* A KUnit file of a stranger's: nothing but kernel names. */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <asm/tlbflush.h>

static int fill_page(struct kunit *test, bool fail)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_UNMAPPED);
	struct mermap_alloc *map;
	int err = 0;

	if (!page)
		return -ENOMEM;
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (!map) {
		__free_page(page);
		return -EBUSY;
	}
	memset(mermap_addr(map), 0x5a, PAGE_SIZE);
	mermap_put(map);
	if (fail) {
		err = -EIO;
		goto out;
	}
	flush_tlb_mm(current->mm);
	__free_page(page);
	return 0;
out:
#ifndef SKIP_FLUSH
	flush_tlb_mm(current->mm);
#endif
	__free_page(page);
	return err;
}

static void stranger_fills(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(current->mm), 0);
	KUNIT_EXPECT_EQ(test, fill_page(test, false), 0);
	KUNIT_EXPECT_EQ(test, fill_page(test, true), -EIO);
}

static struct kunit_case stranger_cases[] = {
	KUNIT_CASE(stranger_fills),
	{}
};

static struct kunit_suite stranger_suite = {
	.name = "stranger",
	.test_cases = stranger_cases,
};
kunit_test_suite(stranger_suite);

MODULE_LICENSE("GPL");
