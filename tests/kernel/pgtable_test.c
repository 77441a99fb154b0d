// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Page tables by hand: entries, ranges of them, mmu_gather. Cases called fd*_* are run alone by
 * verdicts.sh and end with that report, quiet_* with none.
 */
#include <kunit/test.h>

#include <asm/tlb.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/set_memory.h>

static pte_t *at(struct kunit *test, unsigned long nr)
{
	unsigned long addr = flushdep_shim_area_start(current->mm);

	KUNIT_ASSERT_EQ(test, apply_to_page_range(current->mm, addr, 4 * PAGE_SIZE, NULL, NULL), 0);
	return flushdep_shim_pte(addr + nr * PAGE_SIZE);
}

static unsigned long address(unsigned long nr)
{
	return flushdep_shim_area_start(current->mm) + nr * PAGE_SIZE;
}

static struct page *some_page(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, page);
	return page;
}

static void quiet_values(struct kunit *test)
{
	pte_t pte = pfn_pte(42, PAGE_KERNEL);

	KUNIT_EXPECT_EQ(test, pte_pfn(pte), 42);
	KUNIT_EXPECT_TRUE(test, pte_present(pte) && pte_write(pte) && !pte_exec(pte));
	KUNIT_EXPECT_FALSE(test, pte_write(pte_wrprotect(pte)));
	KUNIT_EXPECT_TRUE(test, pte_same(pte_mkwrite_novma(pte_wrprotect(pte)), pte));
	KUNIT_EXPECT_FALSE(test, pte_write(pte_modify(pte, PAGE_KERNEL_RO)));
	KUNIT_EXPECT_EQ(test, pte_pfn(pte_modify(pte, PAGE_KERNEL_RO)), 42);
	KUNIT_EXPECT_TRUE(test, pte_none(__pte(0)));
	KUNIT_EXPECT_PTR_EQ(test, pte_page(pte), pfn_to_page(42));
	/* One that is in no table. */
	set_pte(&pte, __pte(0));
	KUNIT_EXPECT_TRUE(test, pte_none(pte));
}

static void quiet_an_entry_maps(struct kunit *test)
{
	struct page *page = some_page(test);
	pte_t *ptep = at(test, 1), old;

	set_pte_at(current->mm, address(1), ptep, mk_pte(page, PAGE_KERNEL));
	KUNIT_EXPECT_EQ(test, pte_pfn(ptep_get(ptep)), page_to_pfn(page));
	old = ptep_get_and_clear(current->mm, address(1), ptep);
	KUNIT_EXPECT_EQ(test, pte_pfn(old), page_to_pfn(page));
	KUNIT_EXPECT_TRUE(test, pte_none(ptep_get(ptep)));
	flush_tlb_mm_range(current->mm, address(1), address(2), PAGE_SHIFT, false);
	__free_page(page);
}

static void fd001_cleared_and_freed(struct kunit *test)
{
	struct page *page = some_page(test);

	set_pte(at(test, 1), mk_pte(page, PAGE_KERNEL));
	pte_clear(current->mm, address(1), at(test, 1));
	__free_page(page);
}

static void fd003_another_address_is_flushed(struct kunit *test)
{
	struct page *page = some_page(test);

	set_pte(at(test, 1), mk_pte(page, PAGE_KERNEL));
	pte_clear(current->mm, address(1), at(test, 1));
	flush_tlb_mm_range(current->mm, address(2), address(3), PAGE_SHIFT, false);
	__free_page(page);
}

static void fd012_remapped_before_the_flush(struct kunit *test)
{
	struct page *first = some_page(test), *second = some_page(test);

	set_pte(at(test, 1), mk_pte(first, PAGE_KERNEL));
	pte_clear(current->mm, address(1), at(test, 1));
	set_pte(at(test, 1), mk_pte(second, PAGE_KERNEL));
	pte_clear(current->mm, address(1), at(test, 1));
	flush_tlb_mm(current->mm);
	__free_page(first);
	__free_page(second);
}

