/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mm.h: pages as memory: references, addresses, sizes. */
#ifndef FLUSHDEP_LINUX_MM_H
#define FLUSHDEP_LINUX_MM_H

#include <asm/page.h>
#include <linux/align.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm_types.h>
#include <linux/mmap_lock.h>
#include <linux/mmdebug.h>
#include <linux/mmzone.h>
#include <linux/overflow.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>
#include <linux/pgtable.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>

struct file;
struct inode;

/* faithful: the last put frees. Of a compound page, any page stands for the whole. */
FLUSHDEP_CALL void get_page(struct page *page);
FLUSHDEP_CALL void put_page(struct page *page);
FLUSHDEP_CALL void folio_get(struct folio *folio);
FLUSHDEP_CALL void folio_put(struct folio *folio);
FLUSHDEP_CALL void folio_put_refs(struct folio *folio, int refs);

/* faithful: frees nothing. True: it was the last reference, and the page is the caller's to free
 * (free_unref_page(), __folio_put()). */
FLUSHDEP_CALL bool put_page_testzero(struct page *page);
FLUSHDEP_CALL bool folio_put_testzero(struct folio *folio);
FLUSHDEP_CALL void __folio_put(struct folio *folio);

/* faithful: single pages, each with a reference. */
FLUSHDEP_CALL void split_page(struct page *page, unsigned int order);

/* faithful: false, and nothing done, where there is no reference to add to. */
bool folio_try_get(struct folio *folio);
bool get_page_unless_zero(struct page *page);

/* faithful: the direct-map address, whether the page is present there or not. */
void *page_address(const struct page *page);
void *lowmem_page_address(const struct page *page);
#define folio_address(folio) page_address(&(folio)->page)

/* faithful */
static inline unsigned int folio_order(const struct folio *folio)
{
	return folio_test_large(folio) ? folio->flushdep_order : 0;
}

static inline unsigned int compound_order(const struct page *page)
{
	return folio_order((const struct folio *)page);
}

static inline unsigned long folio_nr_pages(const struct folio *folio)
{
	return 1UL << folio_order(folio);
}

static inline unsigned long compound_nr(const struct page *page)
{
	return 1UL << compound_order(page);
}

static inline size_t folio_size(const struct folio *folio)
{
	return PAGE_SIZE << folio_order(folio);
}

static inline unsigned long folio_pfn(const struct folio *folio)
{
	return page_to_pfn(&folio->page);
}

static inline struct folio *pfn_folio(unsigned long pfn)
{
	return page_folio(pfn_to_page(pfn));
}

static inline struct folio *virt_to_folio(const void *addr)
{
	return page_folio(virt_to_page(addr));
}

static inline struct page *virt_to_head_page(const void *addr)
{
	return compound_head(virt_to_page(addr));
}

static inline unsigned int folio_shift(const struct folio *folio)
{
	return PAGE_SHIFT + folio_order(folio);
}

static inline unsigned long page_size(const struct page *page)
{
	return PAGE_SIZE << compound_order(page);
}

static inline unsigned int page_shift(struct page *page)
{
	return PAGE_SHIFT + compound_order(page);
}

static inline struct folio *folio_next(struct folio *folio)
{
	return (struct folio *)folio_page(folio, folio_nr_pages(folio));
}

static inline bool try_get_page(struct page *page)
{
	page = compound_head(page);
	if (WARN_ON_ONCE(page_ref_count(page) <= 0))
		return false;
	get_page(page);
	return true;
}

/* faithful */
static inline unsigned long mm_pgtables_bytes(const struct mm_struct *mm)
{
	return atomic_long_read(&mm->pgtables_bytes);
}

static inline void mm_inc_nr_ptes(struct mm_struct *mm)
{
	atomic_long_add(PTRS_PER_PTE * sizeof(pte_t), &mm->pgtables_bytes);
}

static inline void mm_dec_nr_ptes(struct mm_struct *mm)
{
	atomic_long_sub(PTRS_PER_PTE * sizeof(pte_t), &mm->pgtables_bytes);
}

/* The folio and the offset of an address in it. */
#define offset_in_folio(folio, p) ((unsigned long)(p) & (folio_size(folio) - 1))
#define offset_in_thp(page, p)	  ((unsigned long)(p) & (page_size(page) - 1))
#define thp_order(page)		  compound_order(page)
#define thp_nr_pages(page)	  compound_nr(page)
#define thp_size(page)		  page_size(page)

/* faithful: one reference less for each; the last frees. */
FLUSHDEP_CALL void put_pages_list(struct list_head *pages);
FLUSHDEP_CALL void release_pages(struct page **pages, int nr);

/* partial: one node, one zone. */
#define page_to_nid(page)	      ((void)(page), 0)
#define folio_nid(folio)	      ((void)(folio), 0)
#define page_zonenum(page)	      ((void)(page), 0)
#define page_mapcount(page)	      ((void)(page), 0)
#define page_mapped(page)	      ((void)(page), false)
#define folio_mapped(folio)	      ((void)(folio), false)
#define folio_mapcount(folio)	      ((void)(folio), 0)
#define folio_maybe_dma_pinned(folio) ((void)(folio), false)
#define page_kasan_tag(page)	      ((void)(page), (u8)0xff)

