/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A machine of the project's own: a pool of pages that it maps by hand. It
 * tells the checker with events.h and the plugin with annotations.h. */
#ifndef POOL_H
#define POOL_H

#include <annotations.h>

struct pool_page {
  unsigned long pfn;
};

void pool_boot(void);
struct pool_page* pool_alloc(void) FLUSHDEP_ALLOCATES;
void* pool_map(struct pool_page* page) FLUSHDEP_MAPS(1);
void pool_unmap(void* handle) FLUSHDEP_UNMAPS(1);
void pool_flush(void) FLUSHDEP_FLUSHES_ALL;
void pool_free(struct pool_page* page) FLUSHDEP_FREES(1);

#endif
