// SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0
/*
 * own_mermap_full.c: a mermap of its own, on page tables and per-CPU state, as a kernel
 * would have it. It replaces the shim's whole, and is itself checked. -DMISTAKE=n puts the n-th
 * mistake in; own_mermap.sh has what the checker says of each.
 */
#include <linux/array_size.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/mermap.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pgtable.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "mermap_counters.h"

#ifndef MISTAKE
#define MISTAKE 0
#endif

#define is_mistake(n) (MISTAKE == (n))

/* --- Setting up and tearing down ------------------------------------------------- */

static DEFINE_MUTEX(prepare_lock);

unsigned long mermap_cpu_base(int cpu)
{
	return MERMAP_BASE_ADDR + cpu * MERMAP_CPU_REGION_SIZE;
}

/* The reserved page included. */
unsigned long mermap_cpu_end(int cpu)
{
	return mermap_cpu_base(cpu) + MERMAP_CPU_REGION_SIZE;
}

static unsigned long reserve_of(int cpu)
{
	return mermap_cpu_end(cpu) - PAGE_SIZE;
}

void mermap_mm_init(struct mm_struct *mm)
{
	mm->mermap.cpu = NULL;
	mm->mermap.prepared = false;
}

static int populate(struct mm_struct *mm)
{
	return apply_to_page_range(mm, MERMAP_BASE_ADDR, nr_cpu_ids * MERMAP_CPU_REGION_SIZE, NULL,
				   NULL);
}

int mermap_mm_prepare(struct mm_struct *mm)
{
	int err, cpu;

	guard(mutex)(&prepare_lock);
	if (mm->mermap.prepared)
		return 0;
	if (!mm->mermap.cpu)
		mm->mermap.cpu = alloc_mermap_cpus();
	if (!mm->mermap.cpu)
		return -ENOMEM;
	for_each_possible_cpu (cpu) /* 15: all of them as this one */
		mermap_cpu_of(mm, cpu)->next_addr =
			mermap_cpu_base(is_mistake(15) ? raw_smp_processor_id() : cpu);
	if (is_mistake(11)) /* ready before there are tables, and errors ignored */
		smp_store_release(&mm->mermap.prepared, true);
	err = populate(mm);
	if (err)
		return err;
	smp_store_release(&mm->mermap.prepared, true);
	return 0;
}

static bool any_live(const struct mermap_cpu *mc)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(mc->normal); i++)
		if (mc->normal[i].in_use)
			return true;
	return mc->reserve.in_use;
}

void mermap_mm_teardown(struct mm_struct *mm)
{
	int cpu;

	if (!mm->mermap.cpu)
		return;
	for_each_possible_cpu (cpu)
		WARN_ON_ONCE(any_live(mermap_cpu_of(mm, cpu)));
	free_mermap_cpus(mm->mermap.cpu);
	mermap_mm_init(mm);
}

bool mermap_ready(void)
{
	return in_task() && current->mm && smp_load_acquire(&current->mm->mermap.prepared);
}

/* --- Entries -------------------------------------------------------------------------- */

struct entries {
	unsigned long pfn;
	pgprot_t prot;
};

static int set_entry(pte_t *ptep, unsigned long addr, void *data)
{
	struct entries *entries = data;

	set_pte(ptep, pfn_pte(entries->pfn++, entries->prot));
	return 0;
}

static int clear_entry(pte_t *ptep, unsigned long addr, void *data)
{
	set_pte(ptep, __pte(0));
	return 0;
}

static int map_range(struct mm_struct *mm, struct mermap_alloc *alloc, struct page *page,
		     pgprot_t prot)
{
	struct entries entries = {.pfn = page_to_pfn(page), .prot = prot};

	return apply_to_page_range(mm, alloc->base, alloc->end - alloc->base, set_entry, &entries);
}

static void unmap_range(struct mm_struct *mm, struct mermap_alloc *alloc)
{
	unsigned long size = alloc->end - alloc->base;

	if (is_mistake(7)) /* the first page only */
		size = PAGE_SIZE;
	/* 13: not at all; 16: see take(); 19: overwritten by whoever gets the address next */
	if (is_mistake(13) || is_mistake(16) || is_mistake(19))
		return;
	apply_to_existing_page_range(mm, alloc->base, size, clear_entry, NULL);
}

/* --- Addresses of a slice; preemption is off ----------------------------------------------- */

static struct mermap_alloc *find_slot(struct mermap_cpu *mc)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(mc->normal); i++)
		if (!mc->normal[i].in_use)
			return &mc->normal[i];
	return NULL;
}

static bool fits(unsigned long addr, unsigned long size, unsigned long end)
{
	if (is_mistake(5)) /* underflows: the last slice's end is before the address */
		return end - PAGE_SIZE - addr + size >= size && size <= MERMAP_CPU_REGION_SIZE;
	return size <= end - addr;
}

/* Everything above the highest live mapping can be had again, when this CPU has forgotten it. */
static unsigned long lowest_free(struct mermap_cpu *mc, int cpu)
{
	unsigned long addr = mermap_cpu_base(cpu);
	int i;

	if (is_mistake(14)) /* live ones are not looked at */
		return addr;
	for (i = 0; i < ARRAY_SIZE(mc->normal); i++)
		if (mc->normal[i].in_use)
			addr = max(addr, mc->normal[i].end);
	return addr;
}

