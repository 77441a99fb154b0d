/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* linux/set_memory.h: changing the direct map. */
#ifndef FLUSHDEP_LINUX_SET_MEMORY_H
#define FLUSHDEP_LINUX_SET_MEMORY_H

#include <asm/set_memory.h>
#include <linux/compiler.h>

struct folio;

/* faithful: option direct_map. */
bool can_set_direct_map(void) FLUSHDEP_MACHINE(flushdep_can_set_direct_map);
#define can_set_direct_map can_set_direct_map

/* faithful: zap takes all pages of the folio out and flushes them everywhere; restoring needs no
 * flush. */
FLUSHDEP_CALL int folio_zap_direct_map(struct folio *folio);
FLUSHDEP_CALL int folio_restore_direct_map(struct folio *folio);

#endif
