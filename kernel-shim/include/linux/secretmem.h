/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/secretmem.h: mm/secretmem.c, where a program has it. */
#ifndef FLUSHDEP_LINUX_SECRETMEM_H
#define FLUSHDEP_LINUX_SECRETMEM_H

#include <linux/fs.h>
#include <linux/mm_types.h>

/* faithful: to be used only with mm/secretmem.c linked in. */
extern const struct address_space_operations secretmem_aops;

static inline bool secretmem_mapping(struct address_space *mapping)
{
	return mapping->a_ops == &secretmem_aops;
}

bool vma_is_secretmem(struct vm_area_struct *vma);
bool secretmem_active(void);

#endif
