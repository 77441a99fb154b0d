// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * own_mermap.c: a program's own mermap replaces the shim's whole. This one serves
 * pages through the direct map, which the shim's never would.
 */
#include <kunit/test.h>
#include <linux/mermap.h>
#include <linux/mm.h>

static struct mermap_alloc only;
static int puts_seen;

int mermap_mm_prepare(struct mm_struct *mm)
{
	return mm ? 0 : -EINVAL;
}

bool mermap_ready(void)
{
	return true;
}

struct mermap_alloc *mermap_get(struct page *page, unsigned long size, pgprot_t prot)
{
	if (only.in_use)
		return NULL;
	only.base = (unsigned long)page_address(page);
	only.end = only.base + size;
	only.in_use = true;
	return &only;
}

struct mermap_alloc *mermap_get_reserved(struct page *page, pgprot_t prot)
{
	return mermap_get(page, PAGE_SIZE, prot);
}

void mermap_put(struct mermap_alloc *alloc)
{
	alloc->in_use = false;
	puts_seen++;
}

#ifdef OWN_MERMAP_ADDR
void *mermap_addr(struct mermap_alloc *alloc)
{
	return (void *)alloc->base;
}
#endif

static void own_is_used(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_EXPECT_PTR_EQ(test, map, &only);
	KUNIT_EXPECT_PTR_EQ(test, mermap_addr(map), page_address(page));
	mermap_put(map);
	KUNIT_EXPECT_EQ(test, puts_seen, 1);
	__free_page(page);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(own_is_used),
	{},
};

static struct kunit_suite suite = {
	.name = "own_mermap",
	.test_cases = cases,
};
kunit_test_suite(suite);
