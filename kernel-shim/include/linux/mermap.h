/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/mermap.h: map pages that the direct map does not have, for a moment and for this CPU.
 *
 * A program that defines mermap_get(), mermap_put() and their kin itself gets none of ours: all of
 * them are one member of libflushdep_kernel.a.
 */
#ifndef FLUSHDEP_LINUX_MERMAP_H
#define FLUSHDEP_LINUX_MERMAP_H

#include <asm/mermap.h>
#include <asm/pgtable_types.h>
#include <linux/cpumask.h>
#include <linux/compiler.h>
#include <linux/kconfig.h>
#include <linux/mermap_types.h>
#include <linux/mm_types.h>
#include <linux/types.h>

struct mm_struct;
struct page;

/* faithful: may fail with -ENOMEM; a second call does nothing. */
FLUSHDEP_CALL int mermap_mm_prepare(struct mm_struct *mm);

/* faithful: task context, a current mm, and prepared. */
bool mermap_ready(void);

/*
 * faithful: NULL on failure (not ready, four live, no space, a global or absent protection).
 * Migration is off until the put. The put does not flush: before the page is freed, all CPUs must
 * be.
 */
FLUSHDEP_CALL struct mermap_alloc *mermap_get(struct page *page, unsigned long size, pgprot_t prot);
FLUSHDEP_CALL struct mermap_alloc *mermap_get_reserved(struct page *page, pgprot_t prot);
FLUSHDEP_CALL void mermap_put(struct mermap_alloc *alloc);

/* faithful: inlined, and still free to be defined by a program that brings its own mermap. */
extern __always_inline __gnu_inline void *mermap_addr(struct mermap_alloc *alloc)
{
	return (void *)flushdep_shim_here(alloc->base);
}

/*
 * partial: ours is the machine's, which sets a mermap up with its mm and tears it down with it;
 * these look after the counters only. A program's own are called for each mm, but its first mm's
 * teardown.
 */
void mermap_mm_init(struct mm_struct *mm);
void mermap_mm_teardown(struct mm_struct *mm);

#if IS_ENABLED(CONFIG_KUNIT)
/*
 * partial: for tests, with the mm named: current->mm, or one that the CPU loads for the call and
 * leaves again, as a put has to be made in the mm of its get here.
 */
FLUSHDEP_CALL struct mermap_alloc *__mermap_get(struct mm_struct *mm, struct page *page,
						unsigned long size, pgprot_t prot,
						bool use_reserve);
FLUSHDEP_CALL void __mermap_put(struct mm_struct *mm, struct mermap_alloc *alloc);

/* partial: the slice of a CPU, its reserved last page included; see MERMAP_BASE_ADDR. */
unsigned long mermap_cpu_base(int cpu);
unsigned long mermap_cpu_end(int cpu);
#endif

#endif
