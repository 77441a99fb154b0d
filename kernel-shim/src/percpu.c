/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * percpu.c: per-CPU variables. Their template is a section of the program; each CPU has a unit that
 * begins with a copy of it, made before constructors without a priority, and goes on with what
 * alloc_percpu() hands out. A per-CPU pointer is the address in the template, or beyond its
 * end the one where it would go on: the same offset leads from both to a CPU's own.
 *
 * The list of allocations is under a lock of the shim's own, that is told to nobody and taken in
 * any context.
 */
#include <linux/align.h>
#include <linux/bug.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "flushdep.h"
#include "host.h"

#define DYNAMIC_BYTES (1ul << 20)

/* So that there always is such a section. */
static DEFINE_PER_CPU(unsigned long, anchor) __used;
extern char __start_flushdep_percpu[] SHIM_LOCAL;
extern char __stop_flushdep_percpu[] SHIM_LOCAL;

unsigned long __per_cpu_offset[NR_CPUS];

struct chunk {
	struct chunk *next; /* by address */
	size_t offset;
	size_t size;
};

static struct chunk *chunks;
static int chunks_lock;

static void lock_chunks(void)
{
	while (__atomic_exchange_n(&chunks_lock, 1, __ATOMIC_ACQUIRE))
		shim_host_yield();
}

static void unlock_chunks(void)
{
	__atomic_store_n(&chunks_lock, 0, __ATOMIC_RELEASE);
}

/* Beyond the section's end; offsets are from its start, and aligned as that is: to pages. */
static size_t dynamic_start(void)
{
	return ALIGN(__stop_flushdep_percpu - __start_flushdep_percpu, PAGE_SIZE);
}

/* A unit starts at the same place in a page as the template, so that alignments hold. */
__attribute__((constructor(101))) static void percpu_boot(void)
{
	unsigned long start = (unsigned long)__start_flushdep_percpu;
	size_t bytes = __stop_flushdep_percpu - __start_flushdep_percpu;
	size_t unit = dynamic_start() + DYNAMIC_BYTES + PAGE_SIZE;
	unsigned int cpu, cpus = flushdep_cpu_count();
	char *base = shim_host_reserve(unit * cpus);

	if (!base)
		flushdep_fatal("the host has no memory for per-CPU variables");
	for (cpu = 0; cpu < cpus; cpu++) {
		char *copy = base + cpu * unit + offset_in_page(start);

		memcpy(copy, __start_flushdep_percpu, bytes);
		__per_cpu_offset[cpu] = (unsigned long)copy - start;
	}
}

/* First fit; returns the link after which the new chunk belongs, or NULL. */
static struct chunk **find_room(size_t size, size_t align, size_t *offset)
{
	/* The template's start is aligned to what is in it, at most a page. */
	size_t skew = offset_in_page(__start_flushdep_percpu);
	size_t at = dynamic_start(), end = dynamic_start() + DYNAMIC_BYTES;
	struct chunk **link = &chunks;

	for (;; link = &(*link)->next) {
		at = ALIGN(at + skew, align) - skew;
		if (at + size <= (*link ? (*link)->offset : end)) {
			*offset = at;
			return link;
		}
		if (!*link)
			return NULL;
		at = (*link)->offset + (*link)->size;
	}
}

static bool place(struct chunk *chunk, size_t align)
{
	struct chunk **link;

	lock_chunks();
	link = find_room(chunk->size, align, &chunk->offset);
	if (link) {
		chunk->next = *link;
		*link = chunk;
	}
	unlock_chunks();
	return link;
}

void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp)
{
	struct chunk *chunk;
	unsigned int cpu;
	char *ptr;

	if (WARN_ON(!size || size > PCPU_MIN_UNIT_SIZE || align > PAGE_SIZE || !align ||
		    (align & (align - 1))))
		return NULL;
	chunk = kmalloc(sizeof(*chunk), gfp);
	if (!chunk)
		return NULL;
	chunk->size = size;
	if (!place(chunk, align)) {
		pr_warn("percpu: no room for %zu bytes on each CPU: %lu are used up (percpu.c, "
			"DYNAMIC_BYTES)\n",
			size, DYNAMIC_BYTES);
		kfree(chunk);
		return NULL;
	}
	ptr = __start_flushdep_percpu + chunk->offset;
	for_each_possible_cpu (cpu)
		memset(per_cpu_ptr(ptr, cpu), 0, size);
	return ptr;
}

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	return __alloc_percpu_gfp(size, align, GFP_KERNEL);
}

static struct chunk *take(size_t offset)
{
	struct chunk **link, *chunk;

	lock_chunks();
	for (link = &chunks; *link && (*link)->offset != offset; link = &(*link)->next)
		;
	chunk = *link;
	if (chunk)
		*link = chunk->next;
	unlock_chunks();
	return chunk;
}

void free_percpu(void __percpu *pdata)
{
	struct chunk *chunk;

	if (!pdata)
		return;
	chunk = take((char *)pdata - __start_flushdep_percpu);
	WARN(!chunk, "free_percpu: %px is not allocated\n", pdata);
	kfree(chunk);
}

bool is_kernel_percpu_address(unsigned long addr)
{
	size_t bytes = __stop_flushdep_percpu - __start_flushdep_percpu;
	unsigned int cpu;

	for_each_possible_cpu (cpu)
		if (addr - (unsigned long)per_cpu_ptr(__start_flushdep_percpu, cpu) < bytes)
			return true;
	return false;
}

unsigned long flushdep_shim_raw_cpu_offset(void)
{
	return __per_cpu_offset[flushdep_cpu_current()];
}

/* A thread that is bound to one CPU for good stays there anyway. */
unsigned long flushdep_shim_my_cpu_offset(const char *file, int line, const char *function)
{
	if (flushdep_may_migrate() && !(current->flags & PF_NO_SETAFFINITY))
		flushdep_shim_warn(file, line, function,
				   "using this_cpu_ptr() in preemptible code\n");
	return flushdep_shim_raw_cpu_offset();
}
