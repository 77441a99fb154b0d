// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Sequences of kernel calls and what the checker must say of each: a case that
 * is called fd001_* ends with that one report, quiet_* with none. verdicts.sh
 * runs them one by one, so that each is judged alone.
 */
#include <kunit/test.h>

#include <asm/tlbflush.h>
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/set_memory.h>
#include <linux/smp.h>
#include <linux/string.h>

#define GFP_SECRET (GFP_KERNEL | __GFP_UNMAPPED)

static int prepare(struct kunit *test)
{
	return mermap_mm_prepare(current->mm);
}

/* A page that was mapped, written and put: a flush is owed. */
static struct page *used_page(struct kunit *test)
{
	struct page *page = alloc_page(GFP_SECRET);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	memset(mermap_addr(map), 1, PAGE_SIZE);
	mermap_put(map);
	return page;
}

static void move_to(struct kunit *test, unsigned int cpu)
{
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
	KUNIT_ASSERT_EQ(test, smp_processor_id(), cpu);
}

/* Runs another mm on this CPU for a moment: a context switch and back. */
static void switch_away_and_back(struct kunit *test)
{
	struct mm_struct *other = mm_alloc();

	KUNIT_ASSERT_NOT_NULL(test, other);
	kthread_use_mm(other);
	kthread_unuse_mm(other);
	mmput(other);
}

static void fd001_put_then_free(struct kunit *test)
{
	__free_page(used_page(test));
}

static void quiet_put_flush_mm_free(struct kunit *test)
{
	struct page *page = used_page(test);

	flush_tlb_mm(current->mm);
	__free_page(page);
}

static void quiet_put_flush_all_free(struct kunit *test)
{
	struct page *page = used_page(test);

	flush_tlb_all();
	__free_page(page);
}

static void quiet_never_mapped(struct kunit *test)
{
	struct page *page = alloc_page(GFP_SECRET | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
}

static void quiet_ordinary_page(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page_address(page), 2, PAGE_SIZE);
	__free_page(page);
}

static void fd001_switch_away_and_back_is_no_flush(struct kunit *test)
{
	struct page *page = used_page(test);

	switch_away_and_back(test);
	__free_page(page);
}

static void quiet_cpu_that_once_ran_the_mm_needs_no_ipi(struct kunit *test)
{
	struct mm_struct *mine = current->mm;
	struct mm_struct *other = mm_alloc();
	struct page *page;

	/* CPU 1 ran our mm, then another one: its slot has our entries. */
	KUNIT_ASSERT_NOT_NULL(test, other);
	move_to(test, 1);
	page = used_page(test);
	kthread_use_mm(other);
	move_to(test, 0);
	kthread_unuse_mm(other);
	KUNIT_ASSERT_PTR_EQ(test, current->mm, mine);
	flush_tlb_mm(mine);
	__free_page(page);
	mmput(other);
}

static void fd003_lazy_cpu_is_skipped(struct kunit *test)
{
	struct page *page;

	/* CPU 1 goes idle with our mm loaded: a flush that frees no tables leaves it alone. */
	move_to(test, 1);
	page = used_page(test);
	move_to(test, 0);
	flush_tlb_mm_range(current->mm, 0, TLB_FLUSH_ALL, PAGE_SHIFT, false);
	__free_page(page);
}

static void quiet_flush_mm_reaches_lazy_cpus(struct kunit *test)
{
	struct page *page;

	/* flush_tlb_mm() frees tables, as far as Linux knows. */
	move_to(test, 1);
	page = used_page(test);
	move_to(test, 0);
	flush_tlb_mm(current->mm);
	__free_page(page);
	/* CPU 1 has the mm no more: what is put from here on needs nothing of it. */
	page = used_page(test);
	flush_tlb_mm_range(current->mm, 0, TLB_FLUSH_ALL, PAGE_SHIFT, false);
	__free_page(page);
}

static void quiet_flush_all_reaches_lazy_cpus(struct kunit *test)
{
	struct page *page;

	move_to(test, 1);
	page = used_page(test);
	move_to(test, 0);
	flush_tlb_all();
	__free_page(page);
}

static void fd003_local_flush_on_the_other_cpu(struct kunit *test)
{
	struct page *page;

	move_to(test, 1);
	page = used_page(test);
	move_to(test, 0);
	__flush_tlb_all();
	__free_page(page);
}