/* partial: pages are marked, and never written back. */
static inline bool folio_mark_dirty(struct folio *folio)
{
	return !test_and_set_bit(PG_dirty, &folio->flags);
}

static inline bool set_page_dirty(struct page *page)
{
	return folio_mark_dirty(page_folio(page));
}

static inline int set_page_dirty_lock(struct page *page)
{
	return folio_mark_dirty(page_folio(page));
}

/* empty: freed pages are not kept anywhere. */
#define drain_all_pages(zone)	((void)(zone))
#define drain_local_pages(zone) ((void)(zone))

static inline unsigned long folio_page_idx(const struct folio *folio, const struct page *page)
{
	return page - &folio->page;
}

static inline struct page *nth_page(struct page *page, unsigned long n)
{
	return page + n;
}

static inline unsigned long page_private(const struct page *page)
{
	return page->private;
}

static inline void set_page_private(struct page *page, unsigned long private_value)
{
	page->private = private_value;
}

static inline int get_order(unsigned long size)
{
	return size <= PAGE_SIZE ? 0 : fls_long((size - 1) >> PAGE_SHIFT);
}

static inline struct address_space *page_mapping(struct page *page)
{
	return page_folio(page)->mapping;
}

/* faithful: atomic; code for 6.12 reaches for mm->flags itself. */
static inline bool mm_flags_test(int flag, const struct mm_struct *mm)
{
	return test_bit(flag, &mm->flags);
}

static inline bool mm_flags_test_and_set(int flag, struct mm_struct *mm)
{
	return test_and_set_bit(flag, &mm->flags);
}

static inline bool mm_flags_test_and_clear(int flag, struct mm_struct *mm)
{
	return test_and_clear_bit(flag, &mm->flags);
}

static inline void mm_flags_set(int flag, struct mm_struct *mm)
{
	set_bit(flag, &mm->flags);
}

static inline void mm_flags_clear(int flag, struct mm_struct *mm)
{
	clear_bit(flag, &mm->flags);
}

/* faithful: fault results. */
#define VM_FAULT_OOM	   0x000001
#define VM_FAULT_SIGBUS	   0x000002
#define VM_FAULT_MAJOR	   0x000004
#define VM_FAULT_HWPOISON  0x000010
#define VM_FAULT_SIGSEGV   0x000040
#define VM_FAULT_NOPAGE	   0x000100
#define VM_FAULT_LOCKED	   0x000200
#define VM_FAULT_RETRY	   0x000400
#define VM_FAULT_WRITE	   0x000008
#define VM_FAULT_FALLBACK  0x000800
#define VM_FAULT_DONE_COW  0x001000
#define VM_FAULT_NEEDDSYNC 0x002000
#define VM_FAULT_COMPLETED 0x004000
#define VM_FAULT_ERROR	   (VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON)

static inline vm_fault_t vmf_error(int err)
{
	return err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

/* faithful: flags of areas. */
#define VM_NONE		0x00000000
#define VM_READ		0x00000001
#define VM_WRITE	0x00000002
#define VM_EXEC		0x00000004
#define VM_SHARED	0x00000008
#define VM_MAYREAD	0x00000010
#define VM_MAYWRITE	0x00000020
#define VM_MAYEXEC	0x00000040
#define VM_MAYSHARE	0x00000080
#define VM_PFNMAP	0x00000400
#define VM_GROWSDOWN	0x00000100
#define VM_UFFD_MISSING 0x00000200
#define VM_UFFD_WP	0x00001000
#define VM_SEQ_READ	0x00008000
#define VM_RAND_READ	0x00010000
#define VM_LOCKONFAULT	0x00080000
#define VM_ACCOUNT	0x00100000
#define VM_NORESERVE	0x00200000
#define VM_HUGETLB	0x00400000
#define VM_SYNC		0x00800000
#define VM_WIPEONFORK	0x02000000
#define VM_MIXEDMAP	0x10000000
#define VM_HUGEPAGE	0x20000000
#define VM_NOHUGEPAGE	0x40000000
#define VM_MERGEABLE	0x80000000
#define VM_LOCKED	0x00002000
#define VM_IO		0x00004000
#define VM_DONTCOPY	0x00020000
#define VM_DONTEXPAND	0x00040000
#define VM_DONTDUMP	0x04000000
#define VM_ACCESS_FLAGS (VM_READ | VM_WRITE | VM_EXEC)
#define VM_SPECIAL	(VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP)
#define VM_LOCKED_MASK	(VM_LOCKED | VM_LOCKONFAULT)

/* faithful */
enum fault_flag {
	FAULT_FLAG_WRITE = 1 << 0,
	FAULT_FLAG_MKWRITE = 1 << 1,
	FAULT_FLAG_ALLOW_RETRY = 1 << 2,
	FAULT_FLAG_RETRY_NOWAIT = 1 << 3,
	FAULT_FLAG_KILLABLE = 1 << 4,
	FAULT_FLAG_TRIED = 1 << 5,
	FAULT_FLAG_USER = 1 << 6,
	FAULT_FLAG_REMOTE = 1 << 7,
	FAULT_FLAG_INSTRUCTION = 1 << 8,
	FAULT_FLAG_INTERRUPTIBLE = 1 << 9,
};

/* partial: no page-table entries, as there are none of user addresses. */
struct vm_fault {
	const struct {
		struct vm_area_struct *vma;
		gfp_t gfp_mask;
		pgoff_t pgoff;
		unsigned long address;
		unsigned long real_address;
	};
	enum fault_flag flags;
	struct page *cow_page;
	struct page *page;
};

/* partial: fault and close are called. */
struct vm_operations_struct {
	void (*open)(struct vm_area_struct *area);
	void (*close)(struct vm_area_struct *area);
	int (*may_split)(struct vm_area_struct *area, unsigned long addr);
	int (*mremap)(struct vm_area_struct *area);
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*huge_fault)(struct vm_fault *vmf, unsigned int order);
	vm_fault_t (*map_pages)(struct vm_fault *vmf, pgoff_t start_pgoff, pgoff_t end_pgoff);
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf, int len,
		      int write);
};

