/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Loops over several pages: first all of them are good, and the results are what they are on memory
 * of the host; then one page in the middle is bad, and the loop must be reported when it comes by
 * there, though all of its pages were good before. Prints what it expects, one line each:
 *
 *   RULE PAGE FUNCTION
 */
#include <flushdep.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096ul
#define PAGES 4ul
#define INTS (PAGES * PAGE / sizeof(int))

struct loop {
  const char* name;
  long (*run)(int* v, int* other, size_t n);
};
extern const struct loop __start_loops[], __stop_loops[];

#define LOOP(name)                                                \
  static __attribute__((noinline)) long name(int*, int*, size_t); \
  static const struct loop name##_loop                            \
      __attribute__((used, section("loops"))) = {#name, name};    \
  static __attribute__((noinline)) long name(int* v, int* other, size_t n)

/* --- Each comes by every page of v; `other` is the host's ---------------------------- */

LOOP(loop_up) {
  long sum = 0;
  (void)other;
  for (size_t i = 0; i < n; i++) sum += v[i];
  return sum;
}
LOOP(loop_down) {
  long sum = 0;
  (void)other;
  for (size_t i = n; i-- > 0;) sum = sum * 3 + v[i];
  return sum;
}
LOOP(loop_store) {
  (void)other;
  for (size_t i = 0; i < n; i++) v[i] = (int)i * 5;
  return v[7];
}
LOOP(loop_update) {
  (void)other;
  for (size_t i = 0; i < n; i++) v[i] ^= (int)i;
  return v[n - 1];
}
LOOP(loop_by_threes) {
  long sum = 0;
  (void)other;
  for (size_t i = 0; i + 2 < n; i += 3) sum += v[i] - v[i + 2];
  return sum;
}
LOOP(loop_to_host) {
  for (size_t i = 0; i < n; i++) other[i] = v[i] + 1;
  return other[n / 2];
}
LOOP(loop_from_host) {
  for (size_t i = 0; i < n; i++) v[i] = other[i] - 1;
  return v[n / 2];
}
LOOP(loop_of_bytes) {
  long sum = 0;
  (void)other;
  for (size_t i = 0; i < n * sizeof(*v); i++) sum = sum * 7 + ((unsigned char*)v)[i];
  return sum;
}
/* Steps that only the running program knows. */
static volatile size_t g_step = 32;
LOOP(loop_by_columns) {
  const size_t step = g_step, rows = n / step;
  long sum = 0;
  (void)other;
  for (size_t column = 0; column < step; column++)
    for (size_t row = 0; row < rows; row++) sum += v[row * step + column];
  return sum;
}
LOOP(loop_by_negative_step) {
  const long step = -(long)g_step;
  long sum = 0;
  (void)other;
  for (long i = (long)n - 1; i >= 0; i += step) sum += v[i];
  return sum;
}
/* Whose end only their data know. */
LOOP(loop_until_found) {
  size_t i = 0;
  (void)other;
  v[n - 1] = 77777;
  while (v[i] != 77777) i++;
  return (long)i;
}
LOOP(loop_of_loops) {
  long sum = 0;
  (void)other;
  for (size_t row = 0; row < n; row += 256)
    for (size_t i = row; i < row + 256; i++) sum = sum * 3 + v[i];
  return sum;
}
LOOP(loop_from_both_ends) {
  (void)other;
  for (size_t i = 0, j = n - 1; i < j; i++, j--) {
    const int t = v[i];
    v[i] = v[j];
    v[j] = t;
  }
  return v[3];
}

/* --- Running them ----------------------------------------------------------------- */

static sigjmp_buf g_back;
static void oops(void* arg) {
  (void)arg;
  siglongjmp(g_back, 1);
}
static void require(int condition, const char* what) {
  if (condition) return;
  fprintf(stderr, "loops: %s\n", what);
  exit(3);
}

static int g_host[INTS], g_other[INTS], g_other_too[INTS];
static void fill(int* v, int* other) {
  for (size_t i = 0; i < INTS; i++) {
    v[i] = (int)(i * 2654435761u >> 7);
    other[i] = (int)i * 11;
  }
}

static void good(const struct loop* loop, int* v) {
  long expected, got;
  fill(g_host, g_other);
  expected = loop->run(g_host, g_other, INTS);
  fill(v, g_other_too);
  got = loop->run(v, g_other_too, INTS);
  require(expected == got, loop->name);
  require(memcmp(v, g_host, sizeof(g_host)) == 0, loop->name);
  require(memcmp(g_other, g_other_too, sizeof(g_other)) == 0, loop->name);
}

static void bad(const struct loop* loop, int* v, const char* rule, unsigned long page) {
  flushdep_oops_set_handler(oops, NULL);
  if (sigsetjmp(g_back, 1) == 0) loop->run(v, g_other, INTS);
  printf("%s 0x%lx %s\n", rule, page, loop->name);
}

static void absent(const struct loop* loop) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(2, 0);
  int* v = flushdep_page_address(pfn);
  const uintptr_t page = (uintptr_t)v + 2 * PAGE;
  require(pfn != FLUSHDEP_PFN_NONE, "no pages");
  good(loop, v);
  good(loop, v);
  require(flushdep_direct_map_set(pfn + 2, 1, false) == 0, "direct map");
  flushdep_flush_kernel_range(page, page + PAGE);
  bad(loop, v, "FD010", page);
  require(flushdep_direct_map_set(pfn + 2, 1, true) == 0, "direct map");
  good(loop, v);
  flushdep_page_free(pfn, 2);
}

static void stale(const struct loop* loop) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(2, FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* map =
      flushdep_mermap_get(pfn, PAGES * PAGE, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  int* v;
  require(map != NULL, "no mapping");
  v = flushdep_mermap_addr(map);
  good(loop, v);
  flushdep_mermap_put(map);
  /* The first page that it comes by, as long as nothing is mapped there. */
  bad(loop, v, "FD008", 0);
  flushdep_flush_all();
  flushdep_page_free(pfn, 2);
}

int main(void) {
  const struct loop* loop;
  setvbuf(stdout, NULL, _IOLBF, 0);
  require(flushdep_mermap_prepare(flushdep_mm_current()) == 0, "mermap");
  for (loop = __start_loops; loop < __stop_loops; loop++) {
    absent(loop);
    stale(loop);
  }
  return 0;
}
