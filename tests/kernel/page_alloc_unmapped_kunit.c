// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * KUnit suite of unmapped allocation: pageblocks that are taken out of the direct map as a whole,
 * the names of their free lists, and where it has to fail.
 */
#include <kunit/test.h>

#include <asm/tlbflush.h>
#include <linux/array_size.h>
#include <linux/gfp.h>
#include <linux/irqflags.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/preempt.h>
#include <linux/set_memory.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "flushdep.h"
#include "internal.h"

#define GFP_UNMAPPED (GFP_KERNEL | __GFP_UNMAPPED)

/* --- Pages that go with the case ----------------------------------------------------- */

struct held_pages {
	struct page *page;
	unsigned int order;
};

static void free_held(void *arg)
{
	struct held_pages *held = arg;

	__free_pages(held->page, held->order);
}

static struct page *hold(struct kunit *test, struct page *page, unsigned int order)
{
	struct held_pages *held = kunit_kzalloc(test, sizeof(*held), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, held);
	KUNIT_ASSERT_NOT_NULL(test, page);
	held->page = page;
	held->order = order;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_held, held), 0);
	return page;
}

static struct page *alloc(struct kunit *test, gfp_t gfp, unsigned int order)
{
	return hold(test, alloc_pages(gfp, order), order);
}

static freetype_t unmapped_type(void)
{
	return migrate_to_freetype(MIGRATE_UNMOVABLE, FREETYPE_UNMAPPED);
}

static bool is_unmapped(struct page *page)
{
	return freetypes_equal(get_pageblock_freetype(page), unmapped_type());
}

/* All pages of a kind and order that there are; they are chained by their private member. */
static struct page *drain(gfp_t gfp, unsigned int order)
{
	struct page *all = NULL, *page;

	while ((page = alloc_pages(gfp, order))) {
		set_page_private(page, (unsigned long)all);
		all = page;
	}
	return all;
}

static unsigned long give_back(struct page *all, unsigned int order)
{
	unsigned long nr = 0;

	while (all) {
		struct page *next = (struct page *)page_private(all);

		__free_pages(all, order);
		all = next;
		nr++;
	}
	return nr;
}

static int unmapped_test_init(struct kunit *test)
{
	if (!can_set_direct_map() && strcmp(test->name, "test_fails_without_direct_map_changes") &&
	    strncmp(test->name, "test_freetype", 13) && strcmp(test->name, "test_pindex"))
		kunit_skip(test, "the direct map cannot be changed");
	return 0;
}

/* --- Names of free lists ---------------------------------------------------------------- */

static void test_freetype_idx(struct kunit *test)
{
	bool seen[NR_FREETYPE_IDXS] = {};
	unsigned int mt, flags;

	for (mt = 0; mt < MIGRATE_TYPES; mt++) {
		for (flags = 0; flags <= FREETYPE_UNMAPPED; flags++) {
			freetype_t type = migrate_to_freetype(mt, flags);
			int idx = freetype_idx(type);

			KUNIT_EXPECT_EQ(test, free_to_migratetype(type), mt);
			KUNIT_EXPECT_EQ(test, freetype_flags(type), flags);
			if (flags && mt != MIGRATE_UNMOVABLE) {
				KUNIT_EXPECT_EQ(test, idx, -1);
				continue;
			}
			KUNIT_ASSERT_GE(test, idx, 0);
			KUNIT_ASSERT_LT(test, idx, NR_FREETYPE_IDXS);
			KUNIT_EXPECT_FALSE(test, seen[idx]);
			seen[idx] = true;
		}
	}
	for (mt = 0; mt < NR_FREETYPE_IDXS; mt++)
		KUNIT_EXPECT_TRUE(test, seen[mt]);
}

static void test_freetypes_equal(struct kunit *test)
{
	freetype_t mapped = migrate_to_freetype(MIGRATE_UNMOVABLE, 0);
	freetype_t movable = migrate_to_freetype(MIGRATE_MOVABLE, 0);

	KUNIT_EXPECT_TRUE(test, freetypes_equal(mapped, mapped));
	KUNIT_EXPECT_TRUE(test, freetypes_equal(unmapped_type(), unmapped_type()));
	KUNIT_EXPECT_FALSE(test, freetypes_equal(mapped, unmapped_type()));
	KUNIT_EXPECT_FALSE(test, freetypes_equal(mapped, movable));
}

