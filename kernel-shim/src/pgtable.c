/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * pgtable.c: page tables, which are the machine's. A pte_t in one of them is known by
 * its place, so that set_pte() finds address and mm as hardware would.
 */
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/set_memory.h>

#include "flushdep.h"
#include "pgtable.h"
#include "task.h"

_Static_assert(sizeof(pte_t) == sizeof(flushdep_pte_t), "entries are the machine's own");
_Static_assert(_PAGE_PRESENT == FLUSHDEP_PTE_PRESENT && _PAGE_RW == FLUSHDEP_PTE_WRITE &&
		       _PAGE_USER == FLUSHDEP_PTE_USER && _PAGE_GLOBAL == FLUSHDEP_PTE_GLOBAL &&
		       _PAGE_NX == FLUSHDEP_PTE_NX,
	       "as hardware has them");

/* All mms' addresses, each as many as the next (docs/machine.md, "Addresses"). */
#define MMS_START (FLUSHDEP_WINDOW_START + (64ul << 30))

static unsigned long slices_start(const struct flushdep_mm *mm)
{
	return (unsigned long)flushdep_mermap_slice_start(mm, 0);
}

static unsigned long slices_end(const struct flushdep_mm *mm)
{
	return (unsigned long)flushdep_mermap_slice_end(mm, flushdep_cpu_count() - 1);
}

unsigned long flushdep_shim_mermap_base(void)
{
	struct flushdep_mm *mm = flushdep_mm_current();

	return mm ? slices_start(mm) : MMS_START;
}

unsigned long flushdep_shim_area_start(struct mm_struct *mm)
{
	return (unsigned long)flushdep_pte_area_start(mm->flushdep);
}

unsigned long flushdep_shim_area_end(struct mm_struct *mm)
{
	return (unsigned long)flushdep_pte_area_end(mm->flushdep);
}

static unsigned long address_in(const struct flushdep_mm *mm, unsigned long addr)
{
	unsigned long base, bytes;

	if (!mm || addr < MMS_START || addr >= FLUSHDEP_WINDOW_END)
		return addr;
	base = slices_start(mm);
	bytes = (unsigned long)flushdep_pte_area_end(mm) - base;
	return base + (addr - MMS_START) % bytes;
}

unsigned long shim_address_in(struct mm_struct *mm, unsigned long addr)
{
	return address_in(mm->flushdep, addr);
}

unsigned long flushdep_shim_here(unsigned long addr)
{
	return address_in(flushdep_mm_current(), addr);
}

pte_t *flushdep_shim_pte(unsigned long addr)
{
	return (pte_t *)flushdep_pte_lookup((void *)addr);
}

/* --- One entry ---------------------------------------------------------------- */

static void write_pte(pte_t *ptep, pte_t pte)
{
	int err = flushdep_pte_set((flushdep_pte_t *)ptep, pte_val(pte));

	if (err == -ENOMEM)
		flushdep_fatal("flushdep: set_pte: the host's limit of mappings was reached: use "
			       "FLUSHDEP_OPTIONS=backend=model");
	if (err && flushdep_pte_address((flushdep_pte_t *)ptep))
		WARN(1, "set_pte: no table there, or no page frame %#lx\n", pte_pfn(pte));
	else if (err)
		WRITE_ONCE(*ptep, pte);
}

void set_pte(pte_t *ptep, pte_t pte)
{
	write_pte(ptep, pte);
}

void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte)
{
	write_pte(ptep, pte);
}

void set_ptes(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		write_pte(ptep + i, __pte(pte_val(pte) + ((pteval_t)i << PAGE_SHIFT)));
}

void pte_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	write_pte(ptep, __pte(0));
}

void ptep_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	write_pte(ptep, __pte(0));
}

void clear_ptes(struct mm_struct *mm, unsigned long addr, pte_t *ptep, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		write_pte(ptep + i, __pte(0));
}

static pte_t get_and_clear(pte_t *ptep)
{
	pte_t old = ptep_get(ptep);

	write_pte(ptep, __pte(0));
	return old;
}

pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	return get_and_clear(ptep);
}

pte_t ptep_get_and_clear_full(struct mm_struct *mm, unsigned long addr, pte_t *ptep, int full)
{
	return get_and_clear(ptep);
}

pte_t ptep_clear_flush(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep)
{
	pte_t old = get_and_clear(ptep);

	/* What was not present is in no TLB. */
	if (pte_present(old))
		flush_tlb_page(vma, addr);
	return old;
}

void ptep_set_wrprotect(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	write_pte(ptep, pte_wrprotect(ptep_get(ptep)));
}

/* --- Ranges --------------------------------------------------------------------- */

static int populate(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	/* The checker learns with the mermap's tables that these are slices of CPUs. */
	if (start < slices_end(mm->flushdep)) {
		int err = flushdep_mermap_prepare(mm->flushdep);

		if (err)
			return err;
	}
	return flushdep_pte_populate(mm->flushdep, (void *)start, (void *)end);
}