struct seen {
	unsigned int calls, stop_after;
	unsigned long first, last;
};

static int see(pte_t *pte, unsigned long addr, void *data)
{
	struct seen *seen = data;

	if (!seen->calls++)
		seen->first = addr;
	seen->last = addr;
	return seen->calls == seen->stop_after ? -EAGAIN : 0;
}

static void quiet_ranges(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();
	unsigned long start = flushdep_shim_area_start(mm);
	struct seen seen = {};

	/* Nothing there: makes nothing. */
	KUNIT_EXPECT_EQ(test, apply_to_existing_page_range(mm, start, PMD_SIZE, see, &seen), 0);
	KUNIT_EXPECT_EQ(test, seen.calls, 0);
	KUNIT_EXPECT_NULL(test, flushdep_shim_pte(start));
	/* Across a border of tables. */
	start += PMD_SIZE - 3 * PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, apply_to_page_range(mm, start, 8 * PAGE_SIZE, see, &seen), 0);
	KUNIT_EXPECT_EQ(test, seen.calls, 8);
	KUNIT_EXPECT_EQ(test, seen.first, start);
	KUNIT_EXPECT_EQ(test, seen.last, start + 7 * PAGE_SIZE);
	/* Entries that are none are no existing ones. */
	seen = (struct seen){};
	KUNIT_EXPECT_EQ(test, apply_to_existing_page_range(mm, start, 8 * PAGE_SIZE, see, &seen),
			0);
	KUNIT_EXPECT_EQ(test, seen.calls, 0);
	/* The first error ends it. */
	seen = (struct seen){.stop_after = 3};
	KUNIT_EXPECT_EQ(test, apply_to_page_range(mm, start, 8 * PAGE_SIZE, see, &seen), -EAGAIN);
	KUNIT_EXPECT_EQ(test, seen.calls, 3);
	KUNIT_EXPECT_EQ(test, apply_to_page_range(&init_mm, start, PAGE_SIZE, NULL, NULL), -EINVAL);
	mmput(mm);
}

static void quiet_the_mm_given_counts(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();
	struct seen seen = {};

	/* MERMAP_BASE_ADDR names a place, the mm whose. */
	KUNIT_EXPECT_EQ(test, apply_to_page_range(mm, MERMAP_BASE_ADDR, PAGE_SIZE, see, &seen), 0);
	KUNIT_EXPECT_NE(test, seen.first, MERMAP_BASE_ADDR);
	KUNIT_EXPECT_NOT_NULL(test, flushdep_shim_pte(seen.first));
	KUNIT_EXPECT_EQ(test, seen.first % MERMAP_CPU_REGION_SIZE, 0);
	mmput(mm);
}

static void quiet_no_memory_for_tables(struct kunit *test)
{
	struct page *all = NULL, *page;
	struct mm_struct *mm = mm_alloc();
	unsigned long start = flushdep_shim_area_start(mm);

	while ((page = alloc_page(GFP_KERNEL))) {
		page->private = (unsigned long)all;
		all = page;
	}
	KUNIT_EXPECT_EQ(test, apply_to_page_range(mm, start, PAGE_SIZE, NULL, NULL), -ENOMEM);
	for (; all; all = page) {
		page = (struct page *)all->private;
		__free_page(all);
	}
	KUNIT_EXPECT_EQ(test, apply_to_page_range(mm, start, PAGE_SIZE, NULL, NULL), 0);
	mmput(mm);
}

static void quiet_mm_flags(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();

	KUNIT_EXPECT_FALSE(test, mm_flags_test(MMF_OOM_SKIP, mm));
	mm_flags_set(MMF_OOM_SKIP, mm);
	KUNIT_EXPECT_TRUE(test, test_bit(MMF_OOM_SKIP, &mm->flags));
	KUNIT_EXPECT_TRUE(test, mm_flags_test_and_clear(MMF_OOM_SKIP, mm));
	KUNIT_EXPECT_FALSE(test, mm_flags_test(MMF_OOM_SKIP, mm));
	mmput(mm);
}

