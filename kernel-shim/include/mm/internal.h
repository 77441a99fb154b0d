/* SPDX-License-Identifier: (Apache-2.0 WITH LLVM-exception) OR GPL-2.0 */
/* mm/internal.h: what mm/ files have in common; found as "internal.h" with -I .../include/mm. */
#ifndef FLUSHDEP_MM_INTERNAL_H
#define FLUSHDEP_MM_INTERNAL_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

/* faithful: frees what was taken out of its mapping. */
FLUSHDEP_CALL void filemap_free_folio(struct address_space *mapping, struct folio *folio);

#endif
