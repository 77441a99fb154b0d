// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the engine follows in C, once more as C++: conditions, ladders, loops, aliases, expressions,
// cleanup attributes, assembly. A bad function beside its correct twin each.
#define UNKNOWN_THROWS noexcept
#include "mm.h"

namespace {

struct Request {
  page* page_ = nullptr;
  mermap_alloc* map = nullptr;
  unsigned flags = 0;
};

page* Allocate() { return alloc_pages_noprof(GFP_KERNEL, 0); }
mermap_alloc* Map(page* p) { return mermap_get(p, PAGE_SIZE, PAGE_KERNEL); }

// Correlated conditions.
void BadCorrelated(page* p, bool touch) {
  mermap_alloc* map = nullptr;
  if (touch) map = Map(p);
  if (touch && map != nullptr) mermap_put(map);
  if (!touch) flush_tlb_all();
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodCorrelated(page* p, bool touch) {
  mermap_alloc* map = nullptr;
  if (touch) map = Map(p);
  if (touch && map != nullptr) mermap_put(map);
  if (touch) flush_tlb_all();
  __free_page(p);
}

// Error returns that are tied to effects.
int Touch(page* p) {
  mermap_alloc* map = Map(p);
  if (map == nullptr) return -ENOMEM;
  mermap_put(map);
  return 0;
}

void BadErrorReturn(page* p) {
  const int err = Touch(p);
  if (err != 0) flush_tlb_all();
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodErrorReturn(page* p) {
  const int err = Touch(p);
  if (err == 0) flush_tlb_all();
  __free_page(p);
}

// Removal from the direct map that failed owes nothing.
void BadRemoval(page* p) {
  if (set_direct_map_invalid_noflush(p) == 0) unknown();
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodRemoval(page* p) {
  if (set_direct_map_invalid_noflush(p) == 0) flush_tlb_kernel_range(0, 4096);
  __free_page(p);
}

// A ladder.
int BadLadder(page* p) {
  mermap_alloc* map = nullptr;
  int err = -ENOMEM;
  page* other = Allocate();
  if (other == nullptr) return err;
  map = Map(p);
  if (map == nullptr) goto free_other;
  err = unknown();
  if (err != 0) goto put;
  mermap_put(map);
  flush_tlb_all();
  __free_page(other);
  return 0;
put:
  mermap_put(map);
  __free_page(p);  // expected-warning {{[FD001}}
free_other:
  __free_page(other);
  return err;
}

int GoodLadder(page* p) {
  mermap_alloc* map = nullptr;
  int err = -ENOMEM;
  page* other = Allocate();
  if (other == nullptr) return err;
  map = Map(p);
  if (map == nullptr) goto free_other;
  err = unknown();
  if (err != 0) goto put;
  mermap_put(map);
  flush_tlb_all();
  __free_page(other);
  return 0;
put:
  mermap_put(map);
  flush_tlb_all();
  __free_page(p);
free_other:
  __free_page(other);
  return err;
}

// A batch, and a retry that binds the variable to a new page.
void BadBatch(page* const (&pages)[4]) {
  for (page* p : pages) {
    mermap_alloc* map = Map(p);
    if (map != nullptr) mermap_put(map);
    __free_page(p);  // expected-warning {{[FD001}}
  }
  flush_tlb_all();
}

void GoodBatch(page* const (&pages)[4]) {
  for (page* p : pages) {
    mermap_alloc* map = Map(p);
    if (map != nullptr) mermap_put(map);
  }
  flush_tlb_all();
  for (page* p : pages) __free_page(p);
}

void BadRetry() {
  page* p = nullptr;
  do {
    p = Allocate();
    if (p == nullptr) return;
    Touch(p);
  } while (unknown() != 0);
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodRetry() {
  page* p = nullptr;
  for (;;) {
    p = Allocate();
    if (p == nullptr) return;
    if (unknown() == 0) break;
    Touch(p);
    unknown_page(p);
  }
  __free_page(p);
}

// Members, references and casts are other names.
void BadMember(Request& request) {
  request.map = Map(request.page_);
  if (request.map == nullptr) return;
  Request& same = request;
  mermap_put(same.map);
  __free_page(same.page_);  // expected-warning {{[FD001}}
}

void GoodMember(Request& request) {
  request.map = Map(request.page_);
  if (request.map == nullptr) return;
  Request& same = request;
  mermap_put(same.map);
  flush_tlb_all();
  __free_page(same.page_);
}

void BadFolio(folio* f) {
  mermap_alloc* map = Map(&f->page);
  if (map == nullptr) return;
  mermap_put(map);
  __free_page(reinterpret_cast<page*>(f));  // expected-warning {{[FD001}}
}

void GoodFolio(folio* f) {
  mermap_alloc* map = Map(&f->page);
  if (map == nullptr) return;
  mermap_put(map);
  flush_tlb_all();
  __free_page(reinterpret_cast<page*>(f));
}

void BadArray(page* p) {
  page* pages[2] = {p, nullptr};
  Touch(pages[0]);
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodArray(page* p, page* q) {
  page* pages[2] = {p, q};
  Touch(pages[0]);
  pages[0] = nullptr;
  __free_page(pages[1]);
}

// switch, ?:, && and ||.
enum class Mode { kNone, kMap, kFlush };

void BadSwitch(page* p, Mode mode) {
  switch (mode) {
    case Mode::kNone:
      break;
    case Mode::kMap:
      Touch(p);
      break;
    case Mode::kFlush:
      Touch(p);
      flush_tlb_all();
      break;
  }
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodSwitch(page* p, Mode mode) {
  switch (mode) {
    case Mode::kMap:
      Touch(p);
      [[fallthrough]];
    case Mode::kFlush:
      flush_tlb_all();
      break;
    default:
      break;
  }
  __free_page(p);
}

void BadTernary(page* p, page* q, bool first) {
  Touch(first ? p : q);
  if (first) __free_page(p);  // expected-warning {{[FD001}}
}

void GoodTernary(page* p, page* q, bool first) {
  Touch(first ? p : q);
  if (!first) __free_page(p);
}

void BadShortCircuit(page* p, mermap_alloc* map) {
  if ((map = Map(p)) != nullptr && unknown() != 0) flush_tlb_all();
  if (map == nullptr) return;
  mermap_put(map);
  if (unknown() != 0 || p == nullptr) return;
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodShortCircuit(page* p) {
  mermap_alloc* map = Map(p);
  const bool mapped = map != nullptr;
  if (mapped) mermap_put(map);
  if (mapped && (flush_tlb_all(), true)) unknown();
  __free_page(p);
}

// Statement expressions.
void BadStatementExpression() {
  page* p = alloc_page(GFP_KERNEL);
  if (p == nullptr) return;
  const int err = ({
    mermap_alloc* map = Map(p);
    if (map != nullptr) mermap_put(map);
    map == nullptr;
  });
  if (err == 0) __free_page(p);  // expected-warning {{[FD001}}
}

void GoodStatementExpression() {
  page* p = alloc_page(GFP_KERNEL);
  if (p == nullptr) return;
  const int err = ({
    mermap_alloc* map = Map(p);
    if (map != nullptr) mermap_put(map);
    map == nullptr;
  });
  if (err != 0) __free_page(p);
}

// Cleanup attributes.
inline void PutAtEnd(mermap_alloc** map) {
  if (*map != nullptr) mermap_put(*map);
}

void BadCleanup(page* p) {
  {
    mermap_alloc* map __attribute__((cleanup(PutAtEnd))) = Map(p);
    unknown();
  }
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodCleanup(page* p) {
  {
    mermap_alloc* map __attribute__((cleanup(PutAtEnd))) = Map(p);
    unknown();
  }
  flush_tlb_all();
  __free_page(p);
}

// Assembly neither flushes nor maps; what it writes is unknown.
void BadAssembly(page* p) {
  Touch(p);
  __asm__ volatile("" : : : "memory");
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodAssembly(page* p) {
  page* other = p;
  Touch(p);
  __asm__ volatile("" : "+r"(other));
  __free_page(other);
}

// References of a page.
void BadDrop() {
  page* p = Allocate();
  if (p == nullptr) return;
  get_page(p);
  Touch(p);
  put_page(p);
  put_page(p);  // expected-warning {{[FD001}}
}

void GoodDrop() {
  page* p = Allocate();
  if (p == nullptr) return;
  get_page(p);
  Touch(p);
  put_page(p);
  flush_tlb_all();
  put_page(p);
}

// A flag that selects what a callee does, and a pointer to a function.
void Finish(page* p, bool flush) {
  if (flush) flush_tlb_all();
  __free_page(p);  // expected-warning {{[FD001}}
}

void BadFlag(page* p) {
  Touch(p);
  Finish(p, false);
}

void GoodFlag(page* p) {
  Touch(p);
  Finish(p, true);
}

template <typename F>
void Run(F function, page* p) {
  function(p);
}
void Flush(page*) { flush_tlb_all(); }
void Nothing(page*) {}

void BadPointer(page* p) {
  Touch(p);
  Run(&Nothing, p);
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodPointer(page* p) {
  Touch(p);
  Run(&Flush, p);
  __free_page(p);
}

}  // namespace
