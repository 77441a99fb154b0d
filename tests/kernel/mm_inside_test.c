// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * What code inside the memory management does with pages: last references, page-table pages. Cases
 * called fd*_* are run alone by verdicts.sh and end with that report, quiet_* with none.
 */
#include <kunit/test.h>

#include <asm/pgalloc.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include <linux/kthread.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/page_ref.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/smp.h>
#include <linux/string.h>

/* A page that was mapped, written and put: a flush is owed. */
static struct page *used_page(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mermap_alloc *map;

	KUNIT_ASSERT_NOT_NULL(test, page);
	map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	memset(mermap_addr(map), 1, PAGE_SIZE);
	mermap_put(map);
	return page;
}

/* --- Who drops last frees ---------------------------------------------------------- */

typedef void (*drop_fn)(struct page *page);

static void flush_and_free(struct page *page)
{
	if (put_page_testzero(page)) {
		flush_tlb_all();
		free_unref_page(page, 0);
	}
}

static void only_free(struct page *page)
{
	if (put_page_testzero(page))
		free_unref_page(page, 0);
}

static void flush_and_free_as_rules_md_has_it(struct page *page)
{
	if (put_page_testzero(page)) {
		flush_tlb_all();
		__free_page(page);
	}
}

static void only_free_as_rules_md_has_it(struct page *page)
{
	if (put_page_testzero(page))
		__free_page(page);
}

static void folio_flush_and_free(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (folio_put_testzero(folio)) {
		flush_tlb_all();
		__folio_put(folio);
	}
}

static void folio_only_free(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (folio_put_testzero(folio))
		__folio_put(folio);
}

static void count_flush_and_free(struct page *page)
{
	if (page_ref_dec_and_test(page)) {
		flush_tlb_all();
		free_unref_page(page, 0);
	}
}

static void count_only_free(struct page *page)
{
	if (page_ref_dec_and_test(page))
		free_unref_page(page, 0);
}

static struct holder {
	struct page *page;
	drop_fn drop;
	bool done; /* orders nothing */
} other;

static int drop_in_thread(void *unused)
{
	other.drop(other.page);
	WRITE_ONCE(other.done, true);
	while (!kthread_should_stop())
		cpu_relax();
	return 0;
}

/* This holder happens to be the last. */
static void drop_after_other(struct kunit *test, drop_fn mine, drop_fn others)
{
	struct page *page = used_page(test);
	struct task_struct *task;

	get_page(page);
	other = (struct holder){.page = page, .drop = others};
	task = kthread_run(drop_in_thread, NULL, "other");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	while (!READ_ONCE(other.done))
		cpu_relax();
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	mine(page);
	kthread_stop(task);
}

static void fd006_only_one_flushes(struct kunit *test)
{
	drop_after_other(test, flush_and_free, only_free);
}

static void quiet_both_flush(struct kunit *test)
{
	drop_after_other(test, flush_and_free, flush_and_free);
}

static void fd006_only_one_flushes_free_page(struct kunit *test)
{
	drop_after_other(test, flush_and_free_as_rules_md_has_it, only_free_as_rules_md_has_it);
}

static void quiet_both_flush_free_page(struct kunit *test)
{
	drop_after_other(test, flush_and_free_as_rules_md_has_it,
			 flush_and_free_as_rules_md_has_it);
}

static void fd006_only_one_flushes_folio(struct kunit *test)
{
	drop_after_other(test, folio_flush_and_free, folio_only_free);
}

static void quiet_both_flush_folio(struct kunit *test)
{
	drop_after_other(test, folio_flush_and_free, folio_flush_and_free);
}

static void fd006_only_one_flushes_count(struct kunit *test)
{
	drop_after_other(test, count_flush_and_free, count_only_free);
}

static void quiet_both_flush_count(struct kunit *test)
{
	drop_after_other(test, count_flush_and_free, count_flush_and_free);
}

static void fd001_last_does_not_flush(struct kunit *test)
{
	drop_after_other(test, only_free, flush_and_free);
}

/* --- Counts -------------------------------------------------------------------------- */

static void quiet_counts(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct folio *folio = folio_alloc(GFP_KERNEL, 2);

	KUNIT_ASSERT_TRUE(test, page && folio);
	get_page(page);
	KUNIT_EXPECT_FALSE(test, put_page_testzero(page));
	KUNIT_EXPECT_FALSE(test, page_ref_freeze(page, 2));
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_TRUE(test, page_ref_freeze(page, 1));
	KUNIT_EXPECT_EQ(test, page_count(page), 0);
	KUNIT_EXPECT_FALSE(test, get_page_unless_zero(page));
	page_ref_unfreeze(page, 3);
	KUNIT_EXPECT_EQ(test, page_count(page), 3);
	KUNIT_EXPECT_TRUE(test, page_ref_sub_and_test(page, 3));
	page_ref_unfreeze(page, 1);
	put_page(page);
	KUNIT_EXPECT_TRUE(test, folio_ref_freeze(folio, 1));
	folio_ref_unfreeze(folio, 1);
	KUNIT_EXPECT_TRUE(test, folio_put_testzero(folio));
	free_unref_page(&folio->page, 2);
}

