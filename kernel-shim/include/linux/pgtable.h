/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/pgtable.h: page tables; see asm/pgtable.h. */
#ifndef FLUSHDEP_LINUX_PGTABLE_H
#define FLUSHDEP_LINUX_PGTABLE_H

#include <asm/pgtable.h>
#include <linux/compiler.h>
#include <linux/mm_types.h>
#include <linux/spinlock.h>

/*
 * partial: for addresses of an mm that are free for entries set by hand, and its mermap's; all
 * tables of a mermap are made at the first. init_mm's are the machine's own: -EINVAL. In the order
 * of addresses, ends at the first error of fn, which may be NULL.
 */
typedef int (*pte_fn_t)(pte_t *pte, unsigned long addr, void *data);
FLUSHDEP_CALL int apply_to_page_range(struct mm_struct *mm, unsigned long address,
				      unsigned long size, pte_fn_t fn, void *data);

/* faithful: makes no tables and skips entries that are none. */
FLUSHDEP_CALL int apply_to_existing_page_range(struct mm_struct *mm, unsigned long address,
					       unsigned long size, pte_fn_t fn, void *data);

/* partial: addresses of an mm that are free for entries set by hand; the kernel's mmap() finds
 * such places. */
unsigned long flushdep_shim_area_start(struct mm_struct *mm);
unsigned long flushdep_shim_area_end(struct mm_struct *mm);

/*
 * partial: walks of an mm's tables. The levels above pmds are all there, lead to no page of their
 * own and are not cleared; a pmd is none where no table of entries is. Of kernel addresses there are
 * none (lookup_address() knows them).
 */
pgd_t *pgd_offset(struct mm_struct *mm, unsigned long addr);
pmd_t *pmd_offset(pud_t *pud, unsigned long addr);
pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr);
pte_t *pte_alloc_map(struct mm_struct *mm, pmd_t *pmd, unsigned long addr);
int __pte_alloc(struct mm_struct *mm, pmd_t *pmd);
#define pte_alloc(mm, pmd)	  (unlikely(pmd_none(*(pmd))) && __pte_alloc(mm, pmd))
#define pgd_offset_k(addr)	  pgd_offset(&init_mm, (addr))
#define p4d_offset(pgd, addr)	  ((void)(addr), (p4d_t *)(pgd))
#define pud_offset(p4d, addr)	  ((void)(addr), (pud_t *)(p4d))
#define pmd_off(mm, va)		  pmd_offset(pud_offset(p4d_offset(pgd_offset(mm, va), va), va), va)
#define pmd_off_k(va)		  pmd_off(&init_mm, va)
#define p4d_alloc(mm, pgd, addr)  ((void)(mm), p4d_offset(pgd, addr))
#define pud_alloc(mm, p4d, addr)  ((void)(mm), pud_offset(p4d, addr))
#define pmd_alloc(mm, pud, addr)  ((void)(mm), pmd_offset(pud, addr))
#define pte_offset_map(pmd, addr) pte_offset_kernel(pmd, addr)
#define pte_lockptr(mm, pmd)	  ((void)(pmd), &(mm)->page_table_lock)
#define pmd_lockptr(mm, pmd)	  pte_lockptr(mm, pmd)
#define pte_unmap(pte)		  ((void)(pte))
#define pte_offset_map_lock(mm, pmd, addr, ptlp)          \
	({                                                \
		pte_t *__pte = pte_offset_map(pmd, addr); \
                                                          \
		*(ptlp) = pte_lockptr(mm, pmd);           \
		if (__pte)                                \
			spin_lock(*(ptlp));               \
		__pte;                                    \
	})
#define pte_unmap_unlock(pte, ptl) \
	do {                       \
		spin_unlock(ptl);  \
		pte_unmap(pte);    \
	} while (0)
#define pte_alloc_map_lock(mm, pmd, addr, ptlp)              \
	({                                                   \
		pte_t *__pte = pte_alloc_map(mm, pmd, addr); \
                                                             \
		*(ptlp) = pte_lockptr(mm, pmd);              \
		if (__pte)                                   \
			spin_lock(*(ptlp));                  \
		__pte;                                       \
	})
#define pmd_lock(mm, pmd)                                 \
	({                                                \
		spinlock_t *__ptl = pmd_lockptr(mm, pmd); \
                                                          \
		spin_lock(__ptl);                         \
		__ptl;                                    \
	})

/* faithful: of one level; see above. */
#define FLUSHDEP_PGTABLE_LEVEL(level)                                 \
	static inline int level##_none(level##_t entry)               \
	{                                                             \
		return !level##_val(entry);                           \
	}                                                             \
	static inline int level##_present(level##_t entry)            \
	{                                                             \
		return !!level##_val(entry);                          \
	}                                                             \
	static inline int level##_bad(level##_t entry)                \
	{                                                             \
		(void)entry;                                          \
		return 0;                                             \
	}                                                             \
	static inline bool level##_leaf(level##_t entry)              \
	{                                                             \
		(void)entry;                                          \
		return false;                                         \
	}                                                             \
	static inline level##_t level##p_get(level##_t *entry)        \
	{                                                             \
		return READ_ONCE(*entry);                             \
	}                                                             \
	static inline int level##_none_or_clear_bad(level##_t *entry) \
	{                                                             \
		return level##_none(*entry);                          \
	}

FLUSHDEP_PGTABLE_LEVEL(pmd)
FLUSHDEP_PGTABLE_LEVEL(pud)
FLUSHDEP_PGTABLE_LEVEL(p4d)
FLUSHDEP_PGTABLE_LEVEL(pgd)
#define pmd_trans_huge(pmd)  pmd_leaf(pmd)
#define pud_trans_huge(pud)  pud_leaf(pud)
#define pmd_devmap(pmd)	     ((void)(pmd), 0)
#define pgtable_l5_enabled() false

/* faithful */
static inline unsigned long flushdep_shim_addr_end(unsigned long addr, unsigned long end,
						   unsigned long size)
{
	unsigned long boundary = (addr + size) & ~(size - 1);

	return boundary - 1 < end - 1 ? boundary : end;
}

#define pmd_addr_end(addr, end) flushdep_shim_addr_end(addr, end, PMD_SIZE)
#define pud_addr_end(addr, end) flushdep_shim_addr_end(addr, end, PUD_SIZE)
#define p4d_addr_end(addr, end) flushdep_shim_addr_end(addr, end, P4D_SIZE)
#define pgd_addr_end(addr, end) flushdep_shim_addr_end(addr, end, PGDIR_SIZE)

/* partial: of the direct map a copy of what the entry says, for this thread until the next call;
 * always of one page. */
pte_t *lookup_address(unsigned long address, unsigned int *level);
#define virt_to_kpte(vaddr) lookup_address(vaddr, &(unsigned int){0})

#endif