static inline void vm_flags_init(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags = flags;
}

static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}

static inline void vm_flags_reset(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags = flags;
}

static inline void vm_flags_mod(struct vm_area_struct *vma, vm_flags_t set, vm_flags_t clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}

static inline bool vma_is_anonymous(struct vm_area_struct *vma)
{
	return !vma->vm_ops;
}

static inline bool range_in_vma(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	return vma && vma->vm_start <= start && end <= vma->vm_end;
}

static inline pgoff_t linear_page_index(const struct vm_area_struct *vma, unsigned long address)
{
	return ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
}

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/* faithful: the area that contains `addr`, or (find_vma) the next one above. */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr);

static inline struct vm_area_struct *
find_vma_intersection(struct mm_struct *mm, unsigned long start_addr, unsigned long end_addr)
{
	struct vm_area_struct *vma = find_vma(mm, start_addr);

	return vma && vma->vm_start < end_addr ? vma : NULL;
}

/*
 * partial: areas of files only, whole ones; an area holds references of what was faulted in, and
 * user addresses are never translated. vm_munmap() calls close(), then the mm loses its right to
 * each page (FD016), then its references go.
 */
#define PROT_READ     0x1
#define PROT_WRITE    0x2
#define PROT_EXEC     0x4
#define PROT_NONE     0x0
#define MAP_FIXED     0x10
#define MAP_ANONYMOUS 0x20
#define MAP_POPULATE  0x008000
#define MAP_SHARED    0x01
#define MAP_PRIVATE   0x02
struct pt_regs;
FLUSHDEP_CALL unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len,
				    unsigned long prot, unsigned long flags, unsigned long offset);
FLUSHDEP_CALL int vm_munmap(unsigned long start, size_t len);
FLUSHDEP_CALL vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address,
					 unsigned int flags, struct pt_regs *regs);

/* partial: as above; `even_cows` is not looked at, there are no copies. */
FLUSHDEP_CALL void unmap_mapping_range(struct address_space *mapping, loff_t holebegin,
				       loff_t holelen, int even_cows);
FLUSHDEP_CALL void unmap_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t nr,
				       bool even_cows);

/* partial: takes folios out in batches; each is unmapped, freed by a_ops->free_folio(), unlocked
 * and dropped. A large one that is cut is zeroed there, and not split. */
FLUSHDEP_CALL void truncate_inode_pages(struct address_space *mapping, loff_t lstart);
FLUSHDEP_CALL void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart,
					      loff_t lend);
FLUSHDEP_CALL void truncate_inode_pages_final(struct address_space *mapping);
FLUSHDEP_CALL void truncate_pagecache(struct inode *inode, loff_t newsize);
FLUSHDEP_CALL void truncate_setsize(struct inode *inode, loff_t newsize);

/* faithful: all frames of the machine. */
#define totalram_pages()	flushdep_shim_present_pages()
#define max_pfn			flushdep_shim_present_pages()
#define max_low_pfn		flushdep_shim_present_pages()
#define max_mapnr		flushdep_shim_present_pages()
#define pfn_to_online_page(pfn) (pfn_valid(pfn) ? pfn_to_page(pfn) : NULL)
#define page_is_ram(pfn)	pfn_valid(pfn)

/* empty: pages are not filled when they are freed, and the direct map not unmapped by it. */
#define want_init_on_alloc(flags)	 (((flags) & __GFP_ZERO) != 0)
#define want_init_on_free()		 false
#define debug_pagealloc_enabled()	 false
#define debug_pagealloc_enabled_static() false

#endif
