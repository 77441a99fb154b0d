/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * order_test.c: barriers beside relaxed atomics, and what the checker learns of pages of several
 * places. Each case stands for itself: verdicts.sh.
 */
#include <asm/tlbflush.h>
#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/sched.h>

/* --- A relaxed atomic says that the page was flushed ------------------------------- */

struct flusher {
	struct page *page;
	struct mm_struct *mm;
	unsigned long bits;
	atomic_t count;
	void (*say)(struct flusher *flusher);
};

static void map_and_put(struct page *page)
{
	struct mermap_alloc *map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);

	if (!map)
		return;
	memset(mermap_addr(map), 1, PAGE_SIZE);
	mermap_put(map);
}

static int flush_and_say(void *data)
{
	struct flusher *flusher = data;

	kthread_use_mm(flusher->mm);
	map_and_put(flusher->page);
	flush_tlb_all();
	kthread_unuse_mm(flusher->mm);
	flusher->say(flusher);
	return 0;
}

static void free_when_said(struct kunit *test, void (*say)(struct flusher *flusher),
			   bool (*heard)(struct flusher *flusher))
{
	struct flusher flusher = {.mm = current->mm, .count = ATOMIC_INIT(1), .say = say};
	struct task_struct *task;

	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(current->mm), 0);
	flusher.page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flusher.page);
	task = kthread_create(flush_and_say, &flusher, "flusher");
	get_task_struct(task);
	wake_up_process(task);
	while (!heard(&flusher))
		cond_resched();
	__free_page(flusher.page);
	kthread_stop_put(task);
}

static void set_after_barrier(struct flusher *flusher)
{
	smp_mb__before_atomic();
	set_bit(0, &flusher->bits);
}
static void set_after_full_barrier(struct flusher *flusher)
{
	smp_mb();
	set_bit(0, &flusher->bits);
}
static void set_relaxed(struct flusher *flusher)
{
	set_bit(0, &flusher->bits);
}
static void dec_after_barrier(struct flusher *flusher)
{
	smp_mb__before_atomic();
	atomic_dec(&flusher->count);
}
static void dec_released(struct flusher *flusher)
{
	(void)atomic_fetch_dec_release(&flusher->count);
}

static bool take_bit(struct flusher *flusher)
{
	return test_and_clear_bit(0, &flusher->bits);
}
static bool take_count(struct flusher *flusher)
{
	return atomic_cmpxchg(&flusher->count, 0, 5) == 0;
}
static bool add_then_barrier(struct flusher *flusher)
{
	bool said = atomic_read(&flusher->count) == 0;

	if (!said)
		return false;
	atomic_add(5, &flusher->count);
	smp_mb__after_atomic();
	return true;
}
static bool add_without_barrier(struct flusher *flusher)
{
	if (atomic_read(&flusher->count))
		return false;
	atomic_add(5, &flusher->count);
	return true;
}

static void quiet_barrier_before_bit(struct kunit *test)
{
	free_when_said(test, set_after_barrier, take_bit);
}
static void quiet_full_barrier_before_bit(struct kunit *test)
{
	free_when_said(test, set_after_full_barrier, take_bit);
}
static void fd004_bit_without_barrier(struct kunit *test)
{
	free_when_said(test, set_relaxed, take_bit);
}
static void quiet_barrier_before_count(struct kunit *test)
{
	free_when_said(test, dec_after_barrier, take_count);
}
static void quiet_barrier_after_count(struct kunit *test)
{
	free_when_said(test, dec_released, add_then_barrier);
}
static void fd004_count_without_barrier_after(struct kunit *test)
{
	free_when_said(test, dec_released, add_without_barrier);
}

/* --- Pages of one place are a class -------------------------------------------------- */

static noinline void look_up(struct page *page)
{
	get_page(page);
	put_page(page);
}

static noinline struct page *new_secret(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	map_and_put(page);
	return page;
}

static noinline struct page *new_plain(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	return page;
}

/* Of two kinds of pages the one that is never mapped needs no flush. */
static void quiet_other_place(struct kunit *test)
{
	struct page *secret, *plain;

	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(current->mm), 0);
	secret = new_secret(test);
	look_up(secret);
	plain = new_plain(test);
	look_up(plain);
	__free_page(plain);
	flush_tlb_all();
	__free_page(secret);
}

/* What another kind does right excuses nothing. */
static void fd005_other_place_is_right(struct kunit *test)
{
	struct page *page;

	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(current->mm), 0);
	page = new_secret(test);
	look_up(page);
	flush_tlb_all();
	__free_page(page);
	page = new_plain(test);
	map_and_put(page);
	look_up(page);
	page = new_plain(test);
	look_up(page);
	__free_page(page);
}

static struct kunit_case order_cases[] = {
	KUNIT_CASE(quiet_barrier_before_bit),
	KUNIT_CASE(quiet_full_barrier_before_bit),
	KUNIT_CASE(fd004_bit_without_barrier),
	KUNIT_CASE(quiet_barrier_before_count),
	KUNIT_CASE(quiet_barrier_after_count),
	KUNIT_CASE(fd004_count_without_barrier_after),
	KUNIT_CASE(quiet_other_place),
	KUNIT_CASE(fd005_other_place_is_right),
	{},
};

static struct kunit_suite order_suite = {
	.name = "verdicts",
	.test_cases = order_cases,
};
kunit_test_suite(order_suite);
