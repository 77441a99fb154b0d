/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Accesses of each kind and width, within a page and over the edge of two, to memory of each kind
 * that must be reported, and to such that must not. Prints what it expects, one line each:
 *
 *   RULE VA SIZE LINE FUNCTION
 *
 * Each function below is one place in the code; each is used for each rule, twice, so that a place
 * that is reported more than once shows. Results are used, so that no access goes away.
 */
#include <flushdep.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SINK(value) __asm__ volatile("" : : "r"(&(value)) : "memory")

/* --- Places ---------------------------------------------------------------------- */

struct place {
  const char* name;
  void (*access)(char* p);
  int line;
  unsigned width;
  unsigned unit; /* that is judged at once: all of it, or a byte */
  int over;      /* over the edge of two pages */
};
extern const struct place __start_grid_places[], __stop_grid_places[];

#define PLACE(name, width, unit, over, body)                                        \
  static __attribute__((noinline)) void name(char* p) body                          \
  static const struct place name##_place                                            \
      __attribute__((used, section("grid_places"))) = {#name, name, __LINE__, width, unit, over};

/* On one line twice: inside a page, and over its end. */
#define BOTH(kind, width, body)                \
  PLACE(kind##width##_in, width, width, 0, body) \
  PLACE(kind##width##_over, width, width, 1, body)
#define BY_BYTES(kind, width, body)        \
  PLACE(kind##width##_in, width, 1, 0, body) \
  PLACE(kind##width##_over, width, 1, 1, body)
#define INSIDE(kind, width, body) PLACE(kind##width##_in, width, width, 0, body)

typedef uint8_t b1;
typedef uint16_t b2 __attribute__((aligned(1), may_alias));
typedef uint32_t b4 __attribute__((aligned(1), may_alias));
typedef uint64_t b8 __attribute__((aligned(1), may_alias));
typedef uint8_t b16 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint8_t b32 __attribute__((vector_size(32), aligned(1), may_alias));
typedef uint8_t b64 __attribute__((vector_size(64), aligned(1), may_alias));

/* clang-format off: each on a line of its own */
INSIDE(load, 1, { b1 v = *(b1*)p; SINK(v); })
BOTH(load, 2, { b2 v = *(b2*)p; SINK(v); })
INSIDE(update, 8, { (*(uint64_t*)p)++; })
BOTH(load, 4, { b4 v = *(b4*)p; SINK(v); })
BOTH(load, 8, { b8 v = *(b8*)p; SINK(v); })
BOTH(load, 16, { b16 v = *(b16*)p; SINK(v); })
BOTH(load, 32, { b32 v = *(b32*)p; SINK(v); })
BOTH(load, 64, { b64 v = *(b64*)p; SINK(v); })

/* Aligned to less than their size, and taken as such. */
typedef uint8_t h32 __attribute__((vector_size(32), aligned(16), may_alias));
typedef uint8_t h64 __attribute__((vector_size(64), aligned(32), may_alias));
BOTH(half_load, 32, { h32 v = *(h32*)p; SINK(v); })
BOTH(half_load, 64, { h64 v = *(h64*)p; SINK(v); })
BOTH(half_store, 32, { *(h32*)p = (h32){32}; })
BOTH(half_store, 64, { *(h64*)p = (h64){64}; })

INSIDE(store, 1, { *(b1*)p = 1; })
BOTH(store, 2, { *(b2*)p = 2; })
BOTH(store, 4, { *(b4*)p = 4; })
BOTH(store, 8, { *(b8*)p = 8; })
BOTH(store, 16, { *(b16*)p = (b16){16}; })
BOTH(store, 32, { *(b32*)p = (b32){32}; })
BOTH(store, 64, { *(b64*)p = (b64){64}; })

#define ORDER __ATOMIC_SEQ_CST
INSIDE(atomic_load, 1, { uint8_t v = __atomic_load_n((uint8_t*)p, ORDER); SINK(v); })
INSIDE(atomic_load, 2, { uint16_t v = __atomic_load_n((uint16_t*)p, ORDER); SINK(v); })
INSIDE(atomic_load, 4, { uint32_t v = __atomic_load_n((uint32_t*)p, ORDER); SINK(v); })
INSIDE(atomic_load, 8, { uint64_t v = __atomic_load_n((uint64_t*)p, ORDER); SINK(v); })
INSIDE(atomic_store, 4, { __atomic_store_n((uint32_t*)p, 1, ORDER); })
INSIDE(atomic_store, 8, { __atomic_store_n((uint64_t*)p, 1, __ATOMIC_RELEASE); })
INSIDE(atomic_add, 1, { uint8_t v = __atomic_fetch_add((uint8_t*)p, 1, ORDER); SINK(v); })
INSIDE(atomic_add, 4, { uint32_t v = __atomic_fetch_add((uint32_t*)p, 1, ORDER); SINK(v); })
INSIDE(atomic_add, 8, { uint64_t v = __atomic_fetch_add((uint64_t*)p, 1, ORDER); SINK(v); })
INSIDE(exchange, 4, { uint32_t was = 1; int v = __atomic_compare_exchange_n((uint32_t*)p, &was, 2, 0, ORDER, ORDER); SINK(v); })
INSIDE(exchange, 8, { uint64_t was = 1; int v = __atomic_compare_exchange_n((uint64_t*)p, &was, 2, 0, ORDER, ORDER); SINK(v); })

/* Of a length that is known, and of one that is not. */
static char g_bytes[256], g_zeros[256];
static volatile size_t g_length;
BOTH(copy_from, 3, { memcpy(g_bytes, p, 3); SINK(g_bytes); })
BOTH(copy_from, 24, { memcpy(g_bytes, p, 24); SINK(g_bytes); })
BOTH(copy_from, 200, { memcpy(g_bytes, p, 200); SINK(g_bytes); })
BOTH(copy_to, 3, { memcpy(p, g_bytes, 3); })
BOTH(copy_to, 24, { memcpy(p, g_bytes, 24); })
BOTH(copy_to, 200, { memcpy(p, g_bytes, 200); })
BOTH(copy_n_from, 40, { memcpy(g_bytes, p, g_length); SINK(g_bytes); })
BOTH(copy_n_to, 40, { memmove(p, g_bytes, g_length); })
BOTH(fill, 24, { memset(p, 1, 24); })
BOTH(fill_n, 40, { memset(p, 1, g_length); })
BY_BYTES(compare_n, 40, { int v = memcmp(p, g_zeros, g_length); SINK(v); })
PLACE(text8_in, 8, 1, 0, { size_t v = strnlen(p, 8); SINK(v); })
/* What is passed by value; the callee has it on the stack. */
typedef struct { uint64_t of[4]; } s32;
typedef struct { uint64_t of[26]; } s208;
static __attribute__((noinline)) void take_32(s32 s) { SINK(s); }
static __attribute__((noinline)) void take_208(long before, s208 s) { SINK(before); SINK(s); }
static __attribute__((noinline)) void take_any(int count, ...) { va_list list; va_start(list, count); SINK(list); va_end(list); }
BOTH(by_value, 32, { take_32(*(s32*)p); })
BOTH(by_value, 208, { take_208(1, *(s208*)p); })
BOTH(among_others, 32, { take_any(2, 1, *(s32*)p); })
PLACE(copied_list_in, 24, 24, 0, { va_list list; va_copy(list, *(va_list*)p); SINK(list); })
INSIDE(assembly, 8, { uint64_t v; __asm__ volatile("movq %1, %0" : "=r"(v) : "m"(*(uint64_t*)p)); SINK(v); })
/* Vectors of which some lanes are accessed, where the processor has such. Without, the loop is made
 * of an access a lane, each a place of its own on one line. */
#ifdef __AVX2__
static volatile int g_take[16] = {1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1};
#define LANES _Pragma("clang loop vectorize_width(8) interleave_count(1) unroll(disable)") for (int i = 0; i < 16; i++)
#define TAKE int take[16]; for (int i = 0; i < 16; i++) take[i] = g_take[i]
#define IN_LANES(kind, body)              \
  PLACE(kind##64_in, 64, 4, 0, body)  \
  PLACE(kind##64_over, 64, 4, 1, body)
IN_LANES(masked_load, { const int* v = (const int*)p; int sum = 0; TAKE; LANES if (take[i]) sum += v[i]; SINK(sum); })
IN_LANES(masked_store, { int* v = (int*)p; TAKE; LANES if (take[i]) v[i] = i; })
#endif
/* clang-format on */

/* --- Memory ---------------------------------------------------------------------- */

static sigjmp_buf g_back;
static void oops(void* arg) { (void)arg; siglongjmp(g_back, 1); }

static void attempt(const struct place* place, char* p) {
  flushdep_oops_set_handler(oops, NULL);
  if (sigsetjmp(g_back, 1) == 0) place->access(p);
}

/* `from`: the first byte that is wrong. */
static void expect(const struct place* place, const char* rule, char* p, char* from) {
  const size_t left = 4096 - (uintptr_t)from % 4096, rest = (size_t)(p + place->width - from);
  size_t size = rest < left ? rest : left;
  if (place->unit < place->width) size = place->unit;
  attempt(place, p);
  attempt(place, p);
  printf("%s 0x%lx %zu %d %s\n", rule, (unsigned long)from, size, place->line, place->name);
}

static void require(int condition, const char* what) {
  if (condition) return;
  fprintf(stderr, "grid: %s\n", what);
  exit(3);
}

/* An address in the first page, so that the access is within it or over its end. */
static char* inside(const struct place* place, char* page) {
  return place->over ? page + 4096 - (place->width + 1) / 2 : page + 64;
}

static flushdep_mapping* map_two(flushdep_pfn_t* pfn) {
  flushdep_mapping* map;
  *pfn = flushdep_page_alloc(1, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO);
  require(*pfn != FLUSHDEP_PFN_NONE, "no pages");
  map = flushdep_mermap_get(*pfn, 8192, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  require(map != NULL, "no mapping");
  return map;
}

static void stale(const struct place* place) {
  flushdep_pfn_t pfn;
  flushdep_mapping* map = map_two(&pfn);
  char* page = flushdep_mermap_addr(map);
  attempt(place, inside(place, page));
  flushdep_mermap_put(map);
  expect(place, "FD008", inside(place, page), inside(place, page));
  flushdep_flush_all();
  flushdep_page_free(pfn, 1);
}

static void foreign(const struct place* place) {
  flushdep_pfn_t pfn;
  flushdep_mapping* map;
  char* page;
  unsigned home = flushdep_cpu_current();
  map = map_two(&pfn);
  page = flushdep_mermap_addr(map);
  flushdep_migrate_enable();
  require(flushdep_cpu_migrate((home + 1) % flushdep_cpu_count()) == 0, "no migration");
  expect(place, "FD009", inside(place, page), inside(place, page));
  require(flushdep_cpu_migrate(home) == 0, "no migration back");
  flushdep_migrate_disable();
  flushdep_mermap_put(map);
  flushdep_flush_all();
  flushdep_page_free(pfn, 1);
}

static void unmapped(const struct place* place) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(1, FLUSHDEP_ALLOC_ZERO);
  char* page = flushdep_page_address(pfn);
  const uintptr_t start = (uintptr_t)page;
  require(pfn != FLUSHDEP_PFN_NONE, "no pages");
  attempt(place, inside(place, page));
  /* The second of the two. */
  require(flushdep_direct_map_set(pfn + 1, 1, false) == 0, "direct map");
  flushdep_flush_kernel_range(start + 4096, start + 8192);
  if (place->over)
    expect(place, "FD010", inside(place, page), page + 4096);
  else
    expect(place, "FD010", page + 4096 + 64, page + 4096 + 64);
  require(flushdep_direct_map_set(pfn + 1, 1, true) == 0, "direct map");
  flushdep_page_free(pfn, 1);
}

/* --- What is not executed is no access ------------------------------------------- */

static volatile int g_never;
static __attribute__((noinline)) long conditional(int c, const long* v) {
  long r = 3;
  if (c) r = *v;
  return r;
}
static __attribute__((noinline)) int conditional_sum(const int* take, const int* v) {
  int i, sum = 0;
  for (i = 0; i < 64; i++)
    if (take[i]) sum += v[i];
  return sum;
}
static __attribute__((noinline)) long ternary(int c, const long* v, const long* w) {
  return c ? *v : *w;
}
/* A place that was right before a call, and is not behind it. */
static __attribute__((noinline)) void before_and_behind_in(const long* v, void (*call)(void)) {
  long sum = *v;
  SINK(sum);
  call();
  sum = *v;
  SINK(sum);
}
enum { BEHIND_LINE = __LINE__ - 3 };
static flushdep_mapping* g_map;
static __attribute__((noinline)) void put_it(void) { flushdep_mermap_put(g_map); }
static void behind_a_call(void) {
  flushdep_pfn_t pfn;
  const long* v;
  g_map = map_two(&pfn);
  v = flushdep_mermap_addr(g_map);
  flushdep_oops_set_handler(oops, NULL);
  if (sigsetjmp(g_back, 1) == 0) before_and_behind_in(v, put_it);
  printf("FD008 0x%lx 8 %d before_and_behind_in\n", (unsigned long)v, BEHIND_LINE);
  flushdep_flush_all();
  flushdep_page_free(pfn, 1);
}

static void not_executed(void) {
  static int nothing[64];
  flushdep_pfn_t pfn;
  flushdep_mapping* map = map_two(&pfn);
  const long* v = flushdep_mermap_addr(map);
  long own = 5, result;
  flushdep_mermap_put(map);
  result = conditional(g_never, v) + conditional_sum(nothing, (const int*)v) + ternary(g_never, v, &own);
  require(result == 8, "a wrong result");
  flushdep_flush_all();
  flushdep_page_free(pfn, 1);
}

int main(void) {
  const struct place* place;
  setvbuf(stdout, NULL, _IOLBF, 0);
  require(flushdep_mermap_prepare(flushdep_mm_current()) == 0, "mermap");
  g_length = 40;
  not_executed();
  behind_a_call();
  for (place = __start_grid_places; place < __stop_grid_places; place++) {
    stale(place);
    foreign(place);
    unmapped(place);
  }
  return 0;
}