static void fd003_another_mm_is_flushed(struct kunit *test)
{
	struct mm_struct *other = mm_alloc();
	struct page *page = used_page(test);

	KUNIT_ASSERT_NOT_NULL(test, other);
	flush_tlb_mm(other);
	__free_page(page);
	mmput(other);
}

static void fd001_flush_before_the_put(struct kunit *test)
{
	struct page *page = alloc_page(GFP_SECRET);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	flush_tlb_all();
	mermap_put(map);
	__free_page(page);
}

static void fd001_last_reference(struct kunit *test)
{
	struct page *page = used_page(test);

	get_page(page);
	put_page(page);
	put_page(page);
}

static void quiet_last_reference_after_flush(struct kunit *test)
{
	struct page *page = used_page(test);

	get_page(page);
	put_page(page);
	flush_tlb_mm(current->mm);
	put_page(page);
}

static void fd001_reserved_mapping(struct kunit *test)
{
	struct page *page = alloc_page(GFP_SECRET);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	preempt_disable();
	map = mermap_get_reserved(page, PAGE_KERNEL);
	memset(mermap_addr(map), 1, PAGE_SIZE);
	mermap_put(map);
	preempt_enable();
	__free_page(page);
}

static void quiet_reserved_mapping(struct kunit *test)
{
	struct page *page = alloc_page(GFP_SECRET);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	preempt_disable();
	map = mermap_get_reserved(page, PAGE_KERNEL);
	memset(mermap_addr(map), 1, PAGE_SIZE);
	mermap_put(map);
	preempt_enable();
	flush_tlb_all();
	__free_page(page);
}

static void fd001_several_pages_one_report(struct kunit *test)
{
	struct page *pages = alloc_pages(GFP_SECRET, 2);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	map = mermap_get(pages, 4 * PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	memset(mermap_addr(map), 1, 4 * PAGE_SIZE);
	mermap_put(map);
	__free_pages(pages, 2);
}

static void fd003_short_range(struct kunit *test)
{
	struct page *pages = alloc_pages(GFP_SECRET, 1);
	struct mermap_alloc *map;
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	map = mermap_get(pages, 2 * PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	addr = (unsigned long)mermap_addr(map);
	mermap_put(map);
	flush_tlb_kernel_range(addr, addr + PAGE_SIZE);
	__free_pages(pages, 1);
}

static void quiet_long_kernel_range_is_everything(struct kunit *test)
{
	struct page *page = used_page(test);

	flush_tlb_kernel_range(0, TLB_FLUSH_ALL);
	__free_page(page);
}

static void fd002_free_while_mapped(struct kunit *test)
{
	struct page *page = alloc_page(GFP_SECRET);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	__free_page(page);
	mermap_put(map);
}

static void fd008_load_after_put(struct kunit *test)
{
	struct page *page = alloc_page(GFP_SECRET);
	struct mermap_alloc *map;
	volatile char *addr;

	KUNIT_ASSERT_NOT_NULL(test, page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	addr = mermap_addr(map);
	addr[0] = 1;
	mermap_put(map);
	KUNIT_FAIL(test, "read %d", addr[0]);
}

static void fd010_store_through_the_direct_map(struct kunit *test)
{
	struct page *page = alloc_page(GFP_SECRET);

	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page_address(page), 0, PAGE_SIZE);
}

static void fd010_kmap_is_the_direct_map(struct kunit *test)
{
	struct page *page = alloc_page(GFP_SECRET);
	volatile char *addr;

	KUNIT_ASSERT_NOT_NULL(test, page);
	addr = kmap_local_page(page);
	addr[5] = 1;
}

static void fd015_double_free(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	__free_page(page);
	__free_page(page);
}

static void fd001_direct_map_removal_unflushed(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, set_direct_map_invalid_noflush(page), 0);
	__free_page(page);
}

static void quiet_direct_map_restored(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, set_direct_map_invalid_noflush(page), 0);
	KUNIT_ASSERT_EQ(test, set_direct_map_default_noflush(page), 0);
	__free_page(page);
}

static void quiet_two_live_mappings_for_copy(struct kunit *test)
{
	struct page *from = used_page(test);
	struct page *to = alloc_page(GFP_SECRET);
	struct mermap_alloc *source, *target;

	KUNIT_ASSERT_NOT_NULL(test, to);
	source = mermap_get(from, PAGE_SIZE, PAGE_KERNEL);
	target = mermap_get(to, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, source);
	KUNIT_ASSERT_NOT_NULL(test, target);
	memcpy(mermap_addr(target), mermap_addr(source), PAGE_SIZE);
	mermap_put(target);
	mermap_put(source);
	flush_tlb_all();
	__free_page(from);
	__free_page(to);
}

