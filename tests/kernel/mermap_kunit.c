// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * KUnit suite of the mermap: what it promises to its callers, ours or a program's own. Each case
 * has an mm of its own, which is loaded and prepared.
 */
#include <kunit/test.h>

#include <asm/tlbflush.h>
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "mermap_counters.h"

#define NR_SLICE_PAGES	(MERMAP_CPU_REGION_SIZE / PAGE_SIZE)
/* The last one is the reserve. */
#define NR_USABLE_PAGES (NR_SLICE_PAGES - 1)
#define NR_LIVE		4

/* --- Things that go with the case ------------------------------------------------ */

struct mermap_test {
	struct mm_struct *mm;
	struct page *pages; /* as many as a slice has */
};

static struct mm_struct *mm_of(struct kunit *test)
{
	return ((struct mermap_test *)test->priv)->mm;
}

static struct page *pages_of(struct kunit *test)
{
	return ((struct mermap_test *)test->priv)->pages;
}

static void free_pages_action(void *pages)
{
	/* They were mapped ephemerally. */
	flush_tlb_all();
	__free_pages(pages, pageblock_order);
}

KUNIT_DEFINE_ACTION_WRAPPER(mmput_action, mmput, struct mm_struct *);
KUNIT_DEFINE_ACTION_WRAPPER(unuse_mm_action, kthread_unuse_mm, struct mm_struct *);

static struct mm_struct *new_mm(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();

	KUNIT_ASSERT_NOT_NULL(test, mm);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, mmput_action, mm), 0);
	return mm;
}

static void use_mm(struct kunit *test, struct mm_struct *mm)
{
	kthread_use_mm(mm);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, unuse_mm_action, mm), 0);
}

static int mermap_test_init(struct kunit *test)
{
	struct mermap_test *priv = kunit_kzalloc(test, sizeof(*priv), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, priv);
	test->priv = priv;
	priv->mm = new_mm(test);
	use_mm(test, priv->mm);
	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(priv->mm), 0);
	priv->pages = alloc_pages(GFP_KERNEL | __GFP_ZERO, pageblock_order);
	KUNIT_ASSERT_NOT_NULL(test, priv->pages);
	return kunit_add_action_or_reset(test, free_pages_action, priv->pages);
}

/* --- Short forms --------------------------------------------------------------------- */

static struct mermap_alloc *try_get(struct kunit *test, unsigned long nr)
{
	return __mermap_get(mm_of(test), pages_of(test), nr * PAGE_SIZE, PAGE_KERNEL, false);
}

static struct mermap_alloc *get(struct kunit *test, unsigned long nr)
{
	struct mermap_alloc *map = try_get(test, nr);

	KUNIT_ASSERT_NOT_NULL(test, map);
	return map;
}

/* The nr-th page, so that none collects many old addresses. */
static struct mermap_alloc *get_page_nr(struct kunit *test, unsigned long nr)
{
	struct mermap_alloc *map =
		__mermap_get(mm_of(test), pages_of(test) + nr, PAGE_SIZE, PAGE_KERNEL, false);

	KUNIT_ASSERT_NOT_NULL(test, map);
	return map;
}

static void put(struct kunit *test, struct mermap_alloc *map)
{
	__mermap_put(mm_of(test), map);
}

static unsigned long addr_of(struct mermap_alloc *map)
{
	return (unsigned long)mermap_addr(map);
}

/* With preemption off, say, because a mapping is live. */
static unsigned long base(void)
{
	return mermap_cpu_base(raw_smp_processor_id());
}

static u64 nr_flushes(struct kunit *test)
{
	return mermap_cpu_of(mm_of(test), raw_smp_processor_id())->tlb_flushes;
}

static void move_to(struct kunit *test, unsigned int cpu)
{
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
	KUNIT_ASSERT_EQ(test, raw_smp_processor_id(), cpu);
}

/* --- Being ready ------------------------------------------------------------------------- */

static void test_not_prepared(struct kunit *test)
{
	struct mm_struct *mm = new_mm(test);

	kthread_unuse_mm(mm_of(test));
	kthread_use_mm(mm);
	KUNIT_EXPECT_FALSE(test, mermap_ready());
	KUNIT_EXPECT_NULL(test, mermap_get(pages_of(test), PAGE_SIZE, PAGE_KERNEL));
	KUNIT_EXPECT_EQ(test, mermap_mm_prepare(mm), 0);
	KUNIT_EXPECT_TRUE(test, mermap_ready());
	KUNIT_EXPECT_EQ(test, mermap_mm_prepare(mm), 0);
	KUNIT_EXPECT_TRUE(test, mermap_ready());
	kthread_unuse_mm(mm);
	kthread_use_mm(mm_of(test));
}

