/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A C program, linked with the C driver, that walks through flushdep.h. */
#include <stdio.h>
#include <string.h>

#include "runtime/include/flushdep.h"

#define CHECK(cond)                                              \
  do {                                                           \
    if (!(cond)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
      return 1;                                                  \
    }                                                            \
  } while (0)

int main(void) {
  flushdep_pfn_t pfn;
  flushdep_mapping* mapping;

  CHECK(flushdep_report_count() > 0); /* the stub counts events: it has booted */
  CHECK(flushdep_mermap_prepare(flushdep_mm_current()) == 0);
  pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO);
  CHECK(pfn != FLUSHDEP_PFN_NONE);
  mapping = flushdep_mermap_get(pfn, 4096, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  CHECK(mapping != NULL);
  CHECK(*(char*)flushdep_mermap_addr(mapping) == 0);
  strcpy(flushdep_mermap_addr(mapping), "secret");
  flushdep_mermap_put(mapping);
  flushdep_flush_mm(flushdep_mm_current());
  flushdep_page_free(pfn, 0);
  CHECK(flushdep_page_refcount(pfn) == 0);
  return 0;
}
