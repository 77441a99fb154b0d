/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* tlb.c: TLB flushes and the direct map. */
#include <asm/mmu_context.h>
#include <asm/tlbflush.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/set_memory.h>

#include "flushdep.h"
#include "pgtable.h"
#include "task.h"

void flush_tlb_all(void)
{
	flushdep_flush_all();
}

void __flush_tlb_all(void)
{
	flushdep_flush_local();
}

void flush_tlb_one_kernel(unsigned long addr)
{
	(void)addr;
	flushdep_flush_local();
}

void __flush_tlb_global(void)
{
	flushdep_flush_local();
}

void flush_tlb_local(void)
{
	flushdep_flush_local_mm();
}

void flush_tlb_one_user(unsigned long addr)
{
	flushdep_flush_local_page(flushdep_shim_here(addr));
}

void flush_tlb_mm(struct mm_struct *mm)
{
	if (!mm->flushdep)
		return;
	inc_mm_tlb_gen(mm);
	flushdep_flush_mm(mm->flushdep);
}

void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end,
			unsigned int stride_shift, bool freed_tables)
{
	(void)stride_shift;
	if (!mm->flushdep)
		return;
	inc_mm_tlb_gen(mm);
	start = shim_address_in(mm, start);
	if (end != TLB_FLUSH_ALL)
		end = shim_address_in(mm, end - 1) + 1;
	if (freed_tables && end == TLB_FLUSH_ALL)
		flushdep_flush_mm(mm->flushdep);
	else if (freed_tables)
		flushdep_flush_mm_range_tables(mm->flushdep, start, end);
	else
		flushdep_flush_mm_range(mm->flushdep, start, end);
}

void flush_tlb_page(struct vm_area_struct *vma, unsigned long addr)
{
	flush_tlb_mm_range(vma->vm_mm, addr, addr + PAGE_SIZE, PAGE_SHIFT, false);
}

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	flushdep_flush_kernel_range(start, end);
}

/* --- Which mm a CPU has loaded --------------------------------------------------------- */

struct cpumask *mm_cpumask(struct mm_struct *mm)
{
	unsigned int cpu, word;

	for (word = 0; word < ARRAY_SIZE(mm->flushdep_cpus); word++) {
		unsigned long bits = 0;

		for (cpu = word * 64; cpu < min(nr_cpu_ids, word * 64 + 64); cpu++)
			if (mm->flushdep && flushdep_mm_loaded(mm->flushdep, cpu))
				bits |= 1ul << cpu % 64;
		WRITE_ONCE(mm->flushdep_cpus[word], bits);
	}
	return (struct cpumask *)mm->flushdep_cpus;
}

static void load(struct mm_struct *next)
{
	if (!WARN(!next->flushdep, "init_mm, or one that ended, cannot be loaded\n"))
		flushdep_mm_switch(next->flushdep);
}

void switch_mm(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk)
{
	load(next);
}

void switch_mm_irqs_off(struct mm_struct *prev, struct mm_struct *next, struct task_struct *tsk)
{
	load(next);
}

void enter_lazy_tlb(struct mm_struct *mm, struct task_struct *tsk)
{
	flushdep_mm_switch(NULL);
}

struct mm_struct *use_temporary_mm(struct mm_struct *temp_mm)
{
	struct mm_struct *before = shim_mm_of(flushdep_mm_current());

	lockdep_assert_irqs_disabled();
	load(temp_mm);
	return before;
}

/* Null: the thread of before had none, and keeps this one lazily. */
void unuse_temporary_mm(struct mm_struct *prev_mm)
{
	lockdep_assert_irqs_disabled();
	flushdep_mm_switch(prev_mm ? prev_mm->flushdep : NULL);
}

/* --- The direct map --------------------------------------------------------------------- */

int set_direct_map_invalid_noflush(struct page *page)
{
	return flushdep_direct_map_set(page_to_pfn(page), 1, false);
}

int set_direct_map_default_noflush(struct page *page)
{
	return flushdep_direct_map_set(page_to_pfn(page), 1, true);
}

int set_direct_map_valid_noflush(struct page *page, unsigned int nr, bool valid)
{
	return flushdep_direct_map_set(page_to_pfn(page), nr, valid);
}

int folio_zap_direct_map(struct folio *folio)
{
	unsigned long addr = (unsigned long)folio_address(folio);
	int err = flushdep_direct_map_set(folio_pfn(folio), folio_nr_pages(folio), false);

	if (!err)
		flushdep_flush_kernel_range(addr, addr + folio_size(folio));
	return err;
}

int folio_restore_direct_map(struct folio *folio)
{
	return flushdep_direct_map_set(folio_pfn(folio), folio_nr_pages(folio), true);
}

bool kernel_page_present(struct page *page)
{
	return flushdep_direct_map_present(page_to_pfn(page));
}