/* --- mmu_gather ----------------------------------------------------------------- */

/* Clears nr entries that were mapped; `told`: the gatherer knows. */
static void zap(struct kunit *test, struct mmu_gather *tlb, unsigned long nr, bool told)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		struct page *page = some_page(test);
		pte_t *ptep;

		KUNIT_ASSERT_EQ(test,
				apply_to_page_range(current->mm, address(i), PAGE_SIZE, NULL, NULL),
				0);
		ptep = flushdep_shim_pte(address(i));
		set_pte_at(current->mm, address(i), ptep, mk_pte(page, PAGE_KERNEL));
		ptep_get_and_clear_full(current->mm, address(i), ptep, tlb->fullmm);
		if (told)
			tlb_remove_tlb_entry(tlb, ptep, address(i));
		tlb_remove_page(tlb, page);
	}
}

static void quiet_gathered(struct kunit *test)
{
	struct mmu_gather tlb;
	u64 gen = atomic64_read(&current->mm->context.tlb_gen);

	tlb_gather_mmu(&tlb, current->mm);
	zap(test, &tlb, 10, true);
	KUNIT_EXPECT_EQ(test, tlb.start, address(0));
	KUNIT_EXPECT_EQ(test, tlb.end, address(10));
	tlb_finish_mmu(&tlb);
	KUNIT_EXPECT_EQ(test, atomic64_read(&current->mm->context.tlb_gen), gen + 1);
}

static void quiet_more_than_fit(struct kunit *test)
{
	struct mmu_gather tlb;

	tlb_gather_mmu(&tlb, current->mm);
	zap(test, &tlb, 3 * FLUSHDEP_GATHER_PAGES + 1, true);
	tlb_finish_mmu(&tlb);
}

static void quiet_whole_mm(struct kunit *test)
{
	struct mmu_gather tlb;

	tlb_gather_mmu_fullmm(&tlb, current->mm);
	zap(test, &tlb, 2, true);
	tlb_finish_mmu(&tlb);
}

static void quiet_nothing_gathered_nothing_flushed(struct kunit *test)
{
	struct mmu_gather tlb;
	u64 gen = atomic64_read(&current->mm->context.tlb_gen);

	tlb_gather_mmu(&tlb, current->mm);
	tlb_finish_mmu(&tlb);
	KUNIT_EXPECT_EQ(test, atomic64_read(&current->mm->context.tlb_gen), gen);
}

static void fd001_gatherer_is_not_told(struct kunit *test)
{
	struct mmu_gather tlb;

	tlb_gather_mmu(&tlb, current->mm);
	zap(test, &tlb, 1, false);
	tlb_finish_mmu(&tlb);
}

/* Entries that are present between the addresses, found level by level. */
static unsigned int walk(struct mm_struct *mm, unsigned long addr, unsigned long end)
{
	unsigned int present = 0;

	for (; addr < end; addr += PAGE_SIZE) {
		pgd_t *pgd = pgd_offset(mm, addr);
		p4d_t *p4d;
		pud_t *pud;
		pmd_t *pmd;
		pte_t *pte;
		spinlock_t *ptl;

		if (pgd_none(*pgd) || pgd_bad(*pgd))
			continue;
		p4d = p4d_offset(pgd, addr);
		if (p4d_none_or_clear_bad(p4d))
			continue;
		pud = pud_offset(p4d, addr);
		if (!pud_present(pudp_get(pud)) || pud_leaf(*pud))
			continue;
		pmd = pmd_offset(pud, addr);
		if (pmd_none(*pmd) || pmd_leaf(*pmd))
			continue;
		pte = pte_offset_map_lock(mm, pmd, addr, &ptl);
		if (!pte)
			continue;
		present += pte_present(ptep_get(pte));
		pte_unmap_unlock(pte, ptl);
	}
	return present;
}