static int apply(unsigned long start, unsigned long end, pte_fn_t fn, void *data, bool create)
{
	unsigned long addr;
	int err = 0;

	for (addr = start; fn && !err && addr < end; addr += PAGE_SIZE) {
		pte_t *ptep = flushdep_shim_pte(addr);

		if (ptep && (create || !pte_none(ptep_get(ptep))))
			err = fn(ptep, addr, data);
	}
	return err;
}

int apply_to_page_range(struct mm_struct *mm, unsigned long address, unsigned long size,
			pte_fn_t fn, void *data)
{
	unsigned long start = shim_address_in(mm, address);
	int err;

	if (WARN_ON(!size) || !mm->flushdep)
		return -EINVAL;
	err = populate(mm, start, start + size);
	return err ?: apply(start, start + size, fn, data, true);
}

int apply_to_existing_page_range(struct mm_struct *mm, unsigned long address, unsigned long size,
				 pte_fn_t fn, void *data)
{
	unsigned long start = shim_address_in(mm, address);

	if (WARN_ON(!size))
		return -EINVAL;
	return apply(start, start + size, fn, data, false);
}

/* --- Walks ------------------------------------------------------------------------- */

/* A table's entry says whose it is, so that a copy of it serves as well. */
static struct mm_struct *mm_of(unsigned long entry)
{
	return (struct mm_struct *)(entry & ~1ul);
}

pgd_t *pgd_offset(struct mm_struct *mm, unsigned long addr)
{
	WRITE_ONCE(mm->flushdep_tables[1], (unsigned long)mm | 1);
	return (pgd_t *)&mm->flushdep_tables[mm->flushdep ? 1 : 0];
}

/*
 * Entries of the middle level, one for 2 MiB of any mm's addresses. The machine knows which tables
 * there are; these say it as of the last look.
 */
#define NR_PMDS ((FLUSHDEP_WINDOW_END - MMS_START) / PMD_SIZE)
static pmd_t pmds[NR_PMDS];

static bool is_in_tables(const pmd_t *pmd)
{
	return pmd >= pmds && pmd < pmds + NR_PMDS;
}

static unsigned long pmd_address(const pmd_t *pmd)
{
	return MMS_START + (pmd - pmds) * PMD_SIZE;
}

/* What leads to the table; a table's page says whose it is. */
static unsigned long entry_now(struct mm_struct *mm, unsigned long addr)
{
	flushdep_pfn_t pfn = flushdep_pte_table((void *)addr);

	if (pfn == FLUSHDEP_PFN_NONE)
		return 0;
	if (READ_ONCE(pfn_to_page(pfn)->private) != (unsigned long)mm)
		WRITE_ONCE(pfn_to_page(pfn)->private, (unsigned long)mm);
	return pfn << PAGE_SHIFT | _PAGE_TABLE;
}

static void look_again(struct mm_struct *mm, pmd_t *pmd)
{
	unsigned long old = READ_ONCE(pmd->pmd), now = entry_now(mm, pmd_address(pmd));

	/* Whoever changed it meanwhile knows better. */
	if (old != now)
		cmpxchg(&pmd->pmd, old, now);
}

/* Those that follow as well, as walks go on to them. */
pmd_t *pmd_offset(pud_t *pud, unsigned long addr)
{
	struct mm_struct *mm = mm_of(pud_val(*pud));
	unsigned long end;
	pmd_t *first, *pmd;

	if (!mm)
		return (pmd_t *)pud;
	addr = shim_address_in(mm, addr);
	if (addr < MMS_START || addr >= FLUSHDEP_WINDOW_END)
		return (pmd_t *)&mm->flushdep_tables[0];
	first = pmds + (addr - MMS_START) / PMD_SIZE;
	end = flushdep_shim_area_end(mm);
	for (pmd = first; pmd_address(pmd) < end; pmd++)
		look_again(mm, pmd);
	return first;
}

pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr)
{
	pmd_t entry = READ_ONCE(*pmd);

	if (!pmd_val(entry))
		return NULL;
	return flushdep_shim_pte(
		shim_address_in((struct mm_struct *)READ_ONCE(pmd_page(entry)->private), addr));
}

pte_t *pte_alloc_map(struct mm_struct *mm, pmd_t *pmd, unsigned long addr)
{
	unsigned long start = shim_address_in(mm, addr) & PAGE_MASK;

	if (!mm->flushdep || populate(mm, start, start + PAGE_SIZE))
		return NULL;
	if (is_in_tables(pmd))
		look_again(mm, pmd);
	return flushdep_shim_pte(start);
}

int __pte_alloc(struct mm_struct *mm, pmd_t *pmd)
{
	if (!is_in_tables(pmd))
		return -ENOMEM;
	return pte_alloc_map(mm, pmd, pmd_address(pmd)) ? 0 : -ENOMEM;
}