static int see_if_ready(void *ready)
{
	*(bool *)ready = mermap_ready();
	while (!kthread_should_stop())
		schedule();
	return 0;
}

static void test_no_mm_not_ready(struct kunit *test)
{
	bool ready = true;
	struct task_struct *task;

	if (num_possible_cpus() < 2)
		kunit_skip(test, "needs a CPU for the thread");
	task = kthread_run(see_if_ready, &ready, "mermap_test");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	kthread_stop(task);
	KUNIT_EXPECT_FALSE(test, ready);
}

static void test_prepare_without_memory(struct kunit *test)
{
	struct mm_struct *mm = new_mm(test);
	struct page *all = NULL, *page;

	while ((page = alloc_page(GFP_KERNEL))) {
		page->private = (unsigned long)all;
		all = page;
	}
	KUNIT_EXPECT_EQ(test, mermap_mm_prepare(mm), -ENOMEM);
	kthread_unuse_mm(mm_of(test));
	kthread_use_mm(mm);
	KUNIT_EXPECT_FALSE(test, mermap_ready());
	kthread_unuse_mm(mm);
	kthread_use_mm(mm_of(test));
	for (; all; all = page) {
		page = (struct page *)all->private;
		__free_page(all);
	}
	KUNIT_EXPECT_EQ(test, mermap_mm_prepare(mm), 0);
}

/* --- One mapping ----------------------------------------------------------------------------- */

static void test_basic(struct kunit *test)
{
	struct mermap_alloc *map = mermap_get(pages_of(test), PAGE_SIZE, PAGE_KERNEL);
	int cpu = raw_smp_processor_id();

	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(mermap_addr(map)));
	KUNIT_EXPECT_GE(test, addr_of(map), mermap_cpu_base(cpu));
	KUNIT_EXPECT_LT(test, addr_of(map), mermap_cpu_end(cpu) - PAGE_SIZE);
	memset(mermap_addr(map), 0x5a, PAGE_SIZE);
	mermap_put(map);
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(pages_of(test)), 0x5a, PAGE_SIZE));
}

static void test_unmapped_page(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_UNMAPPED);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	if (map) {
		memset(mermap_addr(map), 1, PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, ((char *)mermap_addr(map))[PAGE_SIZE - 1], 1);
		mermap_put(map);
	}
	KUNIT_EXPECT_NOT_NULL(test, map);
	flush_tlb_all();
	__free_page(page);
}

static const unsigned long sizes[] = {
	1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 4 * PAGE_SIZE, NR_USABLE_PAGES *PAGE_SIZE};

static void describe_size(const unsigned long *size, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%lu bytes", *size);
}

KUNIT_ARRAY_PARAM(size, sizes, describe_size);

static void test_sizes(struct kunit *test)
{
	unsigned long size = *(const unsigned long *)test->param_value, i;
	struct mermap_alloc *map =
		__mermap_get(mm_of(test), pages_of(test), size, PAGE_KERNEL, false);

	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_EXPECT_EQ(test, map->end - map->base, PAGE_ALIGN(size));
	KUNIT_EXPECT_LE(test, map->end, mermap_cpu_end(raw_smp_processor_id()) - PAGE_SIZE);
	for (i = 0; i < PAGE_ALIGN(size) / PAGE_SIZE; i++)
		*(unsigned long *)(addr_of(map) + i * PAGE_SIZE) = i + 1;
	put(test, map);
	for (i = 0; i < PAGE_ALIGN(size) / PAGE_SIZE; i++)
		KUNIT_EXPECT_EQ(test, *(unsigned long *)page_address(pages_of(test) + i), i + 1);
}

static void test_too_large(struct kunit *test)
{
	/* Would reach into the reserve; the next slice; and, rounded up, to nothing. */
	KUNIT_EXPECT_NULL(test, try_get(test, NR_SLICE_PAGES));
	KUNIT_EXPECT_NULL(test, try_get(test, 2 * NR_SLICE_PAGES));
	KUNIT_EXPECT_NULL(test,
			  __mermap_get(mm_of(test), pages_of(test), ~0UL, PAGE_KERNEL, false));
	KUNIT_EXPECT_NULL(test, __mermap_get(mm_of(test), pages_of(test), 0, PAGE_KERNEL, false));
	put(test, get(test, 1));
}

