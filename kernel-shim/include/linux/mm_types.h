/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * linux/mm_types.h: pages, folios and address spaces.
 *
 * Pages are entries of one array, as with vmemmap, so that pfns, pages and
 * addresses convert by arithmetic. The reference count lives in the simulated
 * machine; go through page_ref_count(), get_page() and friends.
 */
#ifndef FLUSHDEP_LINUX_MM_TYPES_H
#define FLUSHDEP_LINUX_MM_TYPES_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/list.h>
#include <linux/mermap_types.h>
#include <linux/mutex_types.h>
#include <linux/rwsem_types.h>
#include <linux/spinlock_types.h>
#include <linux/threads.h>
#include <linux/types.h>

struct address_space;
struct flushdep_mm;
struct vm_area_struct;

/* partial: the members that an owner of a page may use; _refcount is the machine's and not here. */
struct page {
	unsigned long flags;
	union {
		struct {
			union {
				struct list_head lru;
				struct list_head pcp_list;
				struct list_head buddy_list;
			};
			struct address_space *mapping;
			union {
				pgoff_t index;
				unsigned long share;
			};
			unsigned long private;
		};
		unsigned long compound_head;
	};
	atomic_t _mapcount;
	unsigned int flushdep_order;
	/* The last reference is gone, and who took it has the page to free. */
	unsigned long flushdep_unref;
};

/* partial: one page of a folio; a folio is the first page of an allocation. */
struct folio {
	union {
		struct {
			unsigned long flags;
			struct list_head lru;
			struct address_space *mapping;
			pgoff_t index;
			void *private;
			atomic_t _mapcount;
			unsigned int flushdep_order;
			unsigned long flushdep_unref;
		};
		struct page page;
	};
};

_Static_assert(sizeof(struct page) == sizeof(struct folio), "a folio overlays its first page");
_Static_assert(sizeof(struct page) == 64, "the size that 64-bit kernels have");

/* partial: tlb_gen counts from 1, by asm/tlbflush.h; ctx_id is the machine's number of the mm. */
typedef struct {
	u64 ctx_id;
	atomic64_t tlb_gen;
} mm_context_t;

/*
 * partial: an address space of the machine; what kernel code reads of it. mm_count and mm_users
 * count what mmgrab()/mmget() add, pgtables_bytes what mm_inc_nr_ptes() adds.
 */
struct mm_struct {
	atomic_t mm_count;
	atomic_t mm_users;
	unsigned long flags;
	spinlock_t page_table_lock;
	struct rw_semaphore mmap_lock;
	struct mermap mermap;
	mm_context_t context;
	struct flushdep_mm *flushdep;
	struct mm_struct *flushdep_next;
	atomic_long_t pgtables_bytes;
	unsigned long flushdep_cpus[NR_CPUS / 64];
	/* Entries of upper levels, for walks: none, and one that is a table. */
	unsigned long flushdep_tables[2];
};

extern struct mm_struct init_mm;

/* partial: the CPUs that have the mm loaded, lazily too, as of this call; a CPU that loads another
 * one leaves the mask at the next. */
struct cpumask;
struct cpumask *mm_cpumask(struct mm_struct *mm);

typedef unsigned long vm_flags_t;

struct file;
struct vm_operations_struct;

/* partial: an area that maps a file; see vm_mmap(). */
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	vm_flags_t vm_flags;
	unsigned long vm_pgoff;
	struct file *vm_file;
	const struct vm_operations_struct *vm_ops;
	void *vm_private_data;
	/* What was faulted in, by page; in the lists of the file and of all areas. */
	struct folio **flushdep_folios;
	struct list_head flushdep_mapping;
	struct list_head flushdep_all;
};

typedef int vm_fault_t;

#endif
