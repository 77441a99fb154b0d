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
#define __pfn_to_page(pfn)    (vmemmap + (pfn))
#define __page_to_pfn(page)   ((unsigned long)((page) - vmemmap))
#define pfn_to_page(pfn)      __pfn_to_page(pfn)
#define page_to_pfn(page)     __page_to_pfn(page)
#define page_to_phys(page)    PFN_PHYS(page_to_pfn(page))
#define phys_to_page(phys)    pfn_to_page(PHYS_PFN(phys))
#define virt_to_phys(addr)    ((phys_addr_t)__pa(addr))
#define phys_to_virt(phys)    __va(phys)
#define virt_to_pfn(addr)     (__pa(addr) >> PAGE_SHIFT)
#define virt_to_page(addr)    pfn_to_page(virt_to_pfn(addr))
#define pfn_to_kaddr(pfn)     __va((pfn) << PAGE_SHIFT)
#define pfn_to_virt(pfn)      __va(PFN_PHYS(pfn))
#define page_to_virt(page)    __va(PFN_PHYS(page_to_pfn(page)))
bool pfn_valid(unsigned long pfn);
bool virt_addr_valid(const volatile void *addr);

/* faithful: through the direct map, which traps where the page is not there. */
FLUSHDEP_CALL void clear_page(void *page);
FLUSHDEP_CALL void copy_page(void *to, void *from);

#endif
