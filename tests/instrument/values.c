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

/* --- Passed by value ---------------------------------------------------------------- */

struct large {
  long a[4];
};
struct huge {
  int a[100];
  long double d;
};
static __attribute__((noinline)) long take(struct large s) {
  s.a[1] += 3;
  return s.a[0] + s.a[1] * 3 + s.a[3] * 5;
}
static __attribute__((noinline)) long take_both(struct huge a, long between, struct huge b) {
  return a.a[3] - b.a[99] * 7 + between + (long)a.d;
}
static __attribute__((noinline)) long take_any(int count, ...) {
  va_list list, again;
  long sum = 0;
  va_start(list, count);
  va_copy(again, list);
  for (int i = 0; i < count; i++) sum = sum * 3 + take(va_arg(list, struct large));
  for (int i = 0; i < count; i++) sum = sum * 3 + va_arg(again, struct large).a[2];
  va_end(again);
  va_end(list);
  return sum;
}
static struct huge* huge_at(char* p) {
  struct huge* s = (struct huge*)p;
  s->d = 5.25L;
  return s;
}
VALUE(by_value) { return take(*(struct large*)(p + 64)) - take(*(struct large*)(p + PAGE - 8)); }
VALUE(two_by_value) {
  struct huge* a = huge_at(p + PAGE - 64);
  return take_both(*a, 9, *huge_at(p + 48)) + take_both(*a, 7, *a);
}
VALUE(by_value_in_a_loop) {
  long sum = 0;
  for (unsigned i = 0; i < BYTES / sizeof(long) - 4; i++)
    sum = sum * 5 + take(*(struct large*)(p + i * sizeof(long)));
  return sum;
}
VALUE(by_value_through_a_pointer) {
  long (*volatile through)(struct large) = take;
  return through(*(struct large*)(p + PAGE - 16));
}
VALUE(by_value_at_the_end) { return take(*(struct large*)(p + PAGE - 24)); }
VALUE(by_value_among_others) {
  return take_any(3, *(struct large*)p, *(struct large*)(p + PAGE - 8), *(struct large*)(p + 32));
}
VALUE(by_value_or_own) {
  struct large own = {{1, 2, 3, 4}};
  return take(*(p[0] & 1 ? &own : (struct large*)(p + PAGE - 8))) +
         take(*(p[1] & 1 ? &own : (struct large*)(p + PAGE - 8)));
}
static __attribute__((noinline)) struct huge make(int from) {
  struct huge s = {{from, from + 1}, from};
  return s;
}
VALUE(returned) {
  struct huge* s = (struct huge*)(p + PAGE - 128);
  *s = make(p[5]);
  return s->a[1] + (long)s->d;
}
/* A list of arguments that is itself in simulated memory, for as long as the call takes. */
static __attribute__((noinline)) long list_in(char* p, ...) {
  va_list* list = (va_list*)(p + PAGE - 8);
  va_list* copy = (va_list*)(p + PAGE + 64);
  long sum;
  va_start(*list, p);
  va_copy(*copy, *list);
  sum = va_arg(*list, long) + take(va_arg(*list, struct large)) + va_arg(*copy, long) * 3;
  va_end(*copy);
  va_end(*list);
  /* Addresses of the stack. */
  memset(list, 0, sizeof(*list));
  memset(copy, 0, sizeof(*copy));
  return sum;
}
VALUE(list) { return list_in(p, 5l, *(struct large*)(p + 8)); }

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
