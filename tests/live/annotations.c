/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * What a program tells the checker: each annotation where it makes the difference between a report
 * and silence. As C and as C++.
 *
 *   annotations NAME   runs one
 */
#include <annotations.h>
#include <flushdep.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef flushdep_pfn_t pfn;

static void require(int condition) {
  if (!condition) exit(3);
}

static pfn alloc_page(void) {
  const pfn page = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
  require(page != FLUSHDEP_PFN_NONE);
  return page;
}

static void zero_page(pfn page) {
  flushdep_mapping* map = flushdep_mermap_get(page, 4096, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  require(map != NULL);
  flushdep_fill(flushdep_mermap_addr(map), 0, 4096);
  flushdep_mermap_put(map);
}

static pfn stale_page(void) {
  const pfn page = alloc_page();
  zero_page(page);
  return page;
}

/* --- Debt ------------------------------------------------------------------------ */

static void free_it(void) { flushdep_page_free(stale_page(), 0); }

static void cancelled(void) {
  const pfn page = stale_page();
  flushdep_debt_cancel(page);
  flushdep_page_free(page, 0);
}

/* The mermap's wrap drops the translation: nobody asked for that. */
static pfn lucky_page(int hand_over) {
  const pfn page = stale_page();
  int i;
  if (hand_over) flushdep_debt_handover(page, 1);
  for (i = 0; i < 600; i++) zero_page(alloc_page());
  return page;
}
static void lucky(void) { flushdep_page_free(lucky_page(0), 0); }
static void handed_over(void) { flushdep_page_free(lucky_page(1), 0); }

/* --- Assertions ------------------------------------------------------------------ */

static void assert_flushed_too_early(void) {
  const pfn page = stale_page();
  flushdep_assert_flushed(page);
  flushdep_flush_all();
  flushdep_page_free(page, 0);
}
static void assert_flushed(void) {
  const pfn page = stale_page();
  flushdep_flush_all();
  flushdep_assert_flushed(page);
  flushdep_page_free(page, 0);
}
static void assert_not_mapped_too_early(void) {
  const pfn page = alloc_page();
  flushdep_mapping* map = flushdep_mermap_get(page, 4096, FLUSHDEP_MAP_READ);
  flushdep_assert_not_mapped(page);
  flushdep_mermap_put(map);
  flushdep_flush_all();
  flushdep_page_free(page, 0);
}
static void assert_not_mapped(void) {
  const pfn page = stale_page();
  flushdep_assert_not_mapped(page);
  flushdep_flush_all();
  flushdep_page_free(page, 0);
}

/* --- No checking ----------------------------------------------------------------- */

static void unchecked(void) {
  flushdep_check_off();
  flushdep_check_off();
  flushdep_check_on();
  free_it();
  flushdep_check_on();
}
static void unchecked_scope(void) {
  FLUSHDEP_UNCHECKED_SCOPE;
  free_it();
}
static void checked_again(void) {
  unchecked();
  unchecked_scope();
  free_it();
}

/* --- Classes --------------------------------------------------------------------- */

/* One page goes clean from a place to its free; another one of its class is left there owing. */
static void pass(pfn page) { flushdep_passes(page, 7); }
static void two_lives(pfn (*first)(void), pfn (*second)(void)) {
  const pfn unused = first();
  pfn used;
  pass(unused);
  flushdep_page_free(unused, 0);
  used = second();
  zero_page(used);
  pass(used);
}
static void one_class(void) { two_lives(alloc_page, alloc_page); }

static int other_class;
static pfn alloc_other(void) {
  pfn page;
  flushdep_class_begin(&other_class, 0);
  page = alloc_page();
  flushdep_class_end();
  return page;
}
static pfn alloc_subclass(void) {
  pfn page;
  flushdep_class_begin(&other_class, 1);
  page = alloc_page();
  flushdep_class_end();
  return page;
}
static void two_classes(void) { two_lives(alloc_page, alloc_other); }
static void two_subclasses(void) { two_lives(alloc_other, alloc_subclass); }
static void one_subclass(void) { two_lives(alloc_subclass, alloc_subclass); }

/* Allocates for others, and is known to; or not. */
FLUSHDEP_WRAPPER static pfn wrapper(void) {
  return flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
}
__attribute__((noinline)) static pfn no_wrapper(void) {
  return flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED);
}
__attribute__((noinline)) static pfn alloc_for_file(void) { return wrapper() + 0; }
__attribute__((noinline)) static pfn alloc_for_pool(void) { return wrapper() + 0; }
__attribute__((noinline)) static pfn alloc_for_file_plainly(void) { return no_wrapper() + 0; }
__attribute__((noinline)) static pfn alloc_for_pool_plainly(void) { return no_wrapper() + 0; }
static void wrapped(void) { two_lives(alloc_for_file, alloc_for_pool); }
static void not_wrapped(void) { two_lives(alloc_for_file_plainly, alloc_for_pool_plainly); }

static const struct {
  const char* name;
  void (*run)(void);
} scenarios[] = {
#define SCENARIO(name) {#name, name}
    SCENARIO(free_it),
    SCENARIO(cancelled),
    SCENARIO(lucky),
    SCENARIO(handed_over),
    SCENARIO(assert_flushed_too_early),
    SCENARIO(assert_flushed),
    SCENARIO(assert_not_mapped_too_early),
    SCENARIO(assert_not_mapped),
    SCENARIO(unchecked),
    SCENARIO(unchecked_scope),
    SCENARIO(checked_again),
    SCENARIO(one_class),
    SCENARIO(two_classes),
    SCENARIO(two_subclasses),
    SCENARIO(one_subclass),
    SCENARIO(wrapped),
    SCENARIO(not_wrapped),
};

int main(int argc, char** argv) {
  size_t i;
  require(flushdep_mermap_prepare(flushdep_mm_current()) == 0);
  for (i = 0; argc == 2 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
    if (strcmp(argv[1], scenarios[i].name) != 0) continue;
    scenarios[i].run();
    return 0;
  }
  fprintf(stderr, "annotations: which scenario?\n");
  return 2;
}
