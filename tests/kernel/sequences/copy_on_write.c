// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * Sequence 7: read() of such a file, and a copy-on-write fault: two mappings live at once.
 *
 * BUG_NR=1 FD002: the source stays mapped when the copy is done
 * BUG_NR=2 FD008: the copy goes on after its source was put
 * BUG_NR=3 FD001: the folio that the fault replaced goes without a flush
 */
#include <linux/uaccess.h>

#include "unmapped_cache.h"

static struct unmapped_cache cache;

static int read_file(pgoff_t index, void __user *buf, size_t len)
{
	struct mermap_alloc *map;
	struct folio *folio;
	int err = -ENOMEM;

	down_read(&cache.invalidate_lock);
	folio = cache_get(&cache, index);
	map = mermap_get(&folio->page, folio_size(folio), PAGE_KERNEL_RO);
	if (map) {
		err = copy_to_user(buf, mermap_addr(map), len) ? -EFAULT : 0;
		mermap_put(map);
		set_bit(AS_STALE, &cache.flags);
	}
	folio_put(folio);
	up_read(&cache.invalidate_lock);
	return err;
}

static int copy_folio(struct folio *to, struct folio *from)
{
	struct mermap_alloc *source, *target;
	const char *source_addr;

	source = mermap_get(&from->page, folio_size(from), PAGE_KERNEL_RO);
	if (!source)
		return -ENOMEM;
	target = mermap_get(&to->page, folio_size(to), PAGE_KERNEL);
	if (!target) {
		mermap_put(source);
		return -ENOMEM;
	}
	source_addr = mermap_addr(source);
	memcpy(mermap_addr(target), source_addr, folio_size(to));
	mermap_put(target);
	set_bit(AS_STALE, &cache.flags);
	if (HAS_BUG(1)) {
		migrate_enable();
		return 0;
	}
	mermap_put(source);
	if (HAS_BUG(2))
		return *(volatile const char *)source_addr == 'a' ? 0 : -EIO;
	return 0;
}

/* The folio that the fault made, to replace the one at `index`. */
static struct folio *cow_fault(pgoff_t index)
{
	struct folio *to = folio_alloc(GFP_UNMAPPED, 0);
	struct folio *from;
	int err;

	if (!to)
		return ERR_PTR(-ENOMEM);
	down_read(&cache.invalidate_lock);
	from = cache_get(&cache, index);
	err = copy_folio(to, from);
	folio_put(from);
	up_read(&cache.invalidate_lock);
	if (!err)
		return to;
	flush_tlb_all();
	folio_put(to);
	return ERR_PTR(err);
}

static void reads_back(struct kunit *test)
{
	char text[4] = "";

	KUNIT_EXPECT_EQ(test, read_file(0, text, 3), 0);
	KUNIT_EXPECT_STREQ(test, text, "aaa");
	KUNIT_EXPECT_EQ(test, read_file(0, NULL, 3), -EFAULT);
}

static void copy_replaces(struct kunit *test)
{
	struct folio *copy = cow_fault(0), *old;
	char text[4] = "";

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, copy);
	down_write(&cache.invalidate_lock);
	old = cache.slot[0];
	cache.slot[0] = copy;
	up_write(&cache.invalidate_lock);
	if (!HAS_BUG(3))
		flush_tlb_all();
	folio_put(old);
	KUNIT_EXPECT_EQ(test, read_file(0, text, 3), 0);
	KUNIT_EXPECT_STREQ(test, text, "aaa");
}

static int setup(struct kunit *test)
{
	struct folio *folio = folio_alloc(GFP_UNMAPPED, 0);
	int err = mermap_mm_prepare(current->mm);

	cache_init(&cache);
	if (!folio)
		return -ENOMEM;
	if (!err)
		err = cache_fill(&cache, folio, 'a');
	if (!err)
		err = cache_add(&cache, 0, folio);
	return err;
}

static void teardown(struct kunit *test)
{
	cache_truncate(&cache);
}

static struct kunit_case copy_on_write_cases[] = {
#if !BUG_NR
	KUNIT_CASE(reads_back),
#endif
	KUNIT_CASE(copy_replaces),
	{},
};

static struct kunit_suite copy_on_write_suite = {
	.name = "copy_on_write",
	.init = setup,
	.exit = teardown,
	.test_cases = copy_on_write_cases,
};
kunit_test_suite(copy_on_write_suite);

MODULE_LICENSE("GPL");
