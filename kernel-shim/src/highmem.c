/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* highmem.c: pages through their direct-map addresses, present or not. */
#include <linux/highmem.h>
#include <linux/uaccess.h>

#include "flushdep.h"

/*
 * The machine's accesses, not the C library's: an access that traps is then ours, whose frames
 * reports skip, so that they name the caller; and backend=model sees it.
 */
static __always_inline void fill(void *to, int value, size_t len)
{
	flushdep_fill(to, value, len);
}

static __always_inline void copy(void *to, const void *from, size_t len)
{
	flushdep_copy_to(to, from, len);
}

void *kmap_local_page(struct page *page)
{
	return page_address(page);
}

void *kmap_local_folio(struct folio *folio, size_t offset)
{
	return page_address(&folio->page) + offset;
}

void *kmap_local_page_prot(struct page *page, pgprot_t prot)
{
	(void)prot;
	return page_address(page);
}

void *kmap_atomic(struct page *page)
{
	preempt_disable();
	return page_address(page);
}

void *kmap(struct page *page)
{
	return page_address(page);
}

void kunmap(struct page *page)
{
	(void)page;
}

void flushdep_shim_kunmap_local(const void *addr)
{
	(void)addr;
}

void flushdep_shim_kunmap_atomic(const void *addr)
{
	(void)addr;
	preempt_enable();
}

void clear_page(void *page)
{
	fill(page, 0, PAGE_SIZE);
}

void copy_page(void *to, void *from)
{
	copy(to, from, PAGE_SIZE);
}

void clear_highpage(struct page *page)
{
	clear_page(page_address(page));
}

void clear_user_highpage(struct page *page, unsigned long vaddr)
{
	(void)vaddr;
	clear_page(page_address(page));
}

void copy_highpage(struct page *to, struct page *from)
{
	copy_page(page_address(to), page_address(from));
}

void copy_user_highpage(struct page *to, struct page *from, unsigned long vaddr,
			struct vm_area_struct *vma)
{
	(void)vaddr;
	(void)vma;
	copy_page(page_address(to), page_address(from));
}

void memcpy_to_page(struct page *page, size_t offset, const char *from, size_t len)
{
	VM_BUG_ON(offset + len > PAGE_SIZE);
	copy(page_address(page) + offset, from, len);
}

void memcpy_from_page(char *to, struct page *page, size_t offset, size_t len)
{
	VM_BUG_ON(offset + len > PAGE_SIZE);
	copy(to, page_address(page) + offset, len);
}

void memset_page(struct page *page, size_t offset, int val, size_t len)
{
	VM_BUG_ON(offset + len > PAGE_SIZE);
	fill(page_address(page) + offset, val, len);
}

void memcpy_page(struct page *dst_page, size_t dst_off, struct page *src_page, size_t src_off,
		 size_t len)
{
	VM_BUG_ON(dst_off + len > PAGE_SIZE || src_off + len > PAGE_SIZE);
	copy(page_address(dst_page) + dst_off, page_address(src_page) + src_off, len);
}

void zero_user_segment(struct page *page, unsigned int start, unsigned int end)
{
	if (end > start)
		memset_page(page, start, 0, end - start);
}

void zero_user(struct page *page, unsigned int start, unsigned int size)
{
	zero_user_segment(page, start, start + size);
}

void zero_user_segments(struct page *page, unsigned int start1, unsigned int end1,
			unsigned int start2, unsigned int end2)
{
	if (end1 > start1)
		fill(page_address(page) + start1, 0, end1 - start1);
	if (end2 > start2)
		fill(page_address(page) + start2, 0, end2 - start2);
}

void folio_zero_segments(struct folio *folio, size_t start1, size_t xend1, size_t start2,
			 size_t xend2)
{
	if (xend1 > start1)
		fill(page_address(&folio->page) + start1, 0, xend1 - start1);
	if (xend2 > start2)
		fill(page_address(&folio->page) + start2, 0, xend2 - start2);
}

void folio_zero_segment(struct folio *folio, size_t start, size_t xend)
{
	folio_zero_segments(folio, start, xend, 0, 0);
}

void folio_zero_range(struct folio *folio, size_t start, size_t length)
{
	fill(page_address(&folio->page) + start, 0, length);
}

void memcpy_to_folio(struct folio *folio, size_t offset, const char *from, size_t len)
{
	VM_BUG_ON(offset + len > folio_size(folio));
	copy(page_address(&folio->page) + offset, from, len);
}

void memcpy_from_folio(char *to, struct folio *folio, size_t offset, size_t len)
{
	VM_BUG_ON(offset + len > folio_size(folio));
	copy(to, page_address(&folio->page) + offset, len);
}

unsigned long copy_to_user(void *to, const void *from, unsigned long n)
{
	if (!to)
		return n;
	copy(to, from, n);
	return 0;
}

unsigned long copy_from_user(void *to, const void *from, unsigned long n)
{
	if (!from)
		return n;
	copy(to, from, n);
	return 0;
}

unsigned long clear_user(void *to, unsigned long n)
{
	if (!to)
		return n;
	fill(to, 0, n);
	return 0;
}

long copy_from_kernel_nofault(void *dst, const void *src, size_t size)
{
	return copy_from_user(dst, src, size) ? -EFAULT : 0;
}

long copy_to_kernel_nofault(void *dst, const void *src, size_t size)
{
	return copy_to_user(dst, src, size) ? -EFAULT : 0;
}

long strncpy_from_user(char *dst, const char *src, long count)
{
	long len;

	if (!src)
		return -EFAULT;
	for (len = 0; len < count; len++) {
		copy(dst + len, src + len, 1);
		if (!dst[len])
			break;
	}
	return len;
}

/* What one side does not have is zero on the other. */
int copy_struct_from_user(void *dst, size_t ksize, const void *src, size_t usize)
{
	size_t both = min(ksize, usize);
	const char *rest = (const char *)src + both;
	size_t i;
	char byte;

	for (i = 0; i < usize - both; i++) {
		if (copy_from_user(&byte, rest + i, 1))
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	memset((char *)dst + both, 0, ksize - both);
	return copy_from_user(dst, src, both) ? -EFAULT : 0;
}
