// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C++: methods, references, templates, destructors, namespaces.
#include "mm.h"

class Mapping {
 public:
  explicit Mapping(page* p) : map_(mermap_get(p, PAGE_SIZE, PAGE_KERNEL)) {}
  ~Mapping() { mermap_put(map_); }

 private:
  mermap_alloc* map_;
};

namespace {

void BadPlain(page* p) {
  auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  if (map == nullptr) return;
  mermap_put(map);
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodPlain(page* p) {
  auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  if (map == nullptr) return;
  mermap_put(map);
  flush_tlb_all();
  __free_page(p);
}

void BadReference(page*& p) {
  auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  mermap_put(map);
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodReference(page*& p, page* other) {
  auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  mermap_put(map);
  p = other;
  __free_page(p);
}

// What a destructor does to the mapping is not guessed.
void GoodScope(page* p) {
  { Mapping mapping(p); }
  flush_tlb_all();
  __free_page(p);
}

template <bool kFlush>
void Template(page* p) {
  auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  mermap_put(map);
  if (kFlush) flush_tlb_all();
  __free_page(p);  // expected-warning {{[FD001}}
}

template <int kWay>
void GoodTemplate(page* p) {
  auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  mermap_put(map);
  if constexpr (kWay == 1) flush_tlb_all();
  __free_page(p);
}

}  // namespace

struct Owner {
  page* p;
  void Bad() {
    auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
    mermap_put(map);
    __free_page(p);  // expected-warning {{[FD001}}
  }
  void Good() {
    auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
    mermap_put(map);
    flush_tlb_all();
    __free_page(p);
  }
};

void Use(page* p, page* q, Owner& owner) {
  BadPlain(p);
  GoodPlain(p);
  BadReference(p);
  GoodReference(p, q);
  GoodScope(p);
  Template<false>(p);
  Template<true>(p);
  GoodTemplate<1>(p);
  owner.Bad();
  owner.Good();
}

void BadCaught(page* p) {
  auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);
  mermap_put(map);
  try {
    unknown();
  } catch (int) {
    return;
  }
  __free_page(p);  // expected-warning {{[FD001}}
}

// A class of somebody's with a method of the same name is not the kernel's.
struct Pool {
  void __free_page_of(page* p);
  void mermap_put(int map);
};
void BadOtherNames(page* p, Pool& pool) {
  auto* map = mermap_get(p, PAGE_SIZE, PAGE_KERNEL);  // expected-warning {{never put}}
  if (map != nullptr) pool.mermap_put(1);
  pool.__free_page_of(p);
}