static void flush_slice(struct mm_struct *mm, int cpu)
{
	if (is_mistake(1) || is_mistake(19)) /* no flush */
		return;
	if (is_mistake(2)) { /* of its first page only */
		flush_tlb_mm_range(mm, mermap_cpu_base(cpu), mermap_cpu_base(cpu) + PAGE_SIZE,
				   PAGE_SHIFT, false);
		return;
	}
	arch_mermap_flush_tlb();
}

/* 0: no space. */
static unsigned long take_address(struct mm_struct *mm, struct mermap_cpu *mc, int cpu,
				  unsigned long size)
{
	unsigned long addr = mc->next_addr;

	if (!fits(addr, size, reserve_of(cpu))) {
		addr = lowest_free(mc, cpu);
		if (!fits(addr, size, reserve_of(cpu)))
			return 0;
		flush_slice(mm, cpu);
		mc->tlb_flushes++;
	}
	mc->next_addr = addr + size;
	return addr;
}

static struct mermap_alloc *take(struct mm_struct *mm, struct mermap_cpu *mc, int cpu,
				 unsigned long size)
{
	struct mermap_alloc *alloc = find_slot(mc);
	unsigned long addr;

	if (!alloc)
		return NULL;
	addr = take_address(mm, mc, cpu, size);
	if (!addr)
		return NULL;
	if (is_mistake(16) &&
	    alloc->base) /* cleared when the slot is used again, after the flush */
		apply_to_existing_page_range(mm, alloc->base, alloc->end - alloc->base, clear_entry,
					     NULL);
	alloc->base = addr;
	alloc->end = addr + size;
	return alloc;
}

static struct mermap_alloc *take_reserve(struct mermap_cpu *mc, int cpu)
{
	if (mc->reserve.in_use)
		return NULL;
	if (is_mistake(17) && !find_slot(mc)) /* fails when four are live */
		return NULL;
	/* One address for page after page. */
	if (mc->reserve.base && !is_mistake(4)) /* not flushed in between */
		arch_mermap_flush_tlb();
	mc->reserve.base = reserve_of(cpu);
	mc->reserve.end = reserve_of(cpu) + PAGE_SIZE;
	return &mc->reserve;
}

/* --- What callers see --------------------------------------------------------------------------
 */

static bool valid(unsigned long size, pgprot_t prot)
{
	return size && size <= MERMAP_CPU_REGION_SIZE && (pgprot_val(prot) & _PAGE_PRESENT) &&
	       (is_mistake(18) || !(pgprot_val(prot) & _PAGE_GLOBAL)); /* 18: global ones, too */
}

/* The slice of which CPU this one uses. */
static int this_slice(void)
{
	return is_mistake(6) ? 0 : smp_processor_id(); /* 6: one for all of them */
}

struct mermap_alloc *__mermap_get(struct mm_struct *mm, struct page *page, unsigned long size,
				  pgprot_t prot, bool use_reserve)
{
	struct mermap_alloc *alloc;
	struct mermap_cpu *mc;
	int cpu;

	if (!smp_load_acquire(&mm->mermap.prepared) || !valid(size, prot))
		return NULL;
	if (WARN_ON_ONCE(use_reserve && preemptible()))
		return NULL;
	if (!use_reserve && !is_mistake(8)) /* its CPU may change until the put */
		migrate_disable();
	preempt_disable();
	cpu = this_slice();
	mc = mermap_cpu_of(mm, cpu);
	size = PAGE_ALIGN(size);
	alloc = use_reserve ? take_reserve(mc, cpu) : take(mm, mc, cpu, size);
	if (alloc && map_range(mm, alloc, page, prot) && !is_mistake(11))
		alloc = NULL;
	if (alloc)
		alloc->in_use = true;
	preempt_enable();
	if (!alloc && !use_reserve && !is_mistake(9)) /* stays here after an error */
		migrate_enable();
	return alloc;
}

static bool is_reserve(struct mermap_alloc *alloc)
{
	return alloc->end % MERMAP_CPU_REGION_SIZE == 0;
}

void __mermap_put(struct mm_struct *mm, struct mermap_alloc *alloc)
{
	bool reserve = is_reserve(alloc);
	struct mermap_cpu *mc;

	preempt_disable();
	mc = mermap_cpu_of(mm, this_slice());
	unmap_range(mm, alloc);
	if (is_mistake(3) && alloc->end == mc->next_addr) /* as a stack, without a flush */
		mc->next_addr = alloc->base;
	WRITE_ONCE(alloc->in_use, false);
	preempt_enable();
	if (is_mistake(10) && !reserve) /* once more than disabled */
		preempt_enable();
	if (!reserve && !is_mistake(8) && !is_mistake(12)) /* 12: never enabled */
		migrate_enable();
}

struct mermap_alloc *mermap_get(struct page *page, unsigned long size, pgprot_t prot)
{
	return mermap_ready() ? __mermap_get(current->mm, page, size, prot, false) : NULL;
}

struct mermap_alloc *mermap_get_reserved(struct page *page, pgprot_t prot)
{
	return mermap_ready() ? __mermap_get(current->mm, page, PAGE_SIZE, prot, true) : NULL;
}

void mermap_put(struct mermap_alloc *alloc)
{
	__mermap_put(current->mm, alloc);
}
