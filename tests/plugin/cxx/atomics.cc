// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The library's atomics, as flags that say whether a flush is owed.
#include "mm.h"

#include <atomic>

std::atomic<bool> stale;
std::atomic<int> count;

void good_stored(page* page) {
  mermap_alloc* map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
  if (map) {
    stale.store(true);
    mermap_put(map);
  }
  if (stale.load()) flush_tlb_all();
  __free_page(page);
}

void bad_stored(page* page) {
  mermap_alloc* map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
  if (map) {
    stale.store(false);
    mermap_put(map);
  }
  if (stale.load()) flush_tlb_all();
  __free_page(page);  // expected-warning {{[FD001 unflushed-free]}}
}

void good_exchanged(page* page) {
  mermap_alloc* map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
  if (map) {
    count = 1;
    mermap_put(map);
  }
  if (count.exchange(0)) flush_tlb_all();
  __free_page(page);
}

void bad_exchanged(page* page) {
  mermap_alloc* map = mermap_get(page, PAGE_SIZE, PAGE_KERNEL);
  if (map) mermap_put(map);
  if (count.exchange(0)) flush_tlb_all();
  __free_page(page);  // expected-warning {{[FD001 unflushed-free]}}
}
