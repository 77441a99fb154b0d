/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/*
 * area.c: areas of user memory that map files: who may reach which folio.
 *
 * An area has references of the folios that were faulted in; there are no translations of user
 * addresses on the machine. When a page leaves the area, the mm loses its right to it: that is
 * told to the checker, which wants ephemeral mappings of it by that mm gone and flushed (FD016).
 */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "flushdep.h"
#include "task.h"

/* Addresses are handed out upwards and never again; nobody dereferences them. */
#define FIRST_ADDRESS 0x100000000ul
static atomic_long_t next_address = ATOMIC_LONG_INIT(FIRST_ADDRESS);

/* All areas of all mms; the mm's mmap_lock protects an area, this the list. */
static DEFINE_SPINLOCK(areas_lock);
static LIST_HEAD(areas);

static unsigned long nr_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma, *found = NULL;

	spin_lock(&areas_lock);
	list_for_each_entry (vma, &areas, flushdep_all)
		if (vma->vm_mm == mm && addr < vma->vm_end &&
		    (!found || vma->vm_start < found->vm_start))
			found = vma;
	spin_unlock(&areas_lock);
	return found;
}

struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return vma && addr >= vma->vm_start ? vma : NULL;
}

/* --- Making an area -------------------------------------------------------------------- */

static unsigned long area_flags(unsigned long prot, unsigned long flags)
{
	unsigned long vm_flags = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	vm_flags |= (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) |
		    (prot & PROT_EXEC ? VM_EXEC : 0);
	return flags & MAP_SHARED ? vm_flags | VM_SHARED | VM_MAYSHARE : vm_flags;
}

static struct vm_area_struct *new_area(struct file *file, unsigned long len, unsigned long vm_flags,
				       unsigned long offset)
{
	struct vm_area_struct *vma = kzalloc(sizeof(*vma), GFP_KERNEL);

	if (!vma)
		return NULL;
	vma->flushdep_folios =
		kcalloc(len >> PAGE_SHIFT, sizeof(*vma->flushdep_folios), GFP_KERNEL);
	if (!vma->flushdep_folios) {
		kfree(vma);
		return NULL;
	}
	/* A page of distance, so that one too many is found. */
	vma->vm_start = atomic_long_fetch_add(len + PAGE_SIZE, &next_address);
	vma->vm_end = vma->vm_start + len;
	vma->vm_mm = current->mm;
	vma->vm_flags = vm_flags;
	vma->vm_pgoff = offset >> PAGE_SHIFT;
	vma->vm_file = get_file(file);
	return vma;
}

static void free_area(struct vm_area_struct *vma)
{
	fput(vma->vm_file);
	kfree(vma->flushdep_folios);
	kfree(vma);
}

static void link_area(struct vm_area_struct *vma)
{
	struct address_space *mapping = vma->vm_file->f_mapping;

	down_write(&mapping->i_mmap_rwsem);
	list_add_tail(&vma->flushdep_mapping, &mapping->flushdep_areas);
	up_write(&mapping->i_mmap_rwsem);
	spin_lock(&areas_lock);
	list_add_tail(&vma->flushdep_all, &areas);
	spin_unlock(&areas_lock);
}

static void unlink_area(struct vm_area_struct *vma)
{
	struct address_space *mapping = vma->vm_file->f_mapping;

	spin_lock(&areas_lock);
	list_del(&vma->flushdep_all);
	spin_unlock(&areas_lock);
	down_write(&mapping->i_mmap_rwsem);
	list_del(&vma->flushdep_mapping);
	up_write(&mapping->i_mmap_rwsem);
}

unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long offset)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int err;

	(void)addr;
	if (!len || !PAGE_ALIGNED(offset) || !mm)
		return -EINVAL;
	if (offset + PAGE_ALIGN(len) < offset)
		return -EINVAL;
	if (!PAGE_ALIGN(len))
		return -ENOMEM;
	if (!file || !file->f_op->mmap)
		return -ENODEV;
	vma = new_area(file, PAGE_ALIGN(len), area_flags(prot, flags), offset);
	if (!vma)
		return -ENOMEM;
	mmap_write_lock(mm);
	err = file->f_op->mmap(file, vma);
	if (!err)
		link_area(vma);
	mmap_write_unlock(mm);
	if (!err)
		return vma->vm_start;
	free_area(vma);
	return err;
}

