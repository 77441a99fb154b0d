// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * Sequence 4: munmap and exit: the area is closed, and flushed if its mapping is stale, before the
 * mm loses its right to the memory. The folios stay in the file.
 *
 * BUG_NR=1 FD016: closed without a flush
 * BUG_NR=2 FD016: flushed with the mm's right gone already
 */
#include "flushdep.h"
#include "unmapped_cache.h"

static struct unmapped_cache cache;

/* An area of the file, as far as this goes: which mm may reach which folio. */
struct area {
	struct mm_struct *mm;
	struct folio *folio;
};

static void open_area(struct area *area, pgoff_t index)
{
	area->mm = current->mm;
	area->folio = cache_get(&cache, index);
}

/* What unmapping the area does last: from here on the mm has no business with the folio. */
static void lose_access(struct area *area)
{
	flushdep_access_lost(area->mm->flushdep, NULL, folio_pfn(area->folio), 1);
}

static void close_area(struct area *area)
{
	if (HAS_BUG(2))
		lose_access(area);
	if (test_and_clear_bit(AS_STALE, &cache.flags) && !HAS_BUG(1))
		flush_tlb_all();
	if (!HAS_BUG(2))
		lose_access(area);
	folio_put(area->folio);
}

static int use_area(struct area *area)
{
	return cache_fill(&cache, area->folio, 1);
}

static void munmap_keeps_the_folio(struct kunit *test)
{
	struct area area;

	open_area(&area, 0);
	KUNIT_ASSERT_EQ(test, use_area(&area), 0);
	close_area(&area);
	KUNIT_EXPECT_EQ(test, folio_ref_count(cache.slot[0]), 1);
}

static void untouched_area_needs_no_flush(struct kunit *test)
{
	struct area area;

	open_area(&area, 0);
	close_area(&area);
	KUNIT_EXPECT_FALSE(test, test_bit(AS_STALE, &cache.flags));
}

static int process(void *arg)
{
	struct area area;
	int err = mermap_mm_prepare(current->mm);

	if (err)
		return err;
	open_area(&area, 1);
	err = use_area(&area);
	close_area(&area);
	return err;
}

/* A process with an mm of its own maps the file, and exits. */
static void exit_closes(struct kunit *test)
{
	struct mm_struct *own = current->mm, *mm = mm_alloc();

	KUNIT_ASSERT_NOT_NULL(test, mm);
	kthread_use_mm(mm);
	KUNIT_EXPECT_EQ(test, process(NULL), 0);
	kthread_unuse_mm(mm);
	KUNIT_EXPECT_PTR_EQ(test, current->mm, own);
	mmput(mm);
}

static int setup(struct kunit *test)
{
	struct folio *folio;
	int i;

	cache_init(&cache);
	for (i = 0; i < 2; i++) {
		folio = folio_alloc(GFP_UNMAPPED, 0);
		if (!folio)
			return -ENOMEM;
		KUNIT_ASSERT_EQ(test, cache_add(&cache, i, folio), 0);
	}
	return mermap_mm_prepare(current->mm);
}

static void teardown(struct kunit *test)
{
	cache_truncate(&cache);
}

static struct kunit_case close_area_cases[] = {
	KUNIT_CASE(munmap_keeps_the_folio),
#if !BUG_NR
	KUNIT_CASE(untouched_area_needs_no_flush),
	KUNIT_CASE(exit_closes),
#endif
	{},
};

static struct kunit_suite close_area_suite = {
	.name = "close_area",
	.init = setup,
	.exit = teardown,
	.test_cases = close_area_cases,
};
kunit_test_suite(close_area_suite);

MODULE_LICENSE("GPL");
