/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/hugetlb.h: huge pages of their own file system, which are not here. */
#ifndef FLUSHDEP_LINUX_HUGETLB_H
#define FLUSHDEP_LINUX_HUGETLB_H

#include <linux/mm.h>

/* empty: as without CONFIG_HUGETLB_PAGE. */
static inline bool is_vm_hugetlb_page(struct vm_area_struct *vma)
{
	(void)vma;
	return false;
}

#define is_file_hugepages(file) ((void)(file), false)
#define PageHugeActive(page)	((void)(page), false)

#endif
