// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * Sequence 5: guest_memfd: cleared and taken out of the direct map by the guest's fault, written
 * through the mermap by write(), put back at the free.
 *
 * BUG_NR=1 FD001: freed without a flush of what write() left behind
 * BUG_NR=2 FD010: the fault clears after it took the folio out
 * BUG_NR=3 FD010: write() goes through the direct map
 * BUG_NR=4 FD002: write() forgets its mapping where the copy fails
 */
#include <linux/uaccess.h>

#include "unmapped_cache.h"

#define NR_WRITERS 3

static struct unmapped_cache cache;

static int zap_direct_map(struct folio *folio)
{
	unsigned long addr = (unsigned long)folio_address(folio);
	int err = set_direct_map_valid_noflush(&folio->page, folio_nr_pages(folio), false);

	if (!err)
		flush_tlb_kernel_range(addr, addr + folio_size(folio));
	return err;
}

static void restore_direct_map(struct folio *folio)
{
	WARN_ON_ONCE(set_direct_map_valid_noflush(&folio->page, folio_nr_pages(folio), true));
}

static int fault(pgoff_t index)
{
	struct folio *folio = folio_alloc(GFP_HIGHUSER, 0);
	int err;

	if (!folio)
		return -ENOMEM;
	if (!HAS_BUG(2))
		clear_highpage(&folio->page);
	err = zap_direct_map(folio);
	if (err)
		goto err_put;
	if (HAS_BUG(2))
		clear_highpage(&folio->page);
	err = cache_add(&cache, index, folio);
	if (!err)
		return 0;
	restore_direct_map(folio);
err_put:
	folio_put(folio);
	return err;
}

static int write_mapped(struct folio *folio, const void __user *buf, size_t len)
{
	struct mermap_alloc *map;
	int err = 0;

	map = mermap_get(&folio->page, folio_size(folio), PAGE_KERNEL);
	if (!map)
		return -ENOMEM;
	if (copy_from_user(mermap_addr(map), buf, len))
		err = -EFAULT;
	if (err && HAS_BUG(4)) {
		migrate_enable();
		return err;
	}
	mermap_put(map);
	set_bit(AS_STALE, &cache.flags);
	return err;
}

static int guest_write(pgoff_t index, const void __user *buf, size_t len)
{
	struct folio *folio;
	int err;

	down_read(&cache.invalidate_lock);
	folio = cache_get(&cache, index);
	if (HAS_BUG(3)) {
		memcpy_to_folio(folio, 0, buf, len);
		err = 0;
	} else {
		err = write_mapped(folio, buf, len);
	}
	folio_put(folio);
	up_read(&cache.invalidate_lock);
	return err;
}

static void release(void)
{
	struct folio *batch[CACHE_SLOTS];
	unsigned int i, nr;

	down_write(&cache.invalidate_lock);
	nr = cache_take_all(&cache, batch);
	up_write(&cache.invalidate_lock);
	if (test_and_clear_bit(AS_STALE, &cache.flags) && !HAS_BUG(1))
		flush_tlb_all();
	for (i = 0; i < nr; i++) {
		restore_direct_map(batch[i]);
		folio_put(batch[i]);
	}
}

static void written_and_released(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, fault(0), 0);
	KUNIT_EXPECT_EQ(test, guest_write(0, "secret", 6), 0);
	release();
}

static void write_that_faults(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, fault(0), 0);
	KUNIT_EXPECT_EQ(test, guest_write(0, NULL, 6), -EFAULT);
	release();
}

static int writer(void *text)
{
	int i, err = 0;

	for (i = 0; i < CACHE_SLOTS && !err; i++)
		err = guest_write(i, text, 8);
	return err;
}

static void writers_race(struct kunit *test)
{
	struct mm_worker workers[NR_WRITERS];
	int i;

	for (i = 0; i < CACHE_SLOTS; i++)
		KUNIT_ASSERT_EQ(test, fault(i), 0);
	for (i = 0; i < NR_WRITERS; i++)
		start_mm_worker(test, &workers[i], writer, "8 bytes");
	for (i = 0; i < NR_WRITERS; i++)
		KUNIT_EXPECT_EQ(test, finish_mm_worker(&workers[i]), 0);
	release();
}

static int setup(struct kunit *test)
{
	cache_init(&cache);
	return mermap_mm_prepare(current->mm);
}

static struct kunit_case guest_memfd_cases[] = {
#if BUG_NR != 4
	KUNIT_CASE(written_and_released),
#endif
#if !BUG_NR || BUG_NR == 4
	KUNIT_CASE(write_that_faults),
#endif
#if !BUG_NR
	KUNIT_CASE(writers_race),
#endif
	{},
};

static struct kunit_suite guest_memfd_suite = {
	.name = "guest_memfd",
	.init = setup,
	.test_cases = guest_memfd_cases,
};
kunit_test_suite(guest_memfd_suite);

MODULE_LICENSE("GPL");
