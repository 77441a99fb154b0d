/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Code that comes to the same, in what it returns and in what it leaves in memory, whether it works
 * on memory of the host or of the simulated machine. Each function is given two pages, and goes
 * over the edge between them where it can. Prints how many there are.
 */
#include <complex.h>
#include <flushdep.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define PAGE 4096ul
#define BYTES (2 * PAGE)

struct value {
  const char* name;
  long (*run)(char* p);
};
extern const struct value __start_values[], __stop_values[];

#define VALUE(name)                                                                                \
  static __attribute__((noinline)) long name(char*);                                               \
  static const struct value name##_value __attribute__((used, section("values"))) = {#name, name}; \
  static __attribute__((noinline)) long name(char* p)

/* --- Stores that may be over the edge of two pages ---------------------------------- */

VALUE(flags) {
  _Bool* flag = (_Bool*)p;
  long sum = 0;
  for (int i = 0; i < 300; i++) flag[i] = i & 2;
  for (int i = 0; i < 300; i++) sum += flag[i];
  return sum;
}
struct packed {
  char c;
  int i;
  short s;
  long l;
} __attribute__((packed));
VALUE(packed_fields) {
  long sum = 0;
  for (unsigned at = 4080; at < 4100; at++) {
    struct packed* s = (struct packed*)(p + at);
    s->i = 7 + (int)at;
    s->l += s->i;
    s->s = (short)s->l;
    sum += s->l + s->s + s->i;
  }
  return sum;
}
VALUE(long_doubles) {
  long double* v = (long double*)p;
  complex double* c = (complex double*)(p + PAGE - 8);
  v[0] = 3.5L;
  v[1] = v[0] * 2;
  *c = 1 + 2 * I;
  *c *= *c;
  return (long)v[1] + (long)creal(*c) * 3 + (long)cimag(*c) * 5;
}
VALUE(wide_text) {
  wchar_t* w = (wchar_t*)(p + PAGE - 40);
  long n = 0;
  for (int i = 0; i < 20; i++) w[i] = L'a' + i;
  w[20] = 0;
  while (*w++) n++;
  return n;
}
VALUE(halves) {
  unsigned* v = (unsigned*)p;
  for (int i = 0; i < 1024; i++) v[i] = v[i] > v[i + 1024] ? v[i] - v[i + 1024] : v[i + 1024];
  return v[9];
}

/* --- Running them ------------------------------------------------------------------- */

static char g_host[BYTES] __attribute__((aligned(4096)));

int main(void) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(1, 0);
  const struct value* value;
  int failed = 0, run = 0;
  if (pfn == FLUSHDEP_PFN_NONE || flushdep_mermap_prepare(flushdep_mm_current()) != 0) return 3;
  for (value = __start_values; value < __stop_values; value++, run++) {
    flushdep_mapping* map = flushdep_mermap_get(pfn, BYTES, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
    char* p = flushdep_mermap_addr(map);
    long expected, got;
    for (unsigned i = 0; i < BYTES; i++)
      p[i] = g_host[i] = (char)((i * 31 + (unsigned)run) % 97 + 1);
    expected = value->run(g_host);
    got = value->run(p);
    if (got != expected || memcmp(p, g_host, BYTES) != 0) {
      printf("%s: %ld, not %ld\n", value->name, got, expected);
      failed = 1;
    }
    flushdep_mermap_put(map);
  }
  printf("values: %d\n", run);
  flushdep_flush_all();
  flushdep_page_free(pfn, 1);
  return failed;
}
