/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mmdebug.h: checks of mm code, always on here. */
#ifndef FLUSHDEP_LINUX_MMDEBUG_H
#define FLUSHDEP_LINUX_MMDEBUG_H

#include <linux/bug.h>
#include <linux/printk.h>

/* partial: as with CONFIG_DEBUG_VM=y, without the dump of the page. */
#define VM_BUG_ON(cond)			   BUG_ON(cond)
#define VM_BUG_ON_PAGE(cond, page)	   BUG_ON(cond)
#define VM_BUG_ON_FOLIO(cond, folio)	   BUG_ON(cond)
#define VM_WARN_ON(cond)		   ((void)WARN_ON(cond))
#define VM_WARN_ON_ONCE(cond)		   WARN_ON_ONCE(cond)
#define VM_WARN_ON_ONCE_PAGE(cond, page)   WARN_ON_ONCE(cond)
#define VM_WARN_ON_ONCE_FOLIO(cond, folio) WARN_ON_ONCE(cond)
#define VM_WARN_ON_FOLIO(cond, folio)	   WARN_ON(cond)
#define VM_WARN_ONCE(cond, format...)	   WARN_ONCE(cond, format)
#define VM_BUG_ON_VMA(cond, vma)	   BUG_ON(cond)
#define VM_BUG_ON_MM(cond, mm)		   BUG_ON(cond)
#define VM_BUG_ON_PGFLAGS(cond, page)	   BUG_ON(cond)
#define VM_WARN_ON_ONCE_MM(cond, mm)	   WARN_ON_ONCE(cond)
#define VM_WARN_ON_ONCE_VMA(cond, vma)	   WARN_ON_ONCE(cond)
#define VM_WARN_ON_PAGE(cond, page)	   WARN_ON(cond)
#define VM_WARN_ON_VMA(cond, vma)	   WARN_ON(cond)
#define VM_WARN_ON_VMG(cond, vmg)	   WARN_ON(cond)
#define VIRTUAL_BUG_ON(cond)		   BUG_ON(cond)
#define VM_WARN(cond, format...)	   ((void)WARN(cond, format))

struct mm_struct;
struct page;
struct vm_area_struct;

/* partial: a line with the address. */
static inline void dump_page(const struct page *page, const char *reason)
{
	printk("page %p: %s\n", (const void *)page, reason ? reason : "");
}

static inline void dump_vma(const struct vm_area_struct *vma)
{
	printk("vma %p\n", (const void *)vma);
}

static inline void dump_mm(const struct mm_struct *mm)
{
	printk("mm %p\n", (const void *)mm);
}

#endif
