/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/pgtable_types.h: protections and the types of table entries. */
#ifndef FLUSHDEP_ASM_PGTABLE_TYPES_H
#define FLUSHDEP_ASM_PGTABLE_TYPES_H

#include <asm/page_types.h>
#include <asm/pgtable_64_types.h>
#include <linux/const.h>
#include <linux/types.h>

/* faithful */
typedef unsigned long pteval_t;
typedef unsigned long pmdval_t;
typedef unsigned long pgprotval_t;

typedef struct {
	pteval_t pte;
} pte_t;

typedef struct pgprot {
	pgprotval_t pgprot;
} pgprot_t;

/* partial: of upper levels; see asm/pgtable.h. */
typedef struct {
	unsigned long pmd;
} pmd_t;

typedef struct {
	unsigned long pud;
} pud_t;

typedef struct {
	unsigned long p4d;
} p4d_t;

typedef struct {
	unsigned long pgd;
} pgd_t;

#define pmd_val(x) ((x).pmd)
#define pud_val(x) ((x).pud)
#define p4d_val(x) ((x).p4d)
#define pgd_val(x) ((x).pgd)
#define __pmd(x)   ((pmd_t){(x)})
#define __pud(x)   ((pud_t){(x)})
#define __p4d(x)   ((p4d_t){(x)})
#define __pgd(x)   ((pgd_t){(x)})

/* faithful: a page of 512 entries. */
struct page;
typedef struct page *pgtable_t;

/* faithful */
enum pg_level {
	PG_LEVEL_NONE,
	PG_LEVEL_4K,
	PG_LEVEL_2M,
	PG_LEVEL_1G,
	PG_LEVEL_512G,
	PG_LEVEL_256T,
	PG_LEVEL_NUM,
};

#define pgprot_val(x) ((x).pgprot)
#define __pgprot(x)   ((pgprot_t){(x)})
#define pte_val(x)    ((x).pte)
#define __pte(x)      ((pte_t){(x)})

#define _PAGE_PRESENT	   (_AT(pteval_t, 1) << 0)
#define _PAGE_RW	   (_AT(pteval_t, 1) << 1)
#define _PAGE_USER	   (_AT(pteval_t, 1) << 2)
#define _PAGE_PWT	   (_AT(pteval_t, 1) << 3)
#define _PAGE_PCD	   (_AT(pteval_t, 1) << 4)
#define _PAGE_ACCESSED	   (_AT(pteval_t, 1) << 5)
#define _PAGE_DIRTY	   (_AT(pteval_t, 1) << 6)
#define _PAGE_PSE	   (_AT(pteval_t, 1) << 7)
#define _PAGE_GLOBAL	   (_AT(pteval_t, 1) << 8)
#define _PAGE_NX	   (_AT(pteval_t, 1) << 63)
#define PTE_FLAGS_MASK	   (~PTE_PFN_MASK)
#define _PAGE_BIT_PRESENT  0
#define _PAGE_BIT_RW	   1
#define _PAGE_BIT_USER	   2
#define _PAGE_BIT_ACCESSED 5
#define _PAGE_BIT_DIRTY	   6
#define _PAGE_BIT_PSE	   7
#define _PAGE_BIT_GLOBAL   8
#define _PAGE_BIT_NX	   63
#define _KERNPG_TABLE	   (_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)
#define _PAGE_TABLE	   (_KERNPG_TABLE | _PAGE_USER)
#define PTE_PFN_MASK	   (((_AT(pteval_t, 1) << 52) - 1) & PAGE_MASK)

/*
 * partial: as on a machine with page-table isolation, where kernel protections are not global. Add
 * _PAGE_GLOBAL to have one that is.
 */
#define __PAGE_KERNEL_RO    (_PAGE_PRESENT | _PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_NX)
#define __PAGE_KERNEL	    (__PAGE_KERNEL_RO | _PAGE_RW)
#define __PAGE_KERNEL_EXEC  (_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)
#define __PAGE_KERNEL_ROX   (_PAGE_PRESENT | _PAGE_ACCESSED | _PAGE_DIRTY)
#define PAGE_KERNEL	    __pgprot(__PAGE_KERNEL)
#define PAGE_KERNEL_NOENC   __pgprot(__PAGE_KERNEL)
#define PAGE_KERNEL_RO	    __pgprot(__PAGE_KERNEL_RO)
#define PAGE_KERNEL_EXEC    __pgprot(__PAGE_KERNEL_EXEC)
#define PAGE_KERNEL_ROX	    __pgprot(__PAGE_KERNEL_ROX)
#define PAGE_NONE	    __pgprot(_PAGE_ACCESSED | _PAGE_GLOBAL)
#define PAGE_KERNEL_NOCACHE __pgprot(__PAGE_KERNEL | _PAGE_PCD)
#define PAGE_COPY	    PAGE_READONLY
#define PAGE_READONLY_EXEC  __pgprot(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED)
#define PAGE_COPY_EXEC	    PAGE_READONLY_EXEC
#define PAGE_SHARED_EXEC    __pgprot(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED)
#define PAGE_SHARED	    __pgprot(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_NX)
#define PAGE_READONLY	    __pgprot(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_NX)

/* faithful */
static inline pgprot_t pgprot_nx(pgprot_t prot)
{
	return __pgprot(pgprot_val(prot) | _PAGE_NX);
}
#define pgprot_nx pgprot_nx

/* partial: memory has one kind of cache, and is not encrypted. */
#define pgprot_noncached(prot)	  __pgprot(pgprot_val(prot) | _PAGE_PCD)
#define pgprot_writecombine(prot) __pgprot(pgprot_val(prot) | _PAGE_PWT)
#define pgprot_device(prot)	  pgprot_noncached(prot)
#define pgprot_encrypted(prot)	  (prot)
#define pgprot_decrypted(prot)	  (prot)

#endif