static void test_protections(struct kunit *test)
{
	pgprot_t global = __pgprot(pgprot_val(PAGE_KERNEL) | _PAGE_GLOBAL);
	pgprot_t absent = __pgprot(pgprot_val(PAGE_KERNEL) & ~_PAGE_PRESENT);
	struct mermap_alloc *map;
	pte_t *ptep;

	KUNIT_EXPECT_NULL(test,
			  __mermap_get(mm_of(test), pages_of(test), PAGE_SIZE, global, false));
	KUNIT_EXPECT_NULL(test,
			  __mermap_get(mm_of(test), pages_of(test), PAGE_SIZE, absent, false));
	map = __mermap_get(mm_of(test), pages_of(test), PAGE_SIZE, PAGE_KERNEL_RO, false);
	KUNIT_ASSERT_NOT_NULL(test, map);
	ptep = flushdep_shim_pte(addr_of(map));
	KUNIT_EXPECT_TRUE(test, pte_present(ptep_get(ptep)));
	KUNIT_EXPECT_FALSE(test, pte_write(ptep_get(ptep)));
	KUNIT_EXPECT_EQ(test, *(char *)mermap_addr(map), 0);
	put(test, map);
	KUNIT_EXPECT_FALSE(test, pte_present(ptep_get(ptep)));
}

/* --- Several -------------------------------------------------------------------------------- */

static void test_four_live(struct kunit *test)
{
	struct mermap_alloc *maps[NR_LIVE];
	int i, j;

	for (i = 0; i < NR_LIVE; i++) {
		maps[i] = get(test, i + 1);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_TRUE(test, maps[i]->base >= maps[j]->end ||
							maps[i]->end <= maps[j]->base);
	}
	KUNIT_EXPECT_NULL(test, try_get(test, 1));
	put(test, maps[2]);
	maps[2] = get(test, 1);
	for (i = 0; i < NR_LIVE; i++)
		put(test, maps[i]);
}

static void test_failed_get_allows_migration(struct kunit *test)
{
	struct mermap_alloc *maps[NR_LIVE];
	int i;

	for (i = 0; i < NR_LIVE; i++)
		maps[i] = get(test, 1);
	KUNIT_EXPECT_NULL(test, try_get(test, 1));
	for (i = 0; i < NR_LIVE; i++)
		put(test, maps[i]);
	KUNIT_EXPECT_NULL(test, try_get(test, NR_SLICE_PAGES));
	move_to(test, num_possible_cpus() - 1);
	move_to(test, 0);
}

static void test_reserve(struct kunit *test)
{
	struct mermap_alloc *maps[NR_LIVE], *map;
	int i;

	for (i = 0; i < NR_LIVE; i++)
		maps[i] = get(test, 1);
	preempt_disable();
	for (i = 0; i < 3; i++) {
		map = mermap_get_reserved(pages_of(test) + i, PAGE_KERNEL);
		KUNIT_EXPECT_NOT_NULL(test, map);
		if (!map)
			break;
		KUNIT_EXPECT_EQ(test, addr_of(map), mermap_cpu_end(smp_processor_id()) - PAGE_SIZE);
		memset(mermap_addr(map), i + 1, PAGE_SIZE);
		mermap_put(map);
		KUNIT_EXPECT_EQ(test, *(char *)page_address(pages_of(test) + i), i + 1);
	}
	preempt_enable();
	for (i = 0; i < NR_LIVE; i++)
		put(test, maps[i]);
}

/* --- Addresses, and when they come again
 * ---------------------------------------------------------- */

static void test_addresses_are_not_used_again_at_once(struct kunit *test)
{
	u64 flushes = nr_flushes(test);
	unsigned long last = 0;
	int i;

	for (i = 0; i < NR_USABLE_PAGES; i++) {
		struct mermap_alloc *map = get_page_nr(test, i);

		KUNIT_EXPECT_GT(test, addr_of(map), last);
		last = addr_of(map);
		put(test, map);
	}
	KUNIT_EXPECT_EQ(test, nr_flushes(test), flushes);
}

