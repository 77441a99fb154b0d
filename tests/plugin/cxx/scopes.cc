// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What ends with a scope or an expression, and code inside of other code.
#include "mm.h"

struct Flusher {
  ~Flusher() { flush_tlb_all(); }
};
struct HasFlusher {
  Flusher flusher;
};
struct Other {
  ~Other();
  int n;
};
struct Pair {
  page* a;
  page* b;
};
mermap_alloc* Next();

static void MapOnce(page* p) {
  if (auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL)) mermap_put(map);
}

void GoodTemporary(page* p) {
  mermap_alloc* map{mermap_get(p, PAGE_SIZE, PAGE_KERNEL)};
  if (map) mermap_put(map);
  (void)Flusher();
  __free_page(p);
}

void BadTemporary(page* p) {
  mermap_alloc* map{mermap_get(p, PAGE_SIZE, PAGE_KERNEL)};
  if (map) mermap_put(map);
  (void)Other{1}.n;
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodConditionalTemporary(page* p, bool here) {
  mermap_alloc* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  if (map) mermap_put(map);
  here ? (void)Flusher() : flush_tlb_all();
  __free_page(p);
}

void BadConditionalTemporary(page* p, bool here) {
  mermap_alloc* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  if (map) mermap_put(map);
  here ? (void)Other{1}.n : consume(p);
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodMember(page* p) {
  {
    HasFlusher scope;
    mermap_alloc* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
    if (map) mermap_put(map);
  }
  __free_page(p);
}

void GoodDelete(page* p, HasFlusher* scope) {
  mermap_alloc* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  if (map) mermap_put(map);
  delete scope;
  __free_page(p);
}

void BadDelete(page* p, Other* scope) {
  mermap_alloc* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  if (map) mermap_put(map);
  delete scope;
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodBinding(Pair pair) {
  auto [a, b] = pair;
  mermap_alloc* map = mermap_get(a, PAGE_SIZE, PAGE_KERNEL);
  if (map) mermap_put(map);
  __free_page(b);
}

void BadBinding(Pair pair) {
  auto [a, b] = pair;
  mermap_alloc* map = mermap_get(a, PAGE_SIZE, PAGE_KERNEL);
  if (map) mermap_put(map);
  __free_page(a);  // expected-warning {{[FD001}}
}

void GoodInLambda(page* page_outside) {
  auto flush = [] { flush_tlb_all(); };
  auto drop = [&](page* p) {
    mermap_alloc* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
    if (map) mermap_put(map);
    flush();
    __free_page(p);
  };
  drop(page_outside);
}

void BadInLambda(page* page_outside) {
  auto drop = [](auto* p) {
    mermap_alloc* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
    if (map) mermap_put(map);
    __free_page(p);  // expected-warning {{[FD001}}
  };
  drop(page_outside);
}

void GoodCaptured() {
  mermap_alloc* map = Next();
  auto next = [&] { map = Next(); };
  mermap_put(map);
  next();
  mermap_put(map);
}

void BadCopied(page* p) {
  mermap_alloc* map = Next();
  auto use = [=] { consume(p); };
  mermap_put(map);
  use();
  mermap_put(map);  // expected-warning {{mapping 'map' is put twice}}
}

void BadInLocalClass(page* page_outside) {
  struct Local {
    static void Drop(page* p) {
      mermap_alloc* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
      if (map) mermap_put(map);
      __free_page(p);  // expected-warning {{[FD001}}
    }
    static void Flush(page* p) {
      MapOnce(p);
      flush_tlb_all();
      __free_page(p);
    }
  };
  Local::Drop(page_outside);
}
