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
#include <linux/mmdebug.h>
#include <linux/mmzone.h>
#include <linux/overflow.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>
#include <linux/pgtable.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/string.h>
#include <linux/types.h>

/* faithful: the last put frees. Of a compound page, any page stands for the whole. */
FLUSHDEP_CALL void get_page(struct page *page);
FLUSHDEP_CALL void put_page(struct page *page);
FLUSHDEP_CALL void folio_get(struct folio *folio);
FLUSHDEP_CALL void folio_put(struct folio *folio);
FLUSHDEP_CALL void folio_put_refs(struct folio *folio, int refs);

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
#define VM_FAULT_OOM	  0x000001
#define VM_FAULT_SIGBUS	  0x000002
#define VM_FAULT_MAJOR	  0x000004
#define VM_FAULT_HWPOISON 0x000010
#define VM_FAULT_SIGSEGV  0x000040
#define VM_FAULT_NOPAGE	  0x000100
#define VM_FAULT_LOCKED	  0x000200
#define VM_FAULT_RETRY	  0x000400
#define VM_FAULT_ERROR	  (VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON)
#define VM_READ		  0x00000001
#define VM_WRITE	  0x00000002
#define VM_EXEC		  0x00000004
#define VM_SHARED	  0x00000008

static inline vm_fault_t vmf_error(int err)
{
	return err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

/* faithful: from the slab. */
void *kvmalloc(size_t size, gfp_t flags);
void *kvzalloc(size_t size, gfp_t flags);
void kvfree(const void *addr);

#endif
