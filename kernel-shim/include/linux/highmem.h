/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/highmem.h: temporary addresses of pages; on x86-64 the direct map's. */
#ifndef FLUSHDEP_LINUX_HIGHMEM_H
#define FLUSHDEP_LINUX_HIGHMEM_H

#include <asm/cacheflush.h>
#include <linux/bug.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* faithful: maps nothing; an access traps where the direct map does not have the page. */
void *kmap_local_page(struct page *page);
void *kmap_local_folio(struct folio *folio, size_t offset);
void *kmap_local_page_prot(struct page *page, pgprot_t prot);
void *kmap_atomic(struct page *page);
void *kmap(struct page *page);
void kunmap(struct page *page);
void flushdep_shim_kunmap_local(const void *addr);
void flushdep_shim_kunmap_atomic(const void *addr);
#define kunmap_local(addr)                                        \
	do {                                                      \
		BUILD_BUG_ON(__same_type((addr), struct page *)); \
		flushdep_shim_kunmap_local(addr);                 \
	} while (0)
#define kunmap_atomic(addr)                                       \
	do {                                                      \
		BUILD_BUG_ON(__same_type((addr), struct page *)); \
		flushdep_shim_kunmap_atomic(addr);                \
	} while (0)

/* faithful: page faults are not handled meanwhile; none are, here. */
#define kmap_local_pfn(pfn)	     kmap_local_page(pfn_to_page(pfn))
#define kmap_atomic_prot(page, prot) ((void)(prot), kmap_atomic(page))
#define kmap_atomic_pfn(pfn)	     kmap_atomic(pfn_to_page(pfn))
#define kmap_to_page(addr)	     virt_to_page(addr)
#define is_kmap_addr(addr)	     ((void)(addr), false)
#define kmap_flush_unused()	     ((void)0)
#define folio_release_kmap(folio, addr) \
	do {                            \
		kunmap_local(addr);     \
		folio_put(folio);       \
	} while (0)
#define memzero_page(page, offset, len)	  memset_page(page, offset, 0, len)
#define clear_highpage_kasan_tagged(page) clear_highpage(page)
#define copy_mc_highpage(to, from)       \
	({                               \
		copy_highpage(to, from); \
		0;                       \
	})
#define copy_mc_user_highpage(to, from, vaddr, vma)       \
	({                                                \
		copy_user_highpage(to, from, vaddr, vma); \
		0;                                        \
	})
#define folio_zero_user(folio, addr_hint) \
	((void)(addr_hint), folio_zero_range(folio, 0, folio_size(folio)))

/* faithful: through the direct map. */
FLUSHDEP_CALL void clear_highpage(struct page *page);
FLUSHDEP_CALL void clear_user_highpage(struct page *page, unsigned long vaddr);
FLUSHDEP_CALL void copy_highpage(struct page *to, struct page *from);
FLUSHDEP_CALL void copy_user_highpage(struct page *to, struct page *from, unsigned long vaddr,
				      struct vm_area_struct *vma);
FLUSHDEP_CALL void memcpy_to_page(struct page *page, size_t offset, const char *from, size_t len);
FLUSHDEP_CALL void memcpy_from_page(char *to, struct page *page, size_t offset, size_t len);
FLUSHDEP_CALL void memset_page(struct page *page, size_t offset, int val, size_t len);
FLUSHDEP_CALL void memcpy_page(struct page *dst_page, size_t dst_off, struct page *src_page,
			       size_t src_off, size_t len);
FLUSHDEP_CALL void zero_user(struct page *page, unsigned start, unsigned size);
FLUSHDEP_CALL void zero_user_segment(struct page *page, unsigned start, unsigned end);
FLUSHDEP_CALL void zero_user_segments(struct page *page, unsigned start1, unsigned end1,
				      unsigned start2, unsigned end2);
FLUSHDEP_CALL void folio_zero_segment(struct folio *folio, size_t start, size_t xend);
FLUSHDEP_CALL void folio_zero_segments(struct folio *folio, size_t start1, size_t xend1,
				       size_t start2, size_t xend2);
FLUSHDEP_CALL void folio_zero_range(struct folio *folio, size_t start, size_t length);
FLUSHDEP_CALL void memcpy_to_folio(struct folio *folio, size_t offset, const char *from,
				   size_t len);
FLUSHDEP_CALL void memcpy_from_folio(char *to, struct folio *folio, size_t offset, size_t len);

#endif