static void test_pindex(struct kunit *test)
{
	bool seen[NR_PCP_LISTS] = {};
	unsigned int order, mt;

	for (order = 0; pcp_allowed_order(order); order++) {
		for (mt = 0; mt <= MIGRATE_PCPTYPES; mt++) {
			freetype_t type = mt < MIGRATE_PCPTYPES ? migrate_to_freetype(mt, 0)
								: unmapped_type();
			unsigned int pindex = order_to_pindex(type, order);

			KUNIT_ASSERT_LT(test, pindex, NR_PCP_LISTS);
			KUNIT_EXPECT_FALSE(test, seen[pindex]);
			seen[pindex] = true;
			KUNIT_EXPECT_EQ(test, pindex_to_order(pindex), order);
		}
	}
	for (mt = 0; mt < NR_PCP_LISTS; mt++)
		KUNIT_EXPECT_TRUE(test, seen[mt]);
}

/* --- Allocations that succeed --------------------------------------------------------------- */

static const unsigned int orders[] = {0, 1, 3, 4, 8, 9};

static void describe_order(const unsigned int *order, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "order %u", *order);
}

KUNIT_ARRAY_PARAM(order, orders, describe_order);

static void test_unmapped(struct kunit *test)
{
	unsigned int order = *(const unsigned int *)test->param_value, i;
	struct page *page = alloc(test, GFP_UNMAPPED, order);

	for (i = 0; i < 1U << order; i++) {
		KUNIT_EXPECT_FALSE(test, kernel_page_present(page + i));
		KUNIT_EXPECT_TRUE(test, is_unmapped(page + i));
	}
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
}

static void test_mapped(struct kunit *test)
{
	unsigned int order = *(const unsigned int *)test->param_value, i;
	struct page *page;

	/* There are blocks of the other kind now. */
	alloc(test, GFP_UNMAPPED, 0);
	page = alloc(test, GFP_KERNEL, order);
	for (i = 0; i < 1U << order; i++) {
		KUNIT_EXPECT_TRUE(test, kernel_page_present(page + i));
		KUNIT_EXPECT_FALSE(test, is_unmapped(page + i));
	}
	memset(page_address(page), 1, PAGE_SIZE << order);
}

static void test_whole_pageblock(struct kunit *test)
{
	unsigned long pfn = pageblock_start_pfn(page_to_pfn(alloc(test, GFP_UNMAPPED, 0)));
	unsigned long end = pfn + pageblock_nr_pages;

	for (; pfn < end; pfn++)
		KUNIT_EXPECT_FALSE(test, kernel_page_present(pfn_to_page(pfn)));
}

static void test_movable_is_ignored(struct kunit *test)
{
	struct page *page = alloc(test, GFP_UNMAPPED | __GFP_MOVABLE, 0);

	KUNIT_EXPECT_TRUE(test, is_unmapped(page));
	KUNIT_EXPECT_FALSE(test, kernel_page_present(page));
}

static void test_thisnode(struct kunit *test)
{
	struct page *page = alloc_pages_node(numa_node_id(), GFP_UNMAPPED | __GFP_THISNODE, 0);

	KUNIT_EXPECT_TRUE(test, is_unmapped(hold(test, page, 0)));
}

static void test_compound(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_UNMAPPED, 2);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	KUNIT_EXPECT_EQ(test, folio_nr_pages(folio), 4);
	KUNIT_EXPECT_PTR_EQ(test, page_folio(&folio->page + 3), folio);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(&folio->page + 3));
	folio_put(folio);
}

static void test_split(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_UNMAPPED, 2);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, 2);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, page_count(page + i), 1);
		__free_page(page + i);
	}
}

static void test_frozen(struct kunit *test)
{
	struct page *page = __alloc_frozen_pages(GFP_KERNEL, 0, numa_node_id(), NULL,
						 ALLOC_DEFAULT | ALLOC_UNMAPPED);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, page_count(page), 0);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(page));
	set_page_refcounted(page);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	put_page(page);

	page = __alloc_frozen_pages(GFP_KERNEL, 0, numa_node_id(), NULL, ALLOC_DEFAULT);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_TRUE(test, kernel_page_present(page));
	free_frozen_pages(page, 0);
}

/* The pages' own bytes, whoever may reach them. */
static void fill(struct kunit *test, struct page *page, unsigned long size, int byte)
{
	struct mermap_alloc *map = mermap_get(page, size, PAGE_KERNEL);

	KUNIT_EXPECT_NOT_NULL(test, map);
	if (!map)
		return;
	memset(mermap_addr(map), byte, size);
	mermap_put(map);
	flush_tlb_all();
}

