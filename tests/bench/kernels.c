/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "tests/bench/kernels.h"

#include <string.h>

#define MIN(a, b) ((a) < (b) ? (a) : (b))

/* --- Matrices, n x n, three in a row ----------------------------------------------- */

static size_t side(size_t bytes) {
  size_t n = 8;
  while ((n + 8) * (n + 8) * 3 * sizeof(double) <= bytes && n < 96) n += 8;
  return n;
}
static uint64_t matmul(void* memory, size_t bytes) {
  const size_t n = side(bytes);
  double *a = memory, *b = a + n * n, *c = b + n * n;
  for (size_t i = 0; i < 2 * n * n; i++) a[i] = (double)(i % 7);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
  return (uint64_t)c[n + 1];
}
static uint64_t matmul_tiled(void* memory, size_t bytes) {
  const size_t n = side(bytes), tile = 16;
  double *a = memory, *b = a + n * n, *c = b + n * n;
  for (size_t i = 0; i < 2 * n * n; i++) a[i] = (double)(i % 7);
  memset(c, 0, n * n * sizeof(*c));
  for (size_t ii = 0; ii < n; ii += tile)
    for (size_t kk = 0; kk < n; kk += tile)
      for (size_t i = ii; i < MIN(ii + tile, n); i++)
        for (size_t k = kk; k < MIN(kk + tile, n); k++) {
          const double x = a[i * n + k];
          for (size_t j = 0; j < n; j++) c[i * n + j] += x * b[k * n + j];
        }
  return (uint64_t)c[n + 1];
}

/* --- Sorting ----------------------------------------------------------------------- */

static void sort(uint32_t* v, long lo, long hi) {
  while (lo < hi) {
    const uint32_t pivot = v[(lo + hi) / 2];
    long i = lo, j = hi;
    while (i <= j) {
      while (v[i] < pivot) i++;
      while (v[j] > pivot) j--;
      if (i <= j) {
        const uint32_t t = v[i];
        v[i++] = v[j];
        v[j--] = t;
      }
    }
    if (j - lo < hi - i) {
      sort(v, lo, j);
      lo = i;
    } else {
      sort(v, i, hi);
      hi = j;
    }
  }
}
static uint64_t quicksort(void* memory, size_t bytes) {
  uint32_t* v = memory;
  const size_t n = MIN(bytes / sizeof(*v), 20000);
  uint32_t x = 1;
  for (size_t i = 0; i < n; i++) v[i] = x = x * 1664525u + 1013904223u;
  sort(v, 0, (long)n - 1);
  return v[n / 2];
}

/* --- A list, walked again and again -------------------------------------------------- */

struct node {
  struct node* next;
  uint64_t value;
};
static uint64_t list_walk(void* memory, size_t bytes) {
  struct node* nodes = memory;
  const size_t n = MIN(bytes / sizeof(*nodes), 1000);
  uint64_t sum = 0;
  for (size_t i = 0; i < n; i++) {
    nodes[i].next = i + 1 < n ? &nodes[(i * 7 + 7) % n] : NULL;
    nodes[i].value = i;
  }
  for (int round = 0; round < 50; round++) {
    const struct node* at = nodes;
    for (size_t i = 0; i < n && at != NULL; i++, at = at->next) sum += at->value;
  }
  return sum;
}

/* --- Bytes --------------------------------------------------------------------------- */

static uint64_t byte_xor(void* memory, size_t bytes) {
  uint8_t* v = memory;
  const size_t half = bytes / 2;
  for (int round = 0; round < 8; round++)
    for (size_t i = 0; i < half; i++) v[i] ^= v[half + i];
  return v[half / 2];
}
static uint64_t byte_serial(void* memory, size_t bytes) {
  const uint8_t* v = memory;
  uint32_t a = 1, b = 0;
  for (size_t i = 0; i < bytes; i++) {
    a = (a + v[i]) % 65521;
    b = (b + a) % 65521;
  }
  return (uint64_t)b << 16 | a;
}
static uint64_t hashing(void* memory, size_t bytes) {
  uint64_t* table = memory;
  size_t slots = 64;
  uint64_t found = 0, x = 88172645463325252ull;
  while (slots * 2 * sizeof(*table) <= bytes && slots < 8192) slots *= 2;
  memset(table, 0, slots * sizeof(*table));
  for (size_t i = 0; i < slots * 4; i++) {
    size_t at;
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    const uint64_t key = x % (slots / 2) + 1;
    for (at = key * 0x9e3779b97f4a7c15ull >> 32 & (slots - 1); table[at] != 0 && table[at] != key;)
      at = (at + 1) & (slots - 1);
    found += table[at] == key;
    table[at] = key;
  }
  return found;
}
static uint64_t copying(void* memory, size_t bytes) {
  char* v = memory;
  const size_t half = bytes / 2;
  for (int round = 0; round < 16; round++)
    for (size_t at = 0; at + 4096 <= half; at += 4096) memcpy(v + at, v + half + at, 4096);
  return (uint64_t)v[half / 2];
}

const struct kernel kernels[] = {
    {"matmul", 0, matmul},       {"matmul_tiled", 1, matmul_tiled}, {"quicksort", 0, quicksort},
    {"list_walk", 0, list_walk}, {"byte_xor", 1, byte_xor},         {"byte_serial", 0, byte_serial},
    {"hashing", 0, hashing},     {"copying", 1, copying},
};
const size_t num_kernels = sizeof(kernels) / sizeof(kernels[0]);
