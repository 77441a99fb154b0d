/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * allocator.c: what the page allocator does by itself, under the checker: `allocator NAME`.
 * Everything is silent but for compact_bug.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flushdep.h"

#define BLOCK 512ul

static void require(int condition, const char* what) {
  if (condition) return;
  fprintf(stderr, "allocator: %s\n", what);
  exit(3);
}

static uint64_t vmstat(const char* name) {
  uint64_t value = 0;
  require(flushdep_vmstat(name, &value), name);
  return value;
}

/* Pages that the allocator zeroed through the mermap are freed by somebody who never mapped them
 * and so flushes nothing. */
static void zero_mermap(void) {
  require(flushdep_mermap_prepare(flushdep_mm_current()) == 0, "prepare");
  flushdep_set_unmapped_zero(FLUSHDEP_ZERO_MERMAP);
  for (unsigned order = 0; order <= 10; order++) {
    flushdep_pfn_t pfn = flushdep_page_alloc(order, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO);
    require(pfn != FLUSHDEP_PFN_NONE, "no pages");
    flushdep_page_free(pfn, order);
  }
  printf("zeroed=%llu\n", (unsigned long long)(vmstat("zero_unmapped_mermap") +
                                               vmstat("zero_unmapped_mermap_reserved")));
}

/* Most of memory there and back, several times. */
static void flips(void) {
  uint64_t half = flushdep_page_count() * 5 / 8;
  for (int i = 0; i < 3; i++) {
    require(flushdep_unmap_reserve(half) == 0, "unmap");
    require(flushdep_map_reserve(half) == 0, "map");
  }
  printf("flushes=%llu\n", (unsigned long long)vmstat("pageblock_unmap_flush"));
}

/* --- Compaction ------------------------------------------------------------ */

static flushdep_pfn_t owned[64];
static int moves, flushes_before_a_move;

static bool isolate(flushdep_pfn_t pfn, void* slot) {
  require(*(flushdep_pfn_t*)slot == pfn, "not the page's owner");
  if (flushes_before_a_move) flushdep_flush_all();
  return true;
}

static int migrate(flushdep_pfn_t from, flushdep_pfn_t to, void* slot) {
  require(*(uint64_t*)flushdep_page_address(to) == from, "contents were not copied");
  *(flushdep_pfn_t*)slot = to;
  moves++;
  return 0;
}

static const struct flushdep_movable_ops ops = {isolate, migrate, NULL};

/* A movable page in each pageblock, and no other. */
static void scatter(void) {
  static flushdep_pfn_t pages[1 << 16];
  unsigned long count = 0, blocks = flushdep_page_count() / BLOCK;
  require(blocks <= sizeof(owned) / sizeof(*owned), "too much memory for this test");
  while ((pages[count] = flushdep_page_alloc(0, FLUSHDEP_ALLOC_MOVABLE)) != FLUSHDEP_PFN_NONE)
    count++;
  for (unsigned long i = 0; i < count; i++) {
    flushdep_pfn_t* slot = &owned[pages[i] / BLOCK];
    if (*slot != 0) {
      flushdep_page_free(pages[i], 0);
      continue;
    }
    *slot = pages[i];
    *(uint64_t*)flushdep_page_address(pages[i]) = pages[i];
    require(flushdep_page_set_movable(pages[i], &ops, slot) == 0, "set_movable");
  }
}

static void use_through_mermap(flushdep_pfn_t pfn) {
  flushdep_mapping* map =
      flushdep_mermap_get(pfn, FLUSHDEP_PAGE_BYTES, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  require(map != NULL, "no mapping");
  flushdep_mermap_put(map);
}

static void compact(int with_mermap, int flush) {
  flushdep_pfn_t pfn;
  require(flushdep_mermap_prepare(flushdep_mm_current()) == 0, "prepare");
  scatter();
  flushes_before_a_move = flush;
  for (unsigned i = 0; with_mermap && i < sizeof(owned) / sizeof(*owned); i++)
    if (owned[i] != 0) use_through_mermap(owned[i]);
  pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  require(pfn != FLUSHDEP_PFN_NONE && flushdep_page_unmapped(pfn), "no unmapped page");
  flushdep_page_free(pfn, 0);
  printf("moves=%d\n", moves);
  /* Leaves the rest to the end of the program, flushed. */
  flushdep_flush_all();
}

static void compact_clean(void) { compact(0, 0); }
/* The owner has mapped the page; it is moved, and so freed, with the flush still owed. */
static void compact_bug(void) { compact(1, 0); }
static void compact_flushed(void) { compact(1, 1); }

static void meminfo(void) {
  fflush(stdout);
  flushdep_print_meminfo(1);
}

int main(int argc, char** argv) {
  static const struct {
    const char* name;
    void (*run)(void);
  } cases[] = {
      {"zero_mermap", zero_mermap}, {"flips", flips},     {"compact_clean", compact_clean},
      {"compact_bug", compact_bug}, {"meminfo", meminfo}, {"compact_flushed", compact_flushed}};
  for (unsigned i = 0; argc > 1 && i < sizeof(cases) / sizeof(*cases); i++) {
    if (strcmp(cases[i].name, argv[1]) != 0) continue;
    cases[i].run();
    return 0;
  }
  fprintf(stderr, "allocator: no such case\n");
  return 2;
}
