/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/page.h: pages, pfns and direct-map addresses, and how they convert. */
#ifndef FLUSHDEP_ASM_PAGE_H
#define FLUSHDEP_ASM_PAGE_H

#include <asm/page_types.h>
#include <linux/align.h>
#include <linux/compiler.h>
#include <linux/types.h>

struct page;

/* The array of all pages and the start of the direct map; set before main(). */
extern struct page *flushdep_shim_mem_map;
extern unsigned long flushdep_shim_direct_map;

/* faithful */
#define PAGE_ALIGN(addr)      ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(addr) ALIGN_DOWN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr)    IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define offset_in_page(p)     ((unsigned long)(p) & ~PAGE_MASK)
#define PAGE_OFFSET	      flushdep_shim_direct_map
#define vmemmap		      flushdep_shim_mem_map
#define __pa(x)		      ((unsigned long)(x) - PAGE_OFFSET)
#define __va(x)		      ((void *)((unsigned long)(x) + PAGE_OFFSET))
#define PFN_PHYS(x)	      ((phys_addr_t)(x) << PAGE_SHIFT)
#define PHYS_PFN(x)	      ((unsigned long)((x) >> PAGE_SHIFT))
#define PFN_UP(x)	      (((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x)	      ((x) >> PAGE_SHIFT)
#define PFN_ALIGN(x)	      (((unsigned long)(x) + (PAGE_SIZE - 1)) & PAGE_MASK)
#define __pfn_to_page(pfn) \
	((struct page *)flushdep_shim_pfn_to_page((unsigned long)(pfn), sizeof(struct page)))
#define __page_to_pfn(page) flushdep_shim_page_to_pfn(page, sizeof(*(page)))
#define pfn_to_page(pfn)      __pfn_to_page(pfn)
#define page_to_pfn(page)     __page_to_pfn(page)
#define page_to_phys(page)    flushdep_shim_pfn_to_phys(page_to_pfn(page))
#define phys_to_page(phys)    pfn_to_page(flushdep_shim_phys_to_pfn(phys))
#define virt_to_phys(addr)    ((phys_addr_t)__pa(addr))
#define phys_to_virt(phys)    __va(phys)
#define virt_to_pfn(addr)     flushdep_shim_virt_to_pfn((unsigned long)(addr))
#define virt_to_page(addr)    pfn_to_page(virt_to_pfn(addr))
#define pfn_to_kaddr(pfn)     flushdep_shim_pfn_to_virt(pfn)
#define pfn_to_virt(pfn)      flushdep_shim_pfn_to_virt(pfn)
#define page_to_virt(page)    flushdep_shim_pfn_to_virt(page_to_pfn(page))
bool pfn_valid(unsigned long pfn);
bool virt_addr_valid(const volatile void *addr);

/* The arithmetic of the above, in functions that the plugin knows as other names of a page. */
static __always_inline void *flushdep_shim_pfn_to_page(unsigned long pfn, unsigned long size)
{
	return (char *)vmemmap + pfn * size;
}

static __always_inline unsigned long flushdep_shim_page_to_pfn(const volatile void *page,
							       unsigned long size)
{
	return ((unsigned long)page - (unsigned long)vmemmap) / size;
}

static __always_inline unsigned long flushdep_shim_virt_to_pfn(unsigned long addr)
{
	return __pa(addr) >> PAGE_SHIFT;
}

static __always_inline void *flushdep_shim_pfn_to_virt(unsigned long pfn)
{
	return __va(pfn << PAGE_SHIFT);
}

static __always_inline phys_addr_t flushdep_shim_pfn_to_phys(unsigned long pfn)
{
	return PFN_PHYS(pfn);
}

static __always_inline unsigned long flushdep_shim_phys_to_pfn(phys_addr_t phys)
{
	return PHYS_PFN(phys);
}

/* faithful: through the direct map, which traps where the page is not there. */
FLUSHDEP_CALL void clear_page(void *page);
FLUSHDEP_CALL void copy_page(void *to, void *from);

#endif
