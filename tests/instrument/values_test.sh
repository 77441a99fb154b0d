#!/bin/bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What instrumented code computes is what it would without (values.c), with LTO and without; and
# what the pass makes is valid to LLVM, which looks at it closely only if it is asked to.
source "$(dirname "$0")/../live/common.sh"
from=$here/../instrument

values=$(grep -c '^VALUE(' "$from/values.c")
for level in -O0 -O1 -O2 -O3; do
  for lto in "" -flto -flto=thin "-flto=thin -fuse-ld=lld"; do
    # shellcheck disable=SC2086 # several words
    build $level $lto --flushdep-no-static "$from/values.c" -o values
    for backend in mmu model; do
      with "backend=$backend" ./values
      expect_status 0
      expect_out "values: $values"
      expect_reports 0
    done
  done
done

# Checks that LTO inlines into a function that had none, and keeps its own below the stack pointer.
cat >get.c <<'GET'
long get(const long* p) { return *p; }
GET
cat >leaf.c <<'LEAF'
#include <flushdep.h>
#include <stdio.h>
long get(const long* p);
static __attribute__((noinline)) long leaf(const long* p) {
  volatile long own[8];
  long sum = 0;
  for (int i = 0; i < 8; i++) own[i] = i + 5;
  for (int i = 0; i < 8; i++) sum += own[i] * get(p + i);
  return sum;
}
int main(void) {
  const flushdep_pfn_t pfn = flushdep_page_alloc(0, 0);
  flushdep_mapping* map;
  long* p;
  flushdep_mermap_prepare(flushdep_mm_current());
  map = flushdep_mermap_get(pfn, 4096, FLUSHDEP_MAP_READ | FLUSHDEP_MAP_WRITE);
  p = flushdep_mermap_addr(map);
  for (int i = 0; i < 8; i++) flushdep_store(p + i, (uint64_t)i * 3 + 1, sizeof(long));
  printf("leaf: %ld\n", leaf(p));
  flushdep_mermap_put(map);
  flushdep_flush_all();
  flushdep_page_free(pfn, 0);
  return 0;
}
LEAF
for frame in -fno-omit-frame-pointer -fomit-frame-pointer; do
  build -O2 -flto $frame -c get.c -o get.o
  build -O2 -flto $frame --flushdep-no-instrument -c leaf.c -o leaf.o
  build -O2 -flto get.o leaf.o -o leaf
  for backend in mmu model; do
    with "backend=$backend" ./leaf
    expect_status 0
    expect_out "leaf: 908"
  done
done

for level in -O0 -O1 -O2 -Oz "-O3 -mavx2" "-O3 -mavx512f -mprefer-vector-width=512"; do
  for source in calls grid library loops repeats values; do
    # shellcheck disable=SC2086 # several words
    build $level --flushdep-no-static -emit-llvm -c "$from/$source.c" -o code.bc
    run /usr/lib/llvm-19/bin/opt -passes=verify -disable-output code.bc
    expect_status 0
    expect_silent
  done
done
finish