static void fd001_frozen_and_freed(struct kunit *test)
{
	struct page *page = used_page(test);

	if (page_ref_freeze(page, 1))
		free_unref_page(page, 0);
}

static void quiet_frozen_flushed_and_freed(struct kunit *test)
{
	struct page *page = used_page(test);

	KUNIT_ASSERT_TRUE(test, page_ref_freeze(page, 1));
	flush_tlb_all();
	free_unref_page(page, 0);
}

static void fd015_one_drop_too_many(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	put_page(page);
	KUNIT_EXPECT_FALSE(test, put_page_testzero(page));
}

static void fd015_freed_twice(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	if (put_page_testzero(page))
		free_unref_page(page, 0);
	__free_page(page);
}

/* --- Page-table pages ------------------------------------------------------------------ */

static unsigned long table_address(void)
{
	return flushdep_shim_area_start(current->mm);
}

/* A table of one's own is linked for the first addresses; its entries were used. */
static pmd_t *linked_table(struct kunit *test, pgtable_t *table)
{
	struct mm_struct *mm = current->mm;
	unsigned long addr = table_address();
	struct page *page = alloc_page(GFP_KERNEL);
	pmd_t *pmd = pmd_off(mm, addr);
	pte_t *pte;

	*table = pte_alloc_one(mm);
	KUNIT_ASSERT_TRUE(test, page && *table);
	KUNIT_ASSERT_TRUE(test, pmd_none(*pmd));
	pmd_populate(mm, pmd, *table);
	mm_inc_nr_ptes(mm);
	KUNIT_ASSERT_PTR_EQ(test, pmd_pgtable(*pmd), *table);
	pte = pte_offset_kernel(pmd, addr);
	set_pte_at(mm, addr, pte, mk_pte(page, PAGE_KERNEL));
	pte_clear(mm, addr, pte);
	flush_tlb_mm_range(mm, addr, addr + PAGE_SIZE, PAGE_SHIFT, false);
	__free_page(page);
	return pmd;
}

static void fd018_unlinked_and_freed(struct kunit *test)
{
	pgtable_t table;
	pmd_t *pmd = linked_table(test, &table);

	pmd_clear(pmd);
	pte_free(current->mm, table);
}

static void quiet_unlinked_flushed_and_freed(struct kunit *test)
{
	struct mmu_gather gather, *tlb = &gather;
	pgtable_t table;
	pmd_t *pmd = linked_table(test, &table);

	tlb_gather_mmu(tlb, current->mm);
	pmd_clear(pmd);
	tlb->freed_tables = 1;
	tlb_flush(tlb);
	pte_free(current->mm, table);
	tlb_finish_mmu(tlb);
}

static void quiet_unlinked_mm_flushed_and_freed(struct kunit *test)
{
	pgtable_t table;
	pmd_t *pmd = linked_table(test, &table);

	pmd_clear(pmd);
	flush_tlb_mm(current->mm);
	pte_free(current->mm, table);
}

static void fd018_freed_while_linked(struct kunit *test)
{
	pgtable_t table;
	pmd_t *pmd = linked_table(test, &table);

	pte_free(current->mm, table);
	pmd_clear(pmd);
}

static void fd018_flushed_before_it_is_unlinked(struct kunit *test)
{
	pgtable_t table;
	pmd_t *pmd = linked_table(test, &table);

	flush_tlb_mm(current->mm);
	pmd_clear(pmd);
	pte_free(current->mm, table);
}

static int run_lazily(void *data)
{
	kthread_use_mm(data);
	kthread_unuse_mm(data);
	WRITE_ONCE(other.done, true);
	while (!kthread_should_stop())
		cpu_relax();
	return 0;
}

/* Frees it while another CPU keeps the mm loaded, lazily, if there is one. */
static void free_under_lazy_cpu(struct kunit *test, bool freed_tables)
{
	unsigned long addr = table_address();
	pgtable_t table;
	pmd_t *pmd = linked_table(test, &table);
	struct task_struct *task;

	other.done = false;
	task = kthread_run(run_lazily, current->mm, "lazy");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	while (!READ_ONCE(other.done))
		cpu_relax();
	pmd_clear(pmd);
	flush_tlb_mm_range(current->mm, addr, addr + PMD_SIZE, PMD_SHIFT, freed_tables);
	pte_free(current->mm, table);
	kthread_stop(task);
}

