/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * mermap.c: the mermap, as far as the machine's is not it already.
 *
 * All mermap functions are in this one archive member and no other member calls
 * them, so that a program's own mermap replaces ours whole, at link.
 *
 * The machine's handle is opaque; kernel code sees a struct mermap_alloc. Each
 * machine handle gets one for good, so that a handle put twice or used after
 * its put still names the mapping that it was.
 */
#include <linux/atomic.h>
#include <linux/mermap.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "flushdep.h"
#include "host.h"

/* Machine handles ever seen: five per CPU and mm that maps. */
#define MAX_HANDLES 16384

struct handle {
	struct mermap_alloc alloc;
	flushdep_mapping *mapping;
};

/* Open addressing by the machine's handle; entries are never removed. */
static struct handle handles[MAX_HANDLES];

static struct handle *find_handle(flushdep_mapping *mapping)
{
	unsigned long start = ((unsigned long)mapping >> 4) * 0x9e3779b97f4a7c15ul >> 50;
	unsigned long i;

	for (i = 0; i < MAX_HANDLES; i++) {
		struct handle *handle = &handles[(start + i) % MAX_HANDLES];
		flushdep_mapping *seen = NULL;

		if (try_cmpxchg(&handle->mapping, &seen, mapping) || seen == mapping)
			return handle;
	}
	flushdep_fatal("flushdep: more mermap handles than the shim can name (16384): use fewer "
		       "CPUs (option cpus=) or fewer address spaces");
}

static unsigned int map_flags(pgprot_t prot)
{
	unsigned int flags = 0;

	/* No machine protection has this bit: the get fails and says why. */
	if (pgprot_val(prot) & _PAGE_GLOBAL)
		flags |= 1u << 31;
	if (pgprot_val(prot) & _PAGE_PRESENT)
		flags |= FLUSHDEP_MAP_READ;
	if (pgprot_val(prot) & _PAGE_RW)
		flags |= FLUSHDEP_MAP_WRITE;
	return flags;
}

static struct mermap_alloc *publish(flushdep_mapping *mapping, unsigned long size)
{
	struct handle *handle;

	if (!mapping)
		return NULL;
	handle = find_handle(mapping);
	handle->alloc.base = (unsigned long)flushdep_mermap_addr(mapping);
	handle->alloc.end = handle->alloc.base + PAGE_ALIGN(size);
	handle->alloc.in_use = true;
	return &handle->alloc;
}

/* --- Counters, by mm and CPU ------------------------------------------------------- */

/* The slice is bumped along, and starts again lower down by a flush of its CPU only. */
static void count(struct mm_struct *mm, const struct mermap_alloc *alloc)
{
	struct mermap_cpu *counters;

	if (!mm->mermap.cpu)
		return;
	counters = per_cpu_ptr(mm->mermap.cpu, smp_processor_id());
	if (alloc->base < counters->next_addr)
		counters->tlb_flushes++;
	counters->next_addr = alloc->end;
}

/* --- The mermap ---------------------------------------------------------------------- */

int mermap_mm_prepare(struct mm_struct *mm)
{
	int err = flushdep_mermap_prepare(mm ? mm->flushdep : NULL);

	if (err)
		return err;
	if (!READ_ONCE(mm->mermap.cpu)) {
		struct mermap_cpu __percpu *counters = alloc_percpu(struct mermap_cpu);

		/* Another thread's, if it was quicker. */
		if (cmpxchg(&mm->mermap.cpu, NULL, counters))
			free_percpu(counters);
	}
	WRITE_ONCE(mm->mermap.prepared, true);
	return 0;
}

void mermap_mm_init(struct mm_struct *mm)
{
	mm->mermap.cpu = NULL;
	mm->mermap.prepared = false;
}

void mermap_mm_teardown(struct mm_struct *mm)
{
	free_percpu(mm->mermap.cpu);
	mermap_mm_init(mm);
}

bool mermap_ready(void)
{
	return flushdep_mermap_ready();
}

struct mermap_alloc *mermap_get(struct page *page, unsigned long size, pgprot_t prot)
{
	struct mermap_alloc *alloc =
		publish(flushdep_mermap_get(page_to_pfn(page), size, map_flags(prot)), size);

	if (alloc)
		count(current->mm, alloc);
	return alloc;
}

struct mermap_alloc *mermap_get_reserved(struct page *page, pgprot_t prot)
{
	return publish(flushdep_mermap_get_reserved(page_to_pfn(page), map_flags(prot)), PAGE_SIZE);
}

static void put(struct mermap_alloc *alloc)
{
	struct handle *handle = container_of(alloc, struct handle, alloc);

	WRITE_ONCE(alloc->in_use, false);
	flushdep_mermap_put(handle->mapping);
}

void mermap_put(struct mermap_alloc *alloc)
{
	put(alloc);
}

/* --- With the mm named ------------------------------------------------------------------ */

/* Loads `mm`, if it is another one, and says what to go back to. */
static struct flushdep_mm *enter(struct mm_struct *mm)
{
	struct flushdep_mm *before = flushdep_mm_current();

	if (before != mm->flushdep)
		flushdep_mm_switch(mm->flushdep);
	return before;
}

static void leave(struct flushdep_mm *before)
{
	if (before != flushdep_mm_current())
		flushdep_mm_switch(before);
}

struct mermap_alloc *__mermap_get(struct mm_struct *mm, struct page *page, unsigned long size,
				  pgprot_t prot, bool use_reserve)
{
	struct flushdep_mm *before = enter(mm);
	struct mermap_alloc *alloc;

	if (use_reserve)
		alloc = publish(flushdep_mermap_get_reserved(page_to_pfn(page), map_flags(prot)),
				PAGE_SIZE);
	else
		alloc = publish(flushdep_mermap_get(page_to_pfn(page), size, map_flags(prot)),
				size);
	if (alloc && !use_reserve)
		count(mm, alloc);
	leave(before);
	if (alloc) {
		/* The same place, as this thread sees it. */
		alloc->base = flushdep_shim_here(alloc->base);
		alloc->end = alloc->base + PAGE_ALIGN(use_reserve ? PAGE_SIZE : size);
	}
	return alloc;
}

void __mermap_put(struct mm_struct *mm, struct mermap_alloc *alloc)
{
	struct flushdep_mm *before = enter(mm);

	put(alloc);
	leave(before);
}

unsigned long mermap_cpu_base(int cpu)
{
	return MERMAP_BASE_ADDR + cpu * MERMAP_CPU_REGION_SIZE;
}

unsigned long mermap_cpu_end(int cpu)
{
	return MERMAP_BASE_ADDR + (cpu + 1) * MERMAP_CPU_REGION_SIZE;
}

/* For code that takes its address; calls are inlined by the header. */
void *mermap_addr(struct mermap_alloc *alloc)
{
	return (void *)flushdep_shim_here(alloc->base);
}