/* --- Table pages --------------------------------------------------------------------- */

/* While a table is linked its entries are the machine's, else they are in its page. */
static void unlink_table(pmd_t *pmd)
{
	unsigned long addr = pmd_address(pmd), i;
	pte_t *entries = flushdep_shim_pte(addr), *table;

	if (!entries)
		return;
	table = page_address(pfn_to_page(flushdep_pte_table((void *)addr)));
	for (i = 0; i < PTRS_PER_PTE; i++)
		if (pte_val(entries[i]))
			table[i] = entries[i];
	WARN(flushdep_pte_table_unlink((void *)addr) == FLUSHDEP_PFN_NONE,
	     "the mermap's tables are the machine's\n");
	WRITE_ONCE(pmd->pmd, 0);
}

static void link_table(pmd_t *pmd, unsigned long pfn)
{
	unsigned long addr = pmd_address(pmd), i;
	pte_t *table = page_address(pfn_to_page(pfn)), *entries;
	int err = flushdep_pte_table_link((void *)addr, pfn);

	if (WARN(err, "no place for a page table, or no page for one: %d\n", err))
		return;
	entries = flushdep_shim_pte(addr);
	WRITE_ONCE(pmd->pmd,
		   entry_now(shim_mm_of(flushdep_pte_mm((flushdep_pte_t *)entries)), addr));
	for (i = 0; i < PTRS_PER_PTE; i++) {
		pte_t pte = table[i];

		if (!pte_val(pte))
			continue;
		table[i] = __pte(0);
		write_pte(entries + i, pte);
	}
}

static void write_pmd(pmd_t *pmdp, pmd_t pmd)
{
	if (!is_in_tables(pmdp)) {
		WRITE_ONCE(*pmdp, pmd);
		return;
	}
	unlink_table(pmdp);
	if (pmd_val(pmd) & _PAGE_PRESENT)
		link_table(pmdp, pmd_pfn(pmd));
}

void set_pmd(pmd_t *pmdp, pmd_t pmd)
{
	write_pmd(pmdp, pmd);
}

void pmd_clear(pmd_t *pmdp)
{
	write_pmd(pmdp, __pmd(0));
}

pmd_t pmdp_get_and_clear(struct mm_struct *mm, unsigned long addr, pmd_t *pmdp)
{
	pmd_t old = READ_ONCE(*pmdp);

	write_pmd(pmdp, __pmd(0));
	return old;
}

void pmd_populate(struct mm_struct *mm, pmd_t *pmd, pgtable_t table)
{
	if (WARN(!is_in_tables(pmd), "tables of these addresses are the machine's\n"))
		return;
	write_pmd(pmd, __pmd(page_to_pfn(table) << PAGE_SHIFT | _PAGE_TABLE));
}

void pmd_populate_kernel(struct mm_struct *mm, pmd_t *pmd, pte_t *table)
{
	if (WARN(!is_in_tables(pmd), "tables of these addresses are the machine's\n"))
		return;
	write_pmd(pmd, __pmd(page_to_pfn(virt_to_page(table)) << PAGE_SHIFT | _PAGE_TABLE));
}

pgtable_t pte_alloc_one(struct mm_struct *mm)
{
	return alloc_page(GFP_PGTABLE_USER);
}

void pte_free(struct mm_struct *mm, pgtable_t table)
{
	flushdep_page_put_order(page_to_pfn(table), 0);
}

pte_t *pte_alloc_one_kernel(struct mm_struct *mm)
{
	struct page *page = alloc_page(GFP_PGTABLE_KERNEL & ~__GFP_HIGHMEM);

	return page ? page_address(page) : NULL;
}

/* Entries of a table that is linked are not in its page. */
void pte_free_kernel(struct mm_struct *mm, pte_t *table)
{
	void *addr = flushdep_pte_address((flushdep_pte_t *)table);
	flushdep_pfn_t pfn = addr ? flushdep_pte_table(addr) : flushdep_virt_to_pfn(table);

	if (!WARN(pfn == FLUSHDEP_PFN_NONE, "pte_free_kernel: no page table\n"))
		flushdep_page_put_order(pfn, 0);
}

/* --- Addresses of the kernel ---------------------------------------------------------- */

pte_t *lookup_address(unsigned long address, unsigned int *level)
{
	static __thread pte_t direct;
	pte_t *ptep = flushdep_shim_pte(flushdep_shim_here(address));
	flushdep_pfn_t pfn = flushdep_virt_to_pfn((void *)address);

	*level = PG_LEVEL_4K;
	if (ptep || pfn == FLUSHDEP_PFN_NONE)
		return ptep;
	direct = pfn_pte(pfn, PAGE_KERNEL);
	if (!kernel_page_present(pfn_to_page(pfn)))
		direct = pte_clear_flags(direct, _PAGE_PRESENT);
	return &direct;
}
