/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * The few declarations that the tests of the plugin need, spelled as kernel
 * code sees them. No bodies: what the functions do comes from the protocols.
 */
#ifndef FLUSHDEP_TESTS_PLUGIN_MM_H
#define FLUSHDEP_TESTS_PLUGIN_MM_H

#ifdef __cplusplus
extern "C" {
#else
typedef _Bool bool;
#define true 1
#define false 0
#endif

typedef unsigned int gfp_t;
struct page {
	unsigned long flags;
};
struct folio {
	union {
		struct {
			unsigned long flags;
		};
		struct page page;
	};
};
struct mm_struct;
struct task_struct {
	struct mm_struct *mm;
};
struct mermap_alloc;
struct address_space;

#define NULL ((void *)0)
#define GFP_KERNEL 1u
#define PAGE_SIZE 4096ul
#define PAGE_KERNEL 3ul
#define ENOMEM 12
#define EINVAL 22
#define MAX_ERRNO 4095
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define IS_ERR_VALUE(x) unlikely((unsigned long)(void *)(x) >= (unsigned long)-MAX_ERRNO)
#define WARN_ON(condition)                      \
	({                                      \
		int __ret_warn_on = !!(condition); \
		if (unlikely(__ret_warn_on))    \
			warn_slowpath();        \
		unlikely(__ret_warn_on);        \
	})

void warn_slowpath(void);
struct task_struct *get_current(void);
#define current get_current()

struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order);
#define alloc_pages(gfp, order) ({ struct page *_res = alloc_pages_noprof(gfp, order); _res; })
#define alloc_page(gfp) alloc_pages(gfp, 0)
void __free_pages(struct page *page, unsigned int order);
#define __free_page(page) __free_pages((page), 0)
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
void free_pages(unsigned long addr, unsigned int order);
struct folio *folio_alloc(gfp_t gfp, unsigned int order);
void get_page(struct page *page);
void put_page(struct page *page);
void folio_get(struct folio *folio);
void folio_put(struct folio *folio);
struct folio *page_folio(struct page *page);
void *page_address(const struct page *page);

struct mermap_alloc *mermap_get(struct page *page, unsigned long size, unsigned long prot);
struct mermap_alloc *mermap_get_reserved(struct page *page, unsigned long prot);
void *mermap_addr(struct mermap_alloc *alloc);
void mermap_put(struct mermap_alloc *alloc);
int mermap_mm_prepare(struct mm_struct *mm);

void flush_tlb_all(void);
void flush_tlb_mm(struct mm_struct *mm);
void flush_tlb_kernel_range(unsigned long start, unsigned long end);
void __flush_tlb_all(void);
struct mm_struct *mm_alloc(void);
void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end,
                        unsigned int stride_shift, bool freed_tables);

typedef struct { unsigned long pud; } pud_t;
typedef struct { unsigned long pmd; } pmd_t;
typedef struct { unsigned long pte; } pte_t;
pmd_t *pud_pgtable(pud_t pud);
unsigned long pmd_page_vaddr(pmd_t pmd);
void pud_clear(pud_t *pud);
void pmd_clear(pmd_t *pmd);
void free_page(unsigned long addr);

void local_irq_disable(void);
void local_irq_enable(void);
void preempt_disable(void);
void preempt_enable(void);
void folio_unlock(struct folio *folio);
void unlock_page(struct page *page);
void *memset(void *to, int value, unsigned long size);
void *memcpy(void *to, const void *from, unsigned long size);

int set_direct_map_invalid_noflush(struct page *page);
int set_direct_map_default_noflush(struct page *page);
int set_direct_map_valid_noflush(struct page *page, unsigned int nr, bool valid);

bool IS_ERR(const void *ptr);
bool IS_ERR_OR_NULL(const void *ptr);
long PTR_ERR(const void *ptr);
void *ERR_PTR(long error);

/* Functions about which nothing is known. In C++ they may throw, unless a test says otherwise. */
#ifndef UNKNOWN_THROWS
#define UNKNOWN_THROWS
#endif
int unknown(void) UNKNOWN_THROWS;
int unknown_page(struct page *page) UNKNOWN_THROWS;
int unknown_handle(struct mermap_alloc *alloc) UNKNOWN_THROWS;
void consume(void *address) UNKNOWN_THROWS;

#ifdef __cplusplus
}
#endif

#endif