static void test_wrap_flushes_once(struct kunit *test)
{
	u64 flushes = nr_flushes(test);
	struct mermap_alloc *map;
	int round, i;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < NR_USABLE_PAGES; i++) {
			/* Each time another page there. */
			map = get_page_nr(test, (i + round) % NR_SLICE_PAGES);
			KUNIT_EXPECT_EQ(test, addr_of(map), base() + i * PAGE_SIZE);
			put(test, map);
		}
		KUNIT_EXPECT_EQ(test, nr_flushes(test), flushes + round);
	}
}

static void test_wrap_with_interrupts_off(struct kunit *test)
{
	unsigned long flags;
	struct mermap_alloc *map;

	put(test, get(test, NR_USABLE_PAGES));
	local_irq_save(flags);
	map = try_get(test, NR_USABLE_PAGES);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	if (map)
		put(test, map);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	local_irq_restore(flags);
	KUNIT_EXPECT_NOT_NULL(test, map);
}

static void test_space_below_a_live_mapping_waits(struct kunit *test)
{
	u64 flushes = nr_flushes(test);
	struct mermap_alloc *top;

	put(test, get(test, NR_USABLE_PAGES - 2));
	top = get(test, 2);
	/* Everything but the top is free, and cannot be had. */
	KUNIT_EXPECT_NULL(test, try_get(test, 1));
	KUNIT_EXPECT_EQ(test, nr_flushes(test), flushes);
	put(test, top);
	top = get(test, 1);
	KUNIT_EXPECT_EQ(test, addr_of(top), base());
	KUNIT_EXPECT_EQ(test, nr_flushes(test), flushes + 1);
	put(test, top);
}

static void test_space_above_a_live_mapping_comes_again(struct kunit *test)
{
	u64 flushes = nr_flushes(test);
	struct mermap_alloc *bottom = get(test, 3), *map;

	*(char *)mermap_addr(bottom) = 42;
	put(test, get(test, NR_USABLE_PAGES - 4));
	/* One page is left: two need a flush. */
	map = get(test, 2);
	KUNIT_EXPECT_EQ(test, addr_of(map), bottom->end);
	KUNIT_EXPECT_EQ(test, nr_flushes(test), flushes + 1);
	KUNIT_EXPECT_EQ(test, *(char *)mermap_addr(bottom), 42);
	put(test, bottom);
	put(test, map);
}

static void test_does_not_fit_beside_a_live_mapping(struct kunit *test)
{
	struct mermap_alloc *bottom = get(test, 2);

	KUNIT_EXPECT_NULL(test, try_get(test, NR_USABLE_PAGES - 1));
	put(test, bottom);
	put(test, get(test, NR_USABLE_PAGES - 1));
}

/* --- CPUs and address spaces
 * ------------------------------------------------------------------------ */

static void test_each_cpu_has_a_slice(struct kunit *test)
{
	unsigned int cpu;

	for_each_possible_cpu (cpu) {
		struct mermap_alloc *map;

		move_to(test, cpu);
		map = get(test, 1);
		KUNIT_EXPECT_EQ(test, mermap_cpu_end(cpu) - mermap_cpu_base(cpu),
				MERMAP_CPU_REGION_SIZE);
		KUNIT_EXPECT_GE(test, addr_of(map), mermap_cpu_base(cpu));
		KUNIT_EXPECT_LT(test, addr_of(map), mermap_cpu_end(cpu));
		*(int *)mermap_addr(map) = cpu;
		put(test, map);
		KUNIT_EXPECT_EQ(test, *(int *)page_address(pages_of(test)), cpu);
	}
	move_to(test, 0);
}

static void test_cpus_wrap_alone(struct kunit *test)
{
	unsigned int cpu;

	for_each_possible_cpu (cpu) {
		u64 flushes;

		move_to(test, cpu);
		flushes = nr_flushes(test);
		put(test, get(test, NR_USABLE_PAGES));
		KUNIT_EXPECT_EQ(test, nr_flushes(test), flushes);
		put(test, get(test, 1));
		KUNIT_EXPECT_EQ(test, nr_flushes(test), flushes + 1);
	}
	move_to(test, 0);
}

static void test_other_mm(struct kunit *test)
{
	struct mm_struct *other = new_mm(test);
	struct mermap_alloc *map, *mine;

	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(other), 0);
	mine = get(test, 1);
	map = __mermap_get(other, pages_of(test), PAGE_SIZE, PAGE_KERNEL, false);
	KUNIT_EXPECT_NOT_NULL(test, map);
	if (map) {
		/* The same address of another space. */
		KUNIT_EXPECT_EQ(test, addr_of(map), addr_of(mine));
		KUNIT_EXPECT_PTR_NE(test, map, mine);
		__mermap_put(other, map);
	}
	*(char *)mermap_addr(mine) = 1;
	put(test, mine);
}