/* --- Pages of an area ------------------------------------------------------------------- */

static void drop_page(struct vm_area_struct *vma, unsigned long i)
{
	struct folio *folio = xchg(&vma->flushdep_folios[i], NULL);
	unsigned long pfn;

	if (!folio)
		return;
	pfn = page_to_pfn(folio_file_page(folio, vma->vm_pgoff + i));
	if (vma->vm_mm->flushdep)
		flushdep_access_lost(vma->vm_mm->flushdep, NULL, pfn, 1);
	folio_put(folio);
}

static void unmap_pages(struct address_space *mapping, pgoff_t first, pgoff_t end)
{
	struct vm_area_struct *vma;
	unsigned long i;

	down_read(&mapping->i_mmap_rwsem);
	list_for_each_entry (vma, &mapping->flushdep_areas, flushdep_mapping)
		for (i = 0; i < nr_pages(vma); i++)
			if (vma->vm_pgoff + i >= first && vma->vm_pgoff + i < end)
				drop_page(vma, i);
	up_read(&mapping->i_mmap_rwsem);
}

void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen,
			 int even_cows)
{
	(void)even_cows;
	unmap_pages(mapping, holebegin >> PAGE_SHIFT,
		    holelen ? (holebegin + holelen + PAGE_SIZE - 1) >> PAGE_SHIFT : ~0ul);
}

void unmap_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t nr, bool even_cows)
{
	(void)even_cows;
	unmap_pages(mapping, start, nr && start + nr > start ? start + nr : ~0ul);
}

/* The locked page that a fault found; its reference becomes the area's. */
static void install_page(struct vm_fault *vmf)
{
	unsigned long i = vmf->pgoff - vmf->vma->vm_pgoff;
	struct folio *folio = page_folio(vmf->page), *old;

	old = xchg(&vmf->vma->flushdep_folios[i], folio);
	if (old)
		folio_put(old);
}

static vm_fault_t finish_fault_locked(struct vm_fault *vmf, vm_fault_t ret)
{
	struct folio *folio;

	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY))
		return ret;
	folio = page_folio(vmf->page);
	if (!(ret & VM_FAULT_LOCKED))
		folio_lock(folio);
	install_page(vmf);
	folio_unlock(folio);
	return ret & ~VM_FAULT_LOCKED;
}

vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags,
			   struct pt_regs *regs)
{
	struct vm_fault vmf = {
		.vma = vma,
		.gfp_mask = mapping_gfp_mask(vma->vm_file->f_mapping) | __GFP_FS | __GFP_IO,
		.pgoff = vma->vm_pgoff + ((address - vma->vm_start) >> PAGE_SHIFT),
		.address = address & PAGE_MASK,
		.real_address = address,
		.flags = flags,
	};

	(void)regs;
	if (address < vma->vm_start || address >= vma->vm_end)
		return VM_FAULT_SIGSEGV;
	if (!vma->vm_ops || !vma->vm_ops->fault)
		return VM_FAULT_SIGBUS;
	/* There already: nothing faults. */
	if (READ_ONCE(vma->flushdep_folios[vmf.pgoff - vma->vm_pgoff]))
		return 0;
	return finish_fault_locked(&vmf, vma->vm_ops->fault(&vmf));
}

/* --- The end of an area ------------------------------------------------------------------ */

static void close_area(struct vm_area_struct *vma)
{
	unsigned long i;

	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	for (i = 0; i < nr_pages(vma); i++)
		drop_page(vma, i);
	unlink_area(vma);
}

int vm_munmap(unsigned long start, size_t len)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	mmap_write_lock(mm);
	vma = vma_lookup(mm, start);
	if (!vma || vma->vm_start != start || vma->vm_end != start + PAGE_ALIGN(len)) {
		mmap_write_unlock(mm);
		return -EINVAL;
	}
	close_area(vma);
	mmap_write_unlock(mm);
	free_area(vma);
	return 0;
}

void shim_exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	while ((vma = find_vma(mm, 0))) {
		mmap_write_lock(mm);
		close_area(vma);
		mmap_write_unlock(mm);
		free_area(vma);
	}
}
