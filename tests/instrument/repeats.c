/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * One line that the compiler makes several instructions of: a loop that is unrolled and has a
 * vector's body and a scalar rest, and a helper that is inlined twice. Each is one mistake.
 */
#include <flushdep.h>
#include <stdio.h>

static __attribute__((noinline)) unsigned sum_of(const unsigned char* bytes, size_t n) {
  unsigned sum = 0;
  for (size_t i = 0; i < n; i++) sum += bytes[i];
  return sum;
}

static inline __attribute__((always_inline)) int flag_of(const int* words, size_t i) {
  return words[i] & 1;
}
int first(const int* words); /* not static: no other arguments are made for them */
int second(const int* words);
__attribute__((noinline)) int first(const int* words) { return flag_of(words, 0); }
__attribute__((noinline)) int second(const int* words) { return flag_of(words, 1) + 1; }

/* Two mistakes in one line. */
static __attribute__((noinline)) void move(int* words) { words[2] = words[900]; }

int main(void) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(0, FLUSHDEP_ALLOC_UNMAPPED | FLUSHDEP_ALLOC_ZERO);
  const unsigned home = flushdep_cpu_current();
  flushdep_mapping* map;
  void* page;
  if (flushdep_mermap_prepare(flushdep_mm_current()) != 0) return 3;
  map = flushdep_mermap_get(pfn, 4096, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  if (map == NULL) return 3;
  page = flushdep_mermap_addr(map);
  flushdep_migrate_enable();
  if (flushdep_cpu_migrate((home + 1) % flushdep_cpu_count()) != 0) return 3;
  printf("%u\n", sum_of(page, 4096) + sum_of(page, 1001));
  printf("%d\n", first(page) + second(page));
  move(page);
  if (flushdep_cpu_migrate(home) != 0) return 3;
  flushdep_migrate_disable();
  flushdep_mermap_put(map);
  flushdep_flush_all();
  flushdep_page_free(pfn, 0);
  return 0;
}
