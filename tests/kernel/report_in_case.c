// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/* report_in_case.c: a report and a trap fail the case they happen in, and no other. */
#include <asm/tlbflush.h>
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
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

static void unflushed(struct kunit *test)
{
	struct page *page = map_once(test);

	__free_page(page);
}

static void flushed(struct kunit *test)
{
	struct page *page = map_once(test);

	flush_tlb_mm(current->mm);
	__free_page(page);
}

static void trapped(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_UNMAPPED);

	KUNIT_ASSERT_NOT_NULL(test, page);
	*(volatile char *)page_address(page) = 1;
	kunit_info(test, "not reached\n");
}

static int trap_fn(void *page)
{
	preempt_disable();
	return *(volatile char *)page_address(page);
}

static void trapped_thread(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_UNMAPPED);
	struct task_struct *task;

	KUNIT_ASSERT_NOT_NULL(test, page);
	task = kthread_run(trap_fn, page, "trap");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	KUNIT_EXPECT_EQ(test, kthread_stop(task), -EFAULT);
	__free_page(page);
}

static void after_the_trap(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(unflushed),	    KUNIT_CASE(flushed),	KUNIT_CASE(trapped),
	KUNIT_CASE(trapped_thread), KUNIT_CASE(after_the_trap), {},
};

static struct kunit_suite suite = {
	.name = "report_in_case",
	.test_cases = cases,
};
kunit_test_suite(suite);
