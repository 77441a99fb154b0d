// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/* cases.c: a KUnit suite with a case of each kind: right, wrong twice, failing, trapping. */
#include <asm/tlbflush.h>
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mermap.h>
#include <linux/mm.h>

static struct page *map_once(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_UNMAPPED);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(current->mm), 0);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	mermap_put(map);
	return page;
}

static void right(struct kunit *test)
{
	struct page *page = map_once(test);

	flush_tlb_mm(current->mm);
	__free_page(page);
}

static void wrong(struct kunit *test)
{
	struct page *page = map_once(test);

	__free_page(page);
}

static void fails(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1, 2);
}

static void traps(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_UNMAPPED);

	KUNIT_ASSERT_NOT_NULL(test, page);
	*(volatile char *)page_address(page) = 1;
}

static void wild(struct kunit *test)
{
	*(volatile char *)0x7ebffffff000ull = 1;
}

/* Flushed by the mermap, when it began its addresses anew: safe by luck. */
static void lucky(struct kunit *test)
{
	struct page *page = map_once(test);
	int i;

	for (i = 0; i < 600; i++)
		map_once(test);
	__free_page(page);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(wrong), KUNIT_CASE(right), KUNIT_CASE(fails),
	KUNIT_CASE(traps), KUNIT_CASE(wild),  {},
};

static struct kunit_case possible_cases[] = {
	KUNIT_CASE(lucky),
	KUNIT_CASE(right),
	{},
};

static struct kunit_suite suite = {
	.name = "live",
	.test_cases = cases,
};
kunit_test_suite(suite);

static struct kunit_suite possible_suite = {
	.name = "possible",
	.test_cases = possible_cases,
};
kunit_test_suite(possible_suite);
