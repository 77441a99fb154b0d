/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/vmalloc.h: big allocations. */
#ifndef FLUSHDEP_LINUX_VMALLOC_H
#define FLUSHDEP_LINUX_VMALLOC_H

#include <asm/page.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/gfp_types.h>
#include <linux/overflow.h>
#include <linux/types.h>

/* partial: from the host's heap, as kmalloc()'s; there is no area for them in the page tables. */
void *vmalloc(unsigned long size) __malloc;
void *vzalloc(unsigned long size) __malloc;
void *__vmalloc(unsigned long size, gfp_t gfp_mask) __malloc;
void vfree(const void *addr);
#define vmalloc_node(size, node)	((void)(node), vmalloc(size))
#define vzalloc_node(size, node)	((void)(node), vzalloc(size))
#define vmalloc_user(size)		vzalloc(size)
#define vmalloc_32(size)		vmalloc(size)
#define vmalloc_huge(size, gfp_mask)	__vmalloc(size, gfp_mask)
#define vmalloc_array(n, size)		vmalloc(array_size(n, size))
#define vcalloc(n, size)		vzalloc(array_size(n, size))
#define __vmalloc_array(n, size, flags) __vmalloc(array_size(n, size), flags)
#define vfree_atomic(addr)		vfree(addr)

/* partial: false, as there is no such area. */
static inline bool is_vmalloc_addr(const void *x)
{
	(void)x;
	return false;
}

/* empty: what is unmapped is flushed at once. */
static inline void vm_unmap_aliases(void)
{
}

/* faithful */
DEFINE_FREE(vfree, void *, if (!IS_ERR_OR_NULL(_T)) vfree(_T))

#endif