static void fd018_lazy_cpus_are_skipped(struct kunit *test)
{
	free_under_lazy_cpu(test, false);
}

static void quiet_lazy_cpus_are_reached(struct kunit *test)
{
	free_under_lazy_cpu(test, true);
}

static void quiet_gathered_table(struct kunit *test)
{
	struct mm_struct *mm = current->mm;
	struct mmu_gather tlb;
	pgtable_t table;
	pmd_t *pmd = linked_table(test, &table);

	KUNIT_EXPECT_EQ(test, mm_pgtables_bytes(mm), PAGE_SIZE);
	tlb_gather_mmu(&tlb, mm);
	pmd_clear(pmd);
	pte_free_tlb(&tlb, table, table_address());
	mm_dec_nr_ptes(mm);
	KUNIT_EXPECT_EQ(test, page_count(table), 1);
	tlb_finish_mmu(&tlb);
	KUNIT_EXPECT_EQ(test, page_count(table), 0);
}

static void fd018_gatherer_is_not_told(struct kunit *test)
{
	struct mmu_gather tlb;
	pgtable_t table;
	pmd_t *pmd = linked_table(test, &table);

	tlb_gather_mmu(&tlb, current->mm);
	pmd_clear(pmd);
	tlb_remove_table(&tlb, table);
	tlb_finish_mmu(&tlb);
}

/* Tables that were made on the way are freed alike. */
static void quiet_table_of_the_machine(struct kunit *test)
{
	struct mm_struct *mm = current->mm;
	unsigned long addr = table_address();
	pmd_t *pmd = pmd_off(mm, addr);
	pgtable_t table;

	KUNIT_ASSERT_EQ(test, pte_alloc(mm, pmd), 0);
	KUNIT_ASSERT_FALSE(test, pmd_none(*pmd));
	table = pmd_pgtable(*pmd);
	pmd_clear(pmd);
	KUNIT_EXPECT_TRUE(test, pmd_none(*pmd_off(mm, addr)));
	KUNIT_EXPECT_NULL(test, pte_offset_map(pmd, addr));
	flush_tlb_mm(mm);
	pte_free(mm, table);
}

/* Entries go with their table and come back with it. */
static void quiet_entries_of_a_table(struct kunit *test)
{
	struct mm_struct *mm = current->mm;
	unsigned long addr = table_address();
	struct page *page = alloc_page(GFP_KERNEL);
	pmd_t *pmd = pmd_off(mm, addr), old;
	pte_t *table = pte_alloc_one_kernel(mm), *pte;

	KUNIT_ASSERT_TRUE(test, page && table);
	set_pte(table + 3, mk_pte(page, PAGE_KERNEL));
	pmd_populate_kernel(mm, pmd, table);
	pte = pte_offset_kernel(pmd, addr + 3 * PAGE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, pte_page(ptep_get(pte)), page);
	old = pmdp_get_and_clear(mm, addr, pmd);
	KUNIT_EXPECT_TRUE(test, pmd_none(*pmd));
	flush_tlb_mm(mm);
	KUNIT_EXPECT_PTR_EQ(test, pte_page(table[3]), page);
	set_pmd(pmd + 1, old);
	pte = pte_offset_kernel(pmd + 1, addr + PMD_SIZE + 3 * PAGE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, pte_page(ptep_get(pte)), page);
	pte_clear(mm, addr + PMD_SIZE + 3 * PAGE_SIZE, pte);
	pmd_clear(pmd + 1);
	flush_tlb_mm(mm);
	pte_free_kernel(mm, table);
	__free_page(page);
}

/* What is unlinked with entries in it leaves translations of their pages. */
static void fd001_entries_of_an_unlinked_table(struct kunit *test)
{
	struct mm_struct *mm = current->mm;
	struct page *page = alloc_page(GFP_KERNEL);
	pgtable_t table;
	pmd_t *pmd = linked_table(test, &table);

	KUNIT_ASSERT_NOT_NULL(test, page);
	set_pte_at(mm, table_address(), pte_offset_kernel(pmd, table_address()),
		   mk_pte(page, PAGE_KERNEL));
	pmd_clear(pmd);
	__free_page(page);
	flush_tlb_mm(mm);
	pte_free(mm, table);
}

/* --- Which mm a CPU has loaded ------------------------------------------------------- */

static void flush_here(void *unused)
{
	flush_tlb_local();
}