static void quiet_walks(struct kunit *test)
{
	struct mm_struct *mm = current->mm;
	unsigned long addr = flushdep_shim_area_start(mm);
	struct page *page = alloc_page(GFP_KERNEL);
	pmd_t *pmd = pmd_off(mm, addr);
	spinlock_t *ptl;
	pte_t *pte;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, pgd_addr_end(PGDIR_SIZE - 1, 3 * PGDIR_SIZE), PGDIR_SIZE);
	KUNIT_EXPECT_EQ(test, pmd_addr_end(PMD_SIZE, PMD_SIZE + 1), PMD_SIZE + 1);
	pte = pte_alloc_map_lock(mm, pmd, addr, &ptl);
	KUNIT_ASSERT_NOT_NULL(test, pte);
	KUNIT_EXPECT_TRUE(test, pte_none(ptep_get(pte)));
	set_pte_at(mm, addr, pte, mk_pte(page, PAGE_KERNEL));
	pte_unmap_unlock(pte, ptl);
	KUNIT_EXPECT_EQ(test, walk(mm, addr, addr + 8 * PAGE_SIZE), 1);
	pte_clear(mm, addr, pte);
	flush_tlb_mm_range(mm, addr, addr + PAGE_SIZE, PAGE_SHIFT, false);
	KUNIT_EXPECT_EQ(test, walk(mm, addr, addr + 8 * PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, walk(&init_mm, PAGE_OFFSET, PAGE_OFFSET + PAGE_SIZE), 0);
	__free_page(page);
}

static void quiet_direct_map_is_looked_up(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long addr = (unsigned long)page_address(page);
	unsigned int level = PG_LEVEL_NONE;
	pte_t *pte = lookup_address(addr, &level);

	KUNIT_ASSERT_NOT_NULL(test, pte);
	KUNIT_EXPECT_EQ(test, (int)level, (int)PG_LEVEL_4K);
	KUNIT_EXPECT_PTR_EQ(test, pte_page(*pte), page);
	KUNIT_EXPECT_TRUE(test, pte_present(*pte));
	KUNIT_ASSERT_EQ(test, set_direct_map_invalid_noflush(page), 0);
	KUNIT_EXPECT_FALSE(test, pte_present(*lookup_address(addr, &level)));
	set_direct_map_default_noflush(page);
	flush_tlb_kernel_range(addr, addr + PAGE_SIZE);
	__free_page(page);
}

static struct kunit_case pgtable_cases[] = {KUNIT_CASE(quiet_walks),
					    KUNIT_CASE(quiet_direct_map_is_looked_up),
					    KUNIT_CASE(quiet_values),
					    KUNIT_CASE(quiet_an_entry_maps),
					    KUNIT_CASE(fd001_cleared_and_freed),
					    KUNIT_CASE(fd003_another_address_is_flushed),
					    KUNIT_CASE(fd012_remapped_before_the_flush),
					    KUNIT_CASE(quiet_ranges),
					    KUNIT_CASE(quiet_the_mm_given_counts),
					    KUNIT_CASE(quiet_no_memory_for_tables),
					    KUNIT_CASE(quiet_mm_flags),
					    KUNIT_CASE(quiet_gathered),
					    KUNIT_CASE(quiet_more_than_fit),
					    KUNIT_CASE(quiet_whole_mm),
					    KUNIT_CASE(quiet_nothing_gathered_nothing_flushed),
					    KUNIT_CASE(fd001_gatherer_is_not_told),
					    {}};

static struct kunit_suite pgtable_suite = {
	.name = "pgtable",
	.test_cases = pgtable_cases,
};
kunit_test_suite(pgtable_suite);

MODULE_LICENSE("GPL");