static void test_prepared_from_elsewhere(struct kunit *test)
{
	struct mm_struct *mm = new_mm(test);
	struct mermap_alloc *map;

	KUNIT_ASSERT_EQ(test, mermap_mm_prepare(mm), 0);
	kthread_unuse_mm(mm_of(test));
	kthread_use_mm(mm);
	map = mermap_get(pages_of(test), PAGE_SIZE, PAGE_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, map);
	if (map) {
		KUNIT_EXPECT_EQ(test, addr_of(map), base());
		*(int *)mermap_addr(map) = 42;
		mermap_put(map);
	}
	kthread_unuse_mm(mm);
	kthread_use_mm(mm_of(test));
	KUNIT_EXPECT_EQ(test, *(int *)page_address(pages_of(test)), 42);
}

static void test_many_mms(struct kunit *test)
{
	int i;

	for (i = 0; i < 20; i++) {
		struct mm_struct *mm = mm_alloc();
		struct mermap_alloc *map;

		KUNIT_ASSERT_NOT_NULL(test, mm);
		KUNIT_EXPECT_EQ(test, mermap_mm_prepare(mm), 0);
		map = __mermap_get(mm, pages_of(test), PAGE_SIZE, PAGE_KERNEL, false);
		KUNIT_EXPECT_NOT_NULL(test, map);
		if (map)
			__mermap_put(mm, map);
		mmput(mm);
	}
}

/*
 * Whatever CPU it runs on. Enough of them that a number or a place that the first ones had comes
 * again.
 */
static void test_end_of_mm_is_for_all_cpus(struct kunit *test)
{
	unsigned int last = num_possible_cpus() - 1;
	int i;

	for (i = 0; i < 300; i++) {
		struct mm_struct *mm = mm_alloc();
		struct mermap_alloc *map;

		KUNIT_ASSERT_NOT_NULL(test, mm);
		KUNIT_EXPECT_EQ(test, mermap_mm_prepare(mm), 0);
		move_to(test, last);
		map = __mermap_get(mm, pages_of(test), PAGE_SIZE, PAGE_KERNEL, false);
		KUNIT_EXPECT_NOT_NULL(test, map);
		if (map) {
			KUNIT_EXPECT_EQ(test, addr_of(map), mermap_cpu_base(last));
			__mermap_put(mm, map);
		}
		move_to(test, 0);
		mmput(mm);
	}
}

static struct kunit_case mermap_test_cases[] = {
	KUNIT_CASE(test_not_prepared),
	KUNIT_CASE(test_no_mm_not_ready),
	KUNIT_CASE(test_prepare_without_memory),
	KUNIT_CASE(test_basic),
	KUNIT_CASE(test_unmapped_page),
	KUNIT_CASE_PARAM(test_sizes, size_gen_params),
	KUNIT_CASE(test_too_large),
	KUNIT_CASE(test_protections),
	KUNIT_CASE(test_four_live),
	KUNIT_CASE(test_failed_get_allows_migration),
	KUNIT_CASE(test_reserve),
	KUNIT_CASE(test_addresses_are_not_used_again_at_once),
	KUNIT_CASE(test_wrap_flushes_once),
	KUNIT_CASE(test_wrap_with_interrupts_off),
	KUNIT_CASE(test_space_below_a_live_mapping_waits),
	KUNIT_CASE(test_space_above_a_live_mapping_comes_again),
	KUNIT_CASE(test_does_not_fit_beside_a_live_mapping),
	KUNIT_CASE(test_each_cpu_has_a_slice),
	KUNIT_CASE(test_cpus_wrap_alone),
	KUNIT_CASE(test_other_mm),
	KUNIT_CASE(test_prepared_from_elsewhere),
	KUNIT_CASE(test_many_mms),
	KUNIT_CASE(test_end_of_mm_is_for_all_cpus),
	{}};

static struct kunit_suite mermap_test_suite = {
	.name = "mermap",
	.init = mermap_test_init,
	.test_cases = mermap_test_cases,
};
kunit_test_suite(mermap_test_suite);

MODULE_DESCRIPTION("KUnit tests of the mermap");
MODULE_LICENSE("GPL");
