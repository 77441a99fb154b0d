// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * Sequence 3: truncate and evict: a batch out of the cache under the locks, then, without any of
 * them, one flush, then the folios.
 *
 * The stale bit of the mapping says whether the flush is needed. Whoever clears it must have
 * flushed before anybody else may believe it.
 *
 * BUG_NR=1 FD001: the folios are dropped before the flush
 * BUG_NR=2 FD003: only this CPU is flushed
 * BUG_NR=3 FD014: flushed with interrupts off
 * BUG_NR=4 FD001: the bit is cleared before the flush, and a second remover believes it
 * BUG_NR=5 FD017: flushed with the cache's lock held, for which others wait with interrupts off
 */
#include "unmapped_cache.h"

static struct unmapped_cache cache;

/* One flush at a time: who finds the bit clear knows that the flush is over. */
static DEFINE_MUTEX(flush_mutex);

/* Only with BUG_NR=4: the second remover comes when the first has cleared the bit. */
static struct completion bit_is_clear, second_is_done;

static void flush_if_stale(void)
{
	if (HAS_BUG(2)) {
		__flush_tlb_all();
		return;
	}
	if (HAS_BUG(4)) {
		if (!test_and_clear_bit(AS_STALE, &cache.flags))
			return;
		complete(&bit_is_clear);
		wait_for_completion(&second_is_done);
		flush_tlb_all();
		return;
	}
	guard(mutex)(&flush_mutex);
	if (!test_bit(AS_STALE, &cache.flags))
		return;
	clear_bit(AS_STALE, &cache.flags);
	flush_tlb_all();
}

static unsigned int take_range(pgoff_t start, pgoff_t end, struct folio **batch)
{
	unsigned int nr = 0;

	down_write(&cache.invalidate_lock);
	spin_lock_irq(&cache.lock);
	for (; start < end; start++) {
		if (cache.slot[start])
			batch[nr++] = cache.slot[start];
		cache.slot[start] = NULL;
	}
	if (HAS_BUG(3)) {
		spin_unlock(&cache.lock);
		flush_tlb_all();
		local_irq_enable();
	} else {
		spin_unlock_irq(&cache.lock);
	}
	up_write(&cache.invalidate_lock);
	if (HAS_BUG(5))
		scoped_guard(spinlock, &cache.lock) flush_tlb_all();
	return nr;
}

static void truncate_range(pgoff_t start, pgoff_t end)
{
	struct folio *batch[CACHE_SLOTS];
	unsigned int i, nr = take_range(start, end, batch);

	if (!HAS_BUG(1) && !HAS_BUG(3) && !HAS_BUG(5))
		flush_if_stale();
	for (i = 0; i < nr; i++)
		folio_put(batch[i]);
	if (HAS_BUG(1))
		flush_if_stale();
}

/* Half of the folios are used on one CPU, half on another. */
static void populate(struct kunit *test)
{
	struct folio *folio;
	int i;

	for (i = 0; i < CACHE_SLOTS; i++) {
		KUNIT_ASSERT_EQ(test, move_to_cpu(i < CACHE_SLOTS / 2), 0);
		folio = folio_alloc(GFP_UNMAPPED, 0);
		KUNIT_ASSERT_NOT_NULL(test, folio);
		KUNIT_ASSERT_EQ(test, cache_fill(&cache, folio, i), 0);
		KUNIT_ASSERT_EQ(test, cache_add(&cache, i, folio), 0);
	}
}

static void one_remover(struct kunit *test)
{
	populate(test);
	/* One folio, so that what is wrong is wrong once. */
	truncate_range(0, 1);
	KUNIT_EXPECT_NULL(test, cache.slot[0]);
	KUNIT_EXPECT_NOT_NULL(test, cache.slot[1]);
	cache_truncate(&cache);
}

static int remove_first_half(void *arg)
{
	truncate_range(0, CACHE_SLOTS / 2);
	return 0;
}

static void two_removers(struct kunit *test)
{
	struct mm_worker first;

	init_completion(&bit_is_clear);
	init_completion(&second_is_done);
	populate(test);
	start_mm_worker(test, &first, remove_first_half, NULL);
	if (HAS_BUG(4))
		wait_for_completion(&bit_is_clear);
	truncate_range(CACHE_SLOTS - 1, CACHE_SLOTS);
	complete(&second_is_done);
	KUNIT_EXPECT_EQ(test, finish_mm_worker(&first), 0);
	cache_truncate(&cache);
}

static int setup(struct kunit *test)
{
	cache_init(&cache);
	return mermap_mm_prepare(current->mm);
}

static struct kunit_case truncate_cases[] = {
#if BUG_NR != 4
	KUNIT_CASE(one_remover),
#endif
#if !BUG_NR || BUG_NR == 4
	KUNIT_CASE(two_removers),
#endif
	{},
};

static struct kunit_suite truncate_suite = {
	.name = "truncate_batch",
	.init = setup,
	.test_cases = truncate_cases,
};
kunit_test_suite(truncate_suite);

MODULE_LICENSE("GPL");