static void quiet_flushed_where_it_is_loaded(struct kunit *test)
{
	struct page *page = used_page(test);

	on_each_cpu_mask(mm_cpumask(current->mm), flush_here, NULL, 1);
	__free_page(page);
}

static void quiet_cpumask(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc(), *before;
	unsigned long flags;

	KUNIT_ASSERT_NOT_NULL(test, mm);
	KUNIT_EXPECT_TRUE(test, cpumask_test_cpu(raw_smp_processor_id(), mm_cpumask(current->mm)));
	KUNIT_EXPECT_TRUE(test, cpumask_empty(mm_cpumask(mm)));
	local_irq_save(flags);
	before = use_temporary_mm(mm);
	KUNIT_EXPECT_TRUE(test, cpumask_test_cpu(raw_smp_processor_id(), mm_cpumask(mm)));
	unuse_temporary_mm(before);
	KUNIT_EXPECT_PTR_EQ(test, before, current->mm);
	KUNIT_EXPECT_TRUE(test, cpumask_empty(mm_cpumask(mm)));
	local_irq_restore(flags);
	mmput(mm);
}

/* Another mm runs here meanwhile, and the flush is of that. */
static void fd003_local_flush_of_another_mm(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc(), *mine = current->mm;
	struct page *page = used_page(test);

	KUNIT_ASSERT_NOT_NULL(test, mm);
	preempt_disable();
	switch_mm(mine, mm, NULL);
	flush_tlb_local();
	switch_mm(mm, mine, NULL);
	preempt_enable();
	__free_page(page);
	mmput(mm);
}

static void quiet_lazy(struct kunit *test)
{
	struct page *page = used_page(test);

	preempt_disable();
	enter_lazy_tlb(current->mm, current);
	KUNIT_EXPECT_TRUE(test, cpumask_test_cpu(raw_smp_processor_id(), mm_cpumask(current->mm)));
	switch_mm(NULL, current->mm, current);
	preempt_enable();
	flush_tlb_mm(current->mm);
	__free_page(page);
}

static int prepare(struct kunit *test)
{
	return mermap_mm_prepare(current->mm);
}

static struct kunit_case cases[] = {KUNIT_CASE(fd006_only_one_flushes),
				    KUNIT_CASE(quiet_both_flush),
				    KUNIT_CASE(fd006_only_one_flushes_free_page),
				    KUNIT_CASE(quiet_both_flush_free_page),
				    KUNIT_CASE(fd006_only_one_flushes_folio),
				    KUNIT_CASE(quiet_both_flush_folio),
				    KUNIT_CASE(fd006_only_one_flushes_count),
				    KUNIT_CASE(quiet_both_flush_count),
				    KUNIT_CASE(fd001_last_does_not_flush),
				    KUNIT_CASE(quiet_counts),
				    KUNIT_CASE(fd001_frozen_and_freed),
				    KUNIT_CASE(quiet_frozen_flushed_and_freed),
				    KUNIT_CASE(fd015_one_drop_too_many),
				    KUNIT_CASE(fd015_freed_twice),
				    KUNIT_CASE(fd018_unlinked_and_freed),
				    KUNIT_CASE(quiet_unlinked_flushed_and_freed),
				    KUNIT_CASE(quiet_unlinked_mm_flushed_and_freed),
				    KUNIT_CASE(fd018_freed_while_linked),
				    KUNIT_CASE(fd018_flushed_before_it_is_unlinked),
				    KUNIT_CASE(quiet_lazy_cpus_are_reached),
				    KUNIT_CASE(quiet_gathered_table),
				    KUNIT_CASE(fd018_gatherer_is_not_told),
				    KUNIT_CASE(quiet_table_of_the_machine),
				    KUNIT_CASE(quiet_entries_of_a_table),
				    KUNIT_CASE(fd001_entries_of_an_unlinked_table),
				    KUNIT_CASE(quiet_flushed_where_it_is_loaded),
				    KUNIT_CASE(quiet_cpumask),
				    KUNIT_CASE(fd003_local_flush_of_another_mm),
				    KUNIT_CASE(quiet_lazy),
				    {}};

/* With more than one CPU. */
static struct kunit_case more_cases[] = {KUNIT_CASE(fd018_lazy_cpus_are_skipped), {}};

static struct kunit_suite verdicts_suite = {
	.name = "verdicts",
	.init = prepare,
	.test_cases = cases,
};

static struct kunit_suite lazy_suite = {
	.name = "lazy",
	.init = prepare,
	.test_cases = more_cases,
};
kunit_test_suites(&verdicts_suite, &lazy_suite);

MODULE_LICENSE("GPL");