static unsigned long sum_up(struct kunit *test, struct page *page, unsigned long size)
{
	struct mermap_alloc *map = mermap_get(page, size, PAGE_KERNEL);
	unsigned long i, sum = 0;

	KUNIT_EXPECT_NOT_NULL(test, map);
	if (!map)
		return 0;
	for (i = 0; i < size; i++)
		sum += ((u8 *)mermap_addr(map))[i];
	mermap_put(map);
	flush_tlb_all();
	return sum;
}

static void test_zero(struct kunit *test)
{
	struct page *page;

	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(current->mm), 0);
	/* What the last owner left there. */
	page = alloc_pages(GFP_UNMAPPED, 1);
	KUNIT_ASSERT_NOT_NULL(test, page);
	fill(test, page, 2 * PAGE_SIZE, 0x55);
	__free_pages(page, 1);

	page = alloc_pages(GFP_UNMAPPED | __GFP_ZERO, 1);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, sum_up(test, page, 2 * PAGE_SIZE), 0);
	__free_pages(page, 1);
}

/* --- Blocks change sides ---------------------------------------------------------------------- */

static void test_unmapped_memory_is_not_lost(struct kunit *test)
{
	unsigned long before =
		give_back(drain(GFP_KERNEL, pageblock_order - 1), pageblock_order - 1);
	unsigned long unmapped =
		give_back(drain(GFP_UNMAPPED, pageblock_order - 1), pageblock_order - 1);
	unsigned long after =
		give_back(drain(GFP_KERNEL, pageblock_order - 1), pageblock_order - 1);

	KUNIT_EXPECT_GT(test, unmapped, before / 2);
	KUNIT_EXPECT_LE(test, after << (pageblock_order - 1), node_present_pages(numa_mem_id()));
	KUNIT_EXPECT_EQ(test, after, before);
}

static void test_kinds_are_not_mixed(struct kunit *test)
{
	struct page *unmapped = alloc(test, GFP_UNMAPPED, 0), *all, *page;

	all = drain(GFP_KERNEL, 0);
	for (page = all; page; page = (struct page *)page_private(page)) {
		if (page_to_pfn(page) >> pageblock_order !=
			    page_to_pfn(unmapped) >> pageblock_order &&
		    kernel_page_present(page))
			continue;
		KUNIT_FAIL(test, "pfn %#lx is in an unmapped block\n", page_to_pfn(page));
		break;
	}
	give_back(all, 0);
}

/* What was secret is gone before others can see it. */
static void test_scrubbed_when_mapped_back(struct kunit *test)
{
	struct page *secret = alloc_page(GFP_UNMAPPED), *all, *page;
	unsigned long pfn;

	KUNIT_ASSERT_NOT_NULL(test, secret);
	pfn = page_to_pfn(secret);
	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(current->mm), 0);
	fill(test, secret, PAGE_SIZE, 0x77);
	__free_page(secret);

	all = drain(GFP_KERNEL, 0);
	for (page = all; page && page_to_pfn(page) != pfn;)
		page = (struct page *)page_private(page);
	if (page)
		KUNIT_EXPECT_NULL(test, memchr(page_address(page), 0x77, PAGE_SIZE));
	KUNIT_EXPECT_NOT_NULL(test, page);
	give_back(all, 0);
}

/* --- Where a shootdown is not possible
 * ------------------------------------------------------------ */

/* Ordinary memory only: whatever there was of the other kind goes. */
static void map_everything(void)
{
	give_back(drain(GFP_KERNEL, 0), 0);
}

static void test_atomic_fails(struct kunit *test)
{
	map_everything();
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_ATOMIC | __GFP_UNMAPPED));
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_NOWAIT | __GFP_UNMAPPED));
}

static void test_irqs_off_fails(struct kunit *test)
{
	unsigned long flags;
	struct page *page;

	map_everything();
	local_irq_save(flags);
	page = alloc_page(GFP_ATOMIC | __GFP_UNMAPPED);
	local_irq_restore(flags);
	KUNIT_EXPECT_NULL(test, page);
}

static DEFINE_SPINLOCK(some_lock);

static void test_under_a_lock_fails(struct kunit *test)
{
	struct page *page;

	map_everything();
	spin_lock(&some_lock);
	page = alloc_page(GFP_NOWAIT | __GFP_UNMAPPED);
	spin_unlock(&some_lock);
	KUNIT_EXPECT_NULL(test, page);
}

