// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * mermap_use.c: callers that do everything right. With a correct mermap, ours or another, nothing
 * is reported; what is reported is the mermap's own mistake (own_mermap_full.c, own_mermap.sh).
 */
#include <kunit/test.h>

#include <asm/tlbflush.h>
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>

#define NR_USABLE_PAGES (MERMAP_CPU_REGION_SIZE / PAGE_SIZE - 1)

static struct page *pages;

static struct mermap_alloc *get(struct kunit *test, unsigned long first, unsigned long nr)
{
	struct mermap_alloc *map = mermap_get(pages + first, nr * PAGE_SIZE, PAGE_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, map);
	return map;
}

static int use_init(struct kunit *test)
{
	pages = alloc_pages(GFP_KERNEL | __GFP_ZERO, pageblock_order);
	return pages ? mermap_mm_prepare(current->mm) : -ENOMEM;
}

static void use_exit(struct kunit *test)
{
	flush_tlb_all();
	__free_pages(pages, pageblock_order);
}

static void page_after_page(struct kunit *test)
{
	int i;

	for (i = 0; i < 2 * NR_USABLE_PAGES; i++) {
		struct mermap_alloc *map = get(test, i % NR_USABLE_PAGES, 1);

		memset(mermap_addr(map), i, 64);
		mermap_put(map);
		/* The next page at the same address, if it was one, is another. */
	}
	for (i = 0; i < 4; i++) {
		struct mermap_alloc *map = get(test, i, NR_USABLE_PAGES);

		memset(mermap_addr(map), i, 64);
		mermap_put(map);
	}
}

static void one_live_below(struct kunit *test)
{
	struct mermap_alloc *live = get(test, 0, 1), *map;
	int i;

	for (i = 1; i < 8; i++) {
		map = get(test, i, 100);
		memset(mermap_addr(map), i, 100 * PAGE_SIZE);
		mermap_put(map);
	}
	*(int *)mermap_addr(live) = 42;
	mermap_put(live);
	KUNIT_EXPECT_EQ(test, *(int *)page_address(pages), 42);
}

static void reserve(struct kunit *test)
{
	int i;

	preempt_disable();
	for (i = 0; i < 3; i++) {
		struct mermap_alloc *map = mermap_get_reserved(pages + i, PAGE_KERNEL);

		memset(mermap_addr(map), i, 64);
		mermap_put(map);
	}
	preempt_enable();
}

static void other_cpu(struct kunit *test)
{
	struct mermap_alloc *map;

	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(1)), 0);
	map = get(test, 7, 1);
	*(int *)mermap_addr(map) = 1;
	mermap_put(map);
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
}

/* Wants to be elsewhere meanwhile, which has to wait. */
static void moved(struct kunit *test)
{
	struct mermap_alloc *map = get(test, 9, 1);

	*(int *)mermap_addr(map) = 1;
	set_cpus_allowed_ptr(current, cpumask_of(1));
	mermap_put(map);
	set_cpus_allowed_ptr(current, cpumask_of(0));
}

static int try_five(void *mm)
{
	struct mermap_alloc *maps[5];
	int i;

	kthread_use_mm(mm);
	for (i = 0; i < 5; i++)
		maps[i] = mermap_get(pages + i, PAGE_SIZE, PAGE_KERNEL);
	for (i = 0; i < 5; i++)
		if (maps[i])
			mermap_put(maps[i]);
	kthread_unuse_mm(mm);
	while (!kthread_should_stop())
		schedule();
	return 0;
}

static void one_too_many(struct kunit *test)
{
	struct task_struct *task = kthread_run(try_five, current->mm, "use");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	kthread_stop(task);
}

/* A page that leaves before the others. */
static void flush_and_free(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	map = mermap_get(page, 4 * PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	memset(mermap_addr(map), 1, 4 * PAGE_SIZE);
	mermap_put(map);
	flush_tlb_mm(current->mm);
	__free_pages(page, 2);
}

static void no_tables(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();
	struct page *all = NULL, *page;
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, mm);
	while ((page = alloc_page(GFP_KERNEL))) {
		page->private = (unsigned long)all;
		all = page;
	}
	/* Somebody else had the duty to prepare, and could not. */
	mermap_mm_prepare(mm);
	kthread_use_mm(mm);
	map = mermap_ready() ? mermap_get(pages, PAGE_SIZE, PAGE_KERNEL) : NULL;
	if (map) {
		*(int *)mermap_addr(map) = 1;
		mermap_put(map);
	}
	kthread_unuse_mm(mm);
	for (; all; all = page) {
		page = (struct page *)all->private;
		__free_page(all);
	}
	mmput(mm);
}

/* Functions of the kernel's library, on both backends. */
static void library(struct kunit *test)
{
	struct mermap_alloc *map = get(test, 0, 1);
	char *text = mermap_addr(map);
	char copy[16], line[80];
	char *dup;

	KUNIT_EXPECT_TRUE(test, mem_is_zero(text, PAGE_SIZE));
	text[4000] = 1;
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(text, 0, PAGE_SIZE), (void *)text + 4000);
	KUNIT_EXPECT_EQ(test, strscpy(text, "a mapping", 64), 9);
	KUNIT_EXPECT_EQ(test, strscpy(copy, text), 9);
	KUNIT_EXPECT_STREQ(test, copy, "a mapping");
	dup = kmemdup_nul(text, 5, GFP_KERNEL);
	KUNIT_EXPECT_STREQ(test, dup, "a map");
	kfree(dup);
	hex_dump_to_buffer(text, 3, 16, 1, line, sizeof(line), false);
	KUNIT_EXPECT_STREQ(test, line, "61 20 6d");
	mermap_put(map);
}

static struct kunit_case use_cases[] = {KUNIT_CASE(library),	    KUNIT_CASE(page_after_page),
					KUNIT_CASE(one_live_below), KUNIT_CASE(reserve),
					KUNIT_CASE(other_cpu),	    KUNIT_CASE(moved),
					KUNIT_CASE(one_too_many),   KUNIT_CASE(flush_and_free),
					KUNIT_CASE(no_tables),	    {}};

static struct kunit_suite use_suite = {
	.name = "mermap_use",
	.init = use_init,
	.exit = use_exit,
	.test_cases = use_cases,
};
kunit_test_suite(use_suite);

MODULE_LICENSE("GPL");
