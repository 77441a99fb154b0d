// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lambdas: what they capture, by reference and by copy, and what they do where they are called.
#include "mm.h"

void BadPutInside(page* p) {
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  auto put = [&] { mermap_put(map); };
  put();
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodPutAndFlushInside(page* p) {
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  auto put = [&] {
    mermap_put(map);
    flush_tlb_all();
  };
  put();
  __free_page(p);
}

void GoodNotCalled(page* p) {
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  auto free = [&] { __free_page(p); };
  mermap_put(map);
  (void)free;
}

void BadCopied(page* p, page* other) {
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  auto free = [p] { __free_page(p); };  // expected-warning {{[FD001 unflushed-free]}}
  p = other;
  mermap_put(map);
  free();
}

void GoodByReference(page* p, page* other) {
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  auto free = [&p] { __free_page(p); };
  p = other;
  mermap_put(map);
  free();
}

void BadFlagByCopy(page* p) {
  bool flush = false;
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  auto finish = [flush, map] {
    mermap_put(map);
    if (flush) flush_tlb_all();
  };
  flush = true;
  finish();
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodFlagByReference(page* p) {
  bool flush = false;
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  auto finish = [&flush, map] {
    mermap_put(map);
    if (flush) flush_tlb_all();
  };
  flush = true;
  finish();
  __free_page(p);
}

template <typename F>
static void Twice(F what) {
  what();
  what();
}

void BadTwice(page* p) {
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  Twice([&] { mermap_put(map); });  // expected-warning {{mapping 'map' is put twice}}
}

void GoodTwice(page* p) {
  Twice([&] {
    if (auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL)) mermap_put(map);
  });
  flush_tlb_all();
  __free_page(p);
}

page* Unseen();
// What a lambda that is not followed may have set is not known.
void GoodSetInLoop(page* p) {
  page* q = p;
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  auto next = [&q] {
    do {
    } while (unknown());
    q = Unseen();
  };
  next();
  mermap_put(map);
  __free_page(q);
}

void BadSetInLoop(page* p) {
  page* q = p;
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  auto next = [q] {
    do {
    } while (unknown());
    consume(q);
  };
  next();
  mermap_put(map);
  __free_page(q);  // expected-warning {{[FD001 unflushed-free]}}
}

class Holder {
  page* page_;
  mermap_alloc* map_ = nullptr;

 public:
  explicit Holder(page* p) : page_(p), map_(mermap_get_reserved(p, PAGE_KERNEL)) {}
  void Bad() {
    auto put = [this] { mermap_put(map_); };  // expected-warning {{mapping 'map_' is put twice}}
    put();
    put();
  }
  void Good() {
    auto put = [this] { mermap_put(map_); };
    put();
  }
};

void BadThis(page* p) {
  mermap_alloc* map = mermap_get_reserved(p, PAGE_KERNEL);
  struct Box {
    mermap_alloc* map;
    void Put() {
      auto put = [this] { mermap_put(map); };
      put();
    }
  } box{map};
  box.Put();
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}