static void test_atomic_takes_what_is_there(struct kunit *test)
{
	struct page *page;

	alloc(test, GFP_UNMAPPED, 0);
	page = alloc_page(GFP_ATOMIC | __GFP_UNMAPPED);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(hold(test, page, 0)));
}

static void test_fails_without_direct_map_changes(struct kunit *test)
{
	if (can_set_direct_map())
		kunit_skip(test, "the direct map can be changed");
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_UNMAPPED));
	alloc(test, GFP_KERNEL, 0);
}

/* --- Changes of the direct map that fail
 * ------------------------------------------------------------ */

static unsigned long nr_mapped_pages(void)
{
	return give_back(drain(GFP_KERNEL, 0), 0);
}

/* Nothing has become of it: no page, no block of the other kind, none lost. */
static void test_failed_change(struct kunit *test)
{
	struct flushdep_inject_rule rule = {.point = FLUSHDEP_INJECT_DIRECT_MAP};
	unsigned long before = nr_mapped_pages();
	struct page *page;

	KUNIT_ASSERT_EQ(test, flushdep_inject(&rule), 0);
	page = alloc_page(GFP_UNMAPPED);
	flushdep_inject_clear();
	KUNIT_EXPECT_NULL(test, page);
	/* It takes what is there already. */
	KUNIT_EXPECT_NULL(test, alloc_page(GFP_ATOMIC | __GFP_UNMAPPED));
	KUNIT_EXPECT_EQ(test, nr_mapped_pages(), before);
}

/* --- Folios out of the direct map, page by page
 * --------------------------------------------------- */

static void test_zap_and_restore(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_KERNEL | __GFP_ZERO, 2);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, folio);
	KUNIT_EXPECT_EQ(test, folio_zap_direct_map(folio), 0);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_FALSE(test, kernel_page_present(&folio->page + i));
	/* By its own hand, not by its block. */
	KUNIT_EXPECT_FALSE(test, is_unmapped(&folio->page));
	KUNIT_EXPECT_EQ(test, folio_restore_direct_map(folio), 0);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_TRUE(test, kernel_page_present(&folio->page + i));
	memset(folio_address(folio), 0, folio_size(folio));
	folio_put(folio);
}

static void test_print_flags(struct kunit *test)
{
	gfp_t gfp = GFP_KERNEL | __GFP_UNMAPPED;
	char text[64];

	snprintf(text, sizeof(text), "%pGg", &gfp);
	KUNIT_EXPECT_STREQ(test, text, "GFP_KERNEL|__GFP_UNMAPPED");
}

static struct kunit_case unmapped_test_cases[] = {KUNIT_CASE(test_freetype_idx),
						  KUNIT_CASE(test_freetypes_equal),
						  KUNIT_CASE(test_pindex),
						  KUNIT_CASE_PARAM(test_unmapped, order_gen_params),
						  KUNIT_CASE_PARAM(test_mapped, order_gen_params),
						  KUNIT_CASE(test_whole_pageblock),
						  KUNIT_CASE(test_movable_is_ignored),
						  KUNIT_CASE(test_thisnode),
						  KUNIT_CASE(test_compound),
						  KUNIT_CASE(test_split),
						  KUNIT_CASE(test_frozen),
						  KUNIT_CASE(test_zero),
						  KUNIT_CASE(test_unmapped_memory_is_not_lost),
						  KUNIT_CASE(test_kinds_are_not_mixed),
						  KUNIT_CASE(test_scrubbed_when_mapped_back),
						  KUNIT_CASE(test_atomic_fails),
						  KUNIT_CASE(test_irqs_off_fails),
						  KUNIT_CASE(test_under_a_lock_fails),
						  KUNIT_CASE(test_atomic_takes_what_is_there),
						  KUNIT_CASE(test_fails_without_direct_map_changes),
						  KUNIT_CASE(test_failed_change),
						  KUNIT_CASE(test_zap_and_restore),
						  KUNIT_CASE(test_print_flags),
						  {}};

static struct kunit_suite unmapped_test_suite = {
	.name = "page_alloc_unmapped",
	.init = unmapped_test_init,
	.test_cases = unmapped_test_cases,
};
kunit_test_suite(unmapped_test_suite);

MODULE_DESCRIPTION("KUnit tests of unmapped page allocation");
MODULE_LICENSE("GPL");
