// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * Sequence 2: secretmem: out of the direct map in the fault, back at the free.
 *
 * The fault holds the invalidate lock shared, finds the folio or makes it: take it out of the
 * direct map, insert, flush. Who loses the race puts its folio back into the direct map and
 * looks again. The free puts it back and zeroes it then, in this order.
 *
 * BUG_NR=1 FD001: the loser of the race drops its folio without putting it back
 * BUG_NR=2 FD010: the free zeroes before it puts the folio back
 * BUG_NR=3 FD001: the free of a folio whose removal was not flushed does not put it back
 */
#include "unmapped_cache.h"

#define NR_FAULTERS 3

static struct unmapped_cache cache;

static void flush_direct_map(struct folio *folio)
{
	unsigned long addr = (unsigned long)folio_address(folio);

	if (!HAS_BUG(3))
		flush_tlb_kernel_range(addr, addr + folio_size(folio));
}

/* `lost` is for tests: what another fault would insert between the look and the insert. */
static struct folio *make_folio(pgoff_t index, struct folio *lost)
{
	struct folio *folio = folio_alloc(GFP_KERNEL | __GFP_ZERO, 0);
	int err;

	if (!folio)
		return ERR_PTR(-ENOMEM);
	err = set_direct_map_invalid_noflush(&folio->page);
	if (err)
		goto err_put;
	folio_set_uptodate(folio);
	if (lost)
		KUNIT_ASSERT_EQ(kunit_get_current_test(), cache_add(&cache, index, lost), 0);
	/* The reference of the fault, beside the cache's: it is the cache that may go first. */
	folio_get(folio);
	err = cache_add(&cache, index, folio);
	if (err) {
		folio_put(folio);
		if (!HAS_BUG(1))
			set_direct_map_default_noflush(&folio->page);
		goto err_put;
	}
	flush_direct_map(folio);
	return folio;

err_put:
	folio_put(folio);
	return ERR_PTR(err);
}

static struct folio *fault(pgoff_t index, struct folio *lost)
{
	struct folio *folio;

	down_read(&cache.invalidate_lock);
	do {
		folio = cache_get(&cache, index);
		if (!folio)
			folio = make_folio(index, lost);
	} while (folio == ERR_PTR(-EEXIST));
	up_read(&cache.invalidate_lock);
	return folio;
}

static void free_folio(struct folio *folio)
{
	if (HAS_BUG(2))
		memset(folio_address(folio), 0, folio_size(folio));
	if (!HAS_BUG(3))
		set_direct_map_default_noflush(&folio->page);
	if (!HAS_BUG(3))
		memset(folio_address(folio), 0, folio_size(folio));
	folio_put(folio);
}

static void truncate(void)
{
	struct folio *batch[CACHE_SLOTS];
	unsigned int i, nr;

	down_write(&cache.invalidate_lock);
	nr = cache_take_all(&cache, batch);
	up_write(&cache.invalidate_lock);
	for (i = 0; i < nr; i++)
		free_folio(batch[i]);
}

static void fault_takes_it_out(struct kunit *test)
{
	struct folio *folio = fault(1, NULL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, folio);
	KUNIT_EXPECT_FALSE(test, kernel_page_present(&folio->page));
	KUNIT_EXPECT_TRUE(test, folio_test_uptodate(folio));
	folio_put(folio);
	folio = fault(1, NULL);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	folio_put(folio);
	truncate();
}

static void loser_looks_again(struct kunit *test)
{
	struct folio *winner = folio_alloc(GFP_KERNEL | __GFP_ZERO, 0);
	struct folio *folio;

	KUNIT_ASSERT_NOT_NULL(test, winner);
	KUNIT_ASSERT_EQ(test, set_direct_map_invalid_noflush(&winner->page), 0);
	flush_direct_map(winner);
	folio = fault(2, winner);
	KUNIT_EXPECT_PTR_EQ(test, folio, winner);
	if (!IS_ERR(folio))
		folio_put(folio);
	truncate();
}

static int faulter(void *arg)
{
	struct folio *folio;
	int i;

	for (i = 0; i < CACHE_SLOTS; i++) {
		folio = fault(i, NULL);
		if (IS_ERR(folio))
			return PTR_ERR(folio);
		folio_put(folio);
	}
	return 0;
}

static void faults_race(struct kunit *test)
{
	struct mm_worker workers[NR_FAULTERS];
	int i;

	for (i = 0; i < NR_FAULTERS; i++)
		start_mm_worker(test, &workers[i], faulter, NULL);
	for (i = 0; i < NR_FAULTERS; i++)
		KUNIT_EXPECT_EQ(test, finish_mm_worker(&workers[i]), 0);
	truncate();
}

/* A first change splits the large entry of the direct map, which flushes: not ours to count on. */
static int setup(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	set_direct_map_invalid_noflush(page);
	set_direct_map_default_noflush(page);
	__free_page(page);
	cache_init(&cache);
	return 0;
}

static struct kunit_case secretmem_cases[] = {
	KUNIT_CASE(fault_takes_it_out),
#if BUG_NR < 2
	KUNIT_CASE(loser_looks_again),
#endif
#if !BUG_NR
	KUNIT_CASE(faults_race),
#endif
	{},
};

static struct kunit_suite secretmem_suite = {
	.name = "secretmem_fault",
	.init = setup,
	.test_cases = secretmem_cases,
};
kunit_test_suite(secretmem_suite);

MODULE_LICENSE("GPL");