/* So many that the slice wraps: its local flush is not enough for a free. */
static void fd001_wrap_is_no_flush_for_other_cpus(struct kunit *test)
{
	struct page *page, *filler = alloc_page(GFP_SECRET);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, filler);
	move_to(test, 1); /* leaves CPU 0 idle with the mm loaded */
	page = used_page(test);
	for (i = 0; i < 2000; i++) {
		struct mermap_alloc *map = mermap_get(filler, PAGE_SIZE, PAGE_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, map);
		mermap_put(map);
	}
	__free_page(page);
	flush_tlb_all();
	__free_page(filler);
}

static void quiet_batch_with_one_flush(struct kunit *test)
{
	struct page *pages[16];
	int i;

	for (i = 0; i < 16; i++)
		pages[i] = used_page(test);
	flush_tlb_all();
	for (i = 0; i < 16; i++)
		__free_page(pages[i]);
}

struct putter {
	struct mm_struct *mm;
	struct mermap_alloc *map;
};

static int put_fn(void *data)
{
	struct putter *putter = data;

	kthread_use_mm(putter->mm);
	mermap_put(putter->map);
	kthread_unuse_mm(putter->mm);
	return 0;
}

/* A mapping of CPU 0, put by a task that was sent elsewhere before it ran. */
static void put_on(struct kunit *test, unsigned int cpu)
{
	struct putter putter = {.mm = current->mm};
	struct page *page = alloc_page(GFP_SECRET);
	struct task_struct *task = kthread_create(put_fn, &putter, "putter");

	move_to(test, 0);
	putter.map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, putter.map);
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(task, cpumask_of(cpu)), 0);
	wake_up_process(task);
	kthread_stop(task);
	migrate_enable();
	flush_tlb_all();
	__free_page(page);
}

static void fd013_put_by_a_task_of_another_cpu(struct kunit *test)
{
	put_on(test, 1);
}

static struct kunit_case verdict_cases[] = {
	KUNIT_CASE(fd013_put_by_a_task_of_another_cpu),
	KUNIT_CASE(fd001_put_then_free),
	KUNIT_CASE(quiet_put_flush_mm_free),
	KUNIT_CASE(quiet_put_flush_all_free),
	KUNIT_CASE(quiet_never_mapped),
	KUNIT_CASE(quiet_ordinary_page),
	KUNIT_CASE(fd001_switch_away_and_back_is_no_flush),
	KUNIT_CASE(quiet_cpu_that_once_ran_the_mm_needs_no_ipi),
	KUNIT_CASE(fd003_lazy_cpu_is_skipped),
	KUNIT_CASE(quiet_flush_mm_reaches_lazy_cpus),
	KUNIT_CASE(quiet_flush_all_reaches_lazy_cpus),
	KUNIT_CASE(fd003_local_flush_on_the_other_cpu),
	KUNIT_CASE(fd003_another_mm_is_flushed),
	KUNIT_CASE(fd001_flush_before_the_put),
	KUNIT_CASE(fd001_last_reference),
	KUNIT_CASE(quiet_last_reference_after_flush),
	KUNIT_CASE(fd001_reserved_mapping),
	KUNIT_CASE(quiet_reserved_mapping),
	KUNIT_CASE(fd001_several_pages_one_report),
	KUNIT_CASE(fd003_short_range),
	KUNIT_CASE(quiet_long_kernel_range_is_everything),
	KUNIT_CASE(fd002_free_while_mapped),
	KUNIT_CASE(fd008_load_after_put),
	KUNIT_CASE(fd010_store_through_the_direct_map),
	KUNIT_CASE(fd010_kmap_is_the_direct_map),
	KUNIT_CASE(fd015_double_free),
	KUNIT_CASE(fd001_direct_map_removal_unflushed),
	KUNIT_CASE(quiet_direct_map_restored),
	KUNIT_CASE(quiet_two_live_mappings_for_copy),
	KUNIT_CASE(fd001_wrap_is_no_flush_for_other_cpus),
	KUNIT_CASE(quiet_batch_with_one_flush),
	{}
};

static struct kunit_suite verdict_suite = {
	.name = "verdicts",
	.init = prepare,
	.test_cases = verdict_cases,
};
kunit_test_suite(verdict_suite);

MODULE_LICENSE("GPL");
