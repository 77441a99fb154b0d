/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/pgalloc.h: page-table pages; see asm/pgalloc.h. */
#ifndef FLUSHDEP_LINUX_PGALLOC_H
#define FLUSHDEP_LINUX_PGALLOC_H

#include <asm/pgalloc.h>
#include <linux/pgtable.h>

#endif
