/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/pgtable.h: page tables; see asm/pgtable.h. */
#ifndef FLUSHDEP_LINUX_PGTABLE_H
#define FLUSHDEP_LINUX_PGTABLE_H

#include <asm/pgtable.h>
#include <linux/mm_types.h>

#endif
