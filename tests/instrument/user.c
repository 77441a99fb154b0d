/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * user.c: uses library.c, linked in one way or another, on a page that is mapped or was put.
 *
 *   user load|copy|quiet|overflow good|bad [LIBRARY]
 */
#include <dlfcn.h>
#include <flushdep.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef OPENED
long library_load(const long* v);
void library_copy(char* to, const char* from, size_t size);
long library_quiet(const long* v);
#else
static long (*library_load)(const long* v);
static void (*library_copy)(char* to, const char* from, size_t size);
static long (*library_quiet)(const long* v);

static void open_library(const char* name) {
  void* library = dlopen(name, RTLD_NOW);
  if (library == NULL) {
    fprintf(stderr, "user: %s\n", dlerror());
    exit(3);
  }
  *(void**)&library_load = dlsym(library, "library_load");
  *(void**)&library_copy = dlsym(library, "library_copy");
  *(void**)&library_quiet = dlsym(library, "library_quiet");
}
#endif

int main(int argc, char** argv) {
  flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO);
  flushdep_mapping* map;
  const long* page;
  char own[64];
  int bad;
  if (argc < 3) return 2;
#ifdef OPENED
  open_library(argv[3]);
#endif
  bad = strcmp(argv[2], "bad") == 0;
  if (flushdep_mermap_prepare(flushdep_mm_current()) != 0) return 3;
  map = flushdep_mermap_get(pfn, 4096, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  page = flushdep_mermap_addr(map);
  if (bad) flushdep_mermap_put(map);
  memset(own, 1, sizeof(own));
  if (strcmp(argv[1], "load") == 0) printf("%ld\n", library_load(page));
  if (strcmp(argv[1], "copy") == 0) library_copy(own, (const char*)page, sizeof(own));
  if (strcmp(argv[1], "quiet") == 0) printf("%ld\n", library_quiet(page));
  if (strcmp(argv[1], "overflow") == 0) {
    char* heap = malloc(16);
    library_copy(heap, own, bad ? 17 : 16);
    printf("%d\n", heap[3]);
    free(heap);
  }
  if (!bad) flushdep_mermap_put(map);
  flushdep_flush_all();
  flushdep_page_free(pfn, 0);
  printf("end %d\n", own[5]);
  return 0;
}
