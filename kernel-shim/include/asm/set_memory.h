/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* asm/set_memory.h: the direct map, page by page; none of these flushes. */
#ifndef FLUSHDEP_ASM_SET_MEMORY_H
#define FLUSHDEP_ASM_SET_MEMORY_H

#include <linux/types.h>

struct page;

/* faithful */
FLUSHDEP_CALL int set_direct_map_invalid_noflush(struct page *page);
FLUSHDEP_CALL int set_direct_map_default_noflush(struct page *page);
FLUSHDEP_CALL int set_direct_map_valid_noflush(struct page *page, unsigned nr, bool valid);
bool kernel_page_present(struct page *page);

#endif
