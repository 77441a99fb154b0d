/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/mman.h: mappings of user memory. */
#ifndef FLUSHDEP_LINUX_MMAN_H
#define FLUSHDEP_LINUX_MMAN_H

#include <linux/mm.h>

/* partial: no memory is promised to anybody. */
static inline void vm_acct_memory(long pages)
{
	(void)pages;
}

#define vm_unacct_memory(pages) vm_acct_memory(-(pages))
#define vm_commit_limit()	totalram_pages()
#define calc_vm_prot_bits(prot, pkey)                                                \
	(((prot) & PROT_READ ? VM_READ : 0) | ((prot) & PROT_WRITE ? VM_WRITE : 0) | \
	 ((prot) & PROT_EXEC ? VM_EXEC : 0))

#endif
