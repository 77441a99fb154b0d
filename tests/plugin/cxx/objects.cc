// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Handles in objects of the library and in classes, by all ways that they get there.
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "mm.h"

namespace {

using Map = mermap_alloc*;

Map Get(page* p) { return mermap_get(p, PAGE_SIZE, PAGE_KERNEL); }

struct Put {
  void operator()(Map map) const { mermap_put(map); }
};

struct Base {
  Map map;
};
struct Derived : Base {
  explicit Derived(Map m) : Base{m} {}
};
struct Aggregate : Base {
  int number;
};
template <typename T>
T&& Forwarded(std::remove_reference_t<T>& value) {
  return static_cast<T&&>(value);
}
struct Forwarding {
  explicit Forwarding(Map m) : map(Forwarded<Map>(m)) {}
  Map map;
};
struct Plain {
  explicit Plain(Map m) : map(m) {}
  Map map;
};
struct Inheriting : Plain {
  using Plain::Plain;
};
union Slot {
  Map map;
  unsigned long number;
};

Map& MapOf(Base& base) { return base.map; }

}  // namespace

void GoodUniquePointer(page* p) {
  {
    std::unique_ptr<mermap_alloc, Put> map(Get(p));
  }
  flush_tlb_all();
  __free_page(p);
}

void GoodMovedPointer(page* p) {
  std::unique_ptr<mermap_alloc, Put> map(Get(p));
  auto moved = std::move(map);
  if (moved) mermap_put(moved.release());
  flush_tlb_all();
  __free_page(p);
}

void GoodAccessor(page* p) {
  Base base{Get(p)};
  Map map = MapOf(base);
  if (map) {
    mermap_put(map);
    flush_tlb_all();
  }
  __free_page(p);
}

void BadAccessor(page* p) {
  Base base{Get(p)};
  Map map = MapOf(base);
  if (map) mermap_put(map);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodReference(page* p) {
  Map map = Get(p);
  Map& same = map;
  if (!same) return;
  mermap_put(same);
  flush_tlb_all();
  __free_page(p);
}

void BadReference(page* p) {
  Map map = Get(p);
  Map& same = map;
  if (!same) return;
  mermap_put(same);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodBase(page* p) {
  Derived object(Get(p));
  if (object.map) {
    mermap_put(object.map);
    flush_tlb_all();
  }
  __free_page(p);
}

void BadBase(page* p) {
  Derived object(Get(p));
  if (object.map) mermap_put(object.map);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodAggregate(page* p) {
  Aggregate object{{Get(p)}, 1};
  if (object.map) {
    mermap_put(object.map);
    flush_tlb_all();
  }
  __free_page(p);
}

void BadAggregate(page* p) {
  Aggregate object{{Get(p)}, 1};
  if (object.map) mermap_put(object.map);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodForwarding(page* p) {
  Forwarding object(Get(p));
  if (object.map) {
    mermap_put(object.map);
    flush_tlb_all();
  }
  __free_page(p);
}

void BadForwarding(page* p) {
  Forwarding object(Get(p));
  if (object.map) mermap_put(object.map);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodInheriting(page* p) {
  Inheriting object(Get(p));
  if (object.map) {
    mermap_put(object.map);
    flush_tlb_all();
  }
  __free_page(p);
}

void BadInheriting(page* p) {
  Inheriting object(Get(p));
  if (object.map) mermap_put(object.map);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodUnion(page* p) {
  Slot slot{Get(p)};
  if (slot.map) {
    mermap_put(slot.map);
    flush_tlb_all();
  }
  __free_page(p);
}

void BadUnion(page* p) {
  Slot slot{Get(p)};
  if (slot.map) mermap_put(slot.map);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodPair(page* p) {
  Map map = Get(p);
  std::pair result{map, map != nullptr};
  if (result.second) {
    mermap_put(result.first);
    flush_tlb_all();
  }
  __free_page(p);
}

void BadPair(page* p) {
  Map map = Get(p);
  std::pair result{map, map != nullptr};
  if (result.second) mermap_put(result.first);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodBinding(page* p) {
  auto [map, fine] = [p] {
    Map got = Get(p);
    return std::pair{got, got != nullptr};
  }();
  if (fine) {
    mermap_put(map);
    flush_tlb_all();
  }
  __free_page(p);
}

void BadBinding(page* p) {
  auto [map, fine] = [p] {
    Map got = Get(p);
    return std::pair{got, got != nullptr};
  }();
  if (fine) mermap_put(map);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodTuple(page* p) {
  Map map = Get(p);
  auto result = std::make_tuple(map, map != nullptr);
  if (std::get<1>(result)) {
    mermap_put(std::get<0>(result));
    flush_tlb_all();
  }
  __free_page(p);
}

void BadTuple(page* p) {
  Map map = Get(p);
  auto result = std::make_tuple(map, map != nullptr);
  if (std::get<1>(result)) mermap_put(std::get<0>(result));
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

void GoodTie(page* p) {
  Map map = Get(p);
  auto result = std::tie(map);
  if (std::get<0>(result)) {
    mermap_put(std::get<0>(result));
    flush_tlb_all();
  }
  __free_page(p);
}

void GoodOptional(page* p) {
  std::optional<Map> map(Get(p));
  if (*map) {
    mermap_put(*map);
    flush_tlb_all();
  }
  __free_page(p);
}

void GoodRange(page* p) {
  Map maps[2] = {Get(p), nullptr};
  for (Map map : maps)
    if (map) {
      mermap_put(map);
      flush_tlb_all();
    }
  __free_page(p);
}

void BadRange(page* p) {
  Map maps[2] = {Get(p), nullptr};
  for (Map map : maps)
    if (map) mermap_put(map);
  __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
}

// What the caller gave is no name of a mapping that was made here, whoever refers to it.
void BadBesideAnother(page* p, Map given, int* n) {
  Map map = Get(p);
  if (map != nullptr) ++*n;
  auto put = [&] { mermap_put(given); };
  put();
  map = Get(p);
  if (map) mermap_put(map);
  flush_tlb_all();
  __free_page(p);  // expected-warning {{[FD002 free-while-mapped]}}
}
