// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * Sequence 1: a folio outside the direct map is added to a page cache.
 *
 * Allocate, charge, zero through the mermap, mark the mapping stale, insert. An insert that
 * fails owes the flush itself: nobody else knows of the folio.
 *
 * BUG_NR=1 FD001: the failed insert drops the folio without a flush
 * BUG_NR=2 FD001: it flushes before the folio was zeroed
 * BUG_NR=3 FD003: it flushes this CPU only, after it moved to another one
 * BUG_NR=4 FD010: the folio is zeroed as if it were in the direct map
 */
#include "unmapped_cache.h"

#define NR_ADDERS 3
#define NR_ROUNDS 6

static struct unmapped_cache cache;
static atomic_t nr_charged;

static int charge_folio(struct folio *folio)
{
	atomic_add(folio_nr_pages(folio), &nr_charged);
	return 0;
}

static void uncharge_folio(struct folio *folio)
{
	atomic_sub(folio_nr_pages(folio), &nr_charged);
}

static int zero_new_folio(struct folio *folio)
{
	if (HAS_BUG(4)) {
		clear_highpage(&folio->page);
		return 0;
	}
	if (HAS_BUG(2))
		flush_tlb_all();
	return cache_fill(&cache, folio, 0);
}

static void flush_failed_insert(void)
{
	if (HAS_BUG(1) || HAS_BUG(2))
		return;
	if (HAS_BUG(3)) {
		move_to_cpu((smp_processor_id() + 1) % nr_cpu_ids);
		__flush_tlb_all();
		return;
	}
	flush_tlb_all();
}

static int add_folio(pgoff_t index)
{
	struct folio *folio = folio_alloc(GFP_UNMAPPED, 0);
	int err;

	if (!folio)
		return -ENOMEM;
	err = charge_folio(folio);
	if (err)
		goto err_put;
	folio_set_locked(folio);
	err = zero_new_folio(folio);
	if (err)
		goto err_uncharge;
	err = cache_add(&cache, index, folio);
	folio_clear_locked(folio);
	if (!err)
		return 0;

	/* The folio was mapped, and will never be on the mapping's list of debts. */
	flush_failed_insert();
err_uncharge:
	uncharge_folio(folio);
err_put:
	folio_put(folio);
	return err;
}

static void adds_once(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, add_folio(0), 0);
	KUNIT_EXPECT_TRUE(test, test_bit(AS_STALE, &cache.flags) || HAS_BUG(4));
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_charged), 1);
}

static void second_insert_fails(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, add_folio(3), 0);
	KUNIT_EXPECT_EQ(test, add_folio(3), -EEXIST);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_charged), 1);
}

static int adder(void *first)
{
	int i, err;

	for (i = 0; i < NR_ROUNDS; i++) {
		err = add_folio((*(int *)first + i) % CACHE_SLOTS);
		if (err && err != -EEXIST)
			return err;
	}
	return 0;
}

static void adders_race(struct kunit *test)
{
	struct mm_worker workers[NR_ADDERS];
	int first[NR_ADDERS];
	int i;

	for (i = 0; i < NR_ADDERS; i++) {
		first[i] = i;
		start_mm_worker(test, &workers[i], adder, &first[i]);
	}
	for (i = 0; i < NR_ADDERS; i++)
		KUNIT_EXPECT_EQ(test, finish_mm_worker(&workers[i]), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&nr_charged), CACHE_SLOTS);
}

static int setup(struct kunit *test)
{
	cache_init(&cache);
	atomic_set(&nr_charged, 0);
	return mermap_mm_prepare(current->mm);
}

static void teardown(struct kunit *test)
{
	cache_truncate(&cache);
}

static struct kunit_case page_cache_add_cases[] = {
	KUNIT_CASE(adds_once),
	KUNIT_CASE(second_insert_fails),
/* Where it is wrong, once is enough. */
#if !BUG_NR
	KUNIT_CASE(adders_race),
#endif
	{},
};

static struct kunit_suite page_cache_add_suite = {
	.name = "page_cache_add",
	.init = setup,
	.exit = teardown,
	.test_cases = page_cache_add_cases,
};
kunit_test_suite(page_cache_add_suite);

MODULE_LICENSE("GPL");
