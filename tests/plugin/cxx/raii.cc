// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Owners that map, flush and free in constructors and destructors.
#include "mm.h"

namespace {

struct Mapping {
  explicit Mapping(page* p) : map_(mermap_get(p, PAGE_SIZE, PAGE_KERNEL)) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { Reset(); }
  void Reset() {
    if (map_) mermap_put(map_);
    map_ = nullptr;
  }
  explicit operator bool() const { return map_ != nullptr; }

 private:
  mermap_alloc* map_;
};

struct FlushAtEnd {
  ~FlushAtEnd() {
    if (armed) flush_tlb_all();
  }
  bool armed = true;
};

struct FreeAtEnd {
  page* held;
  ~FreeAtEnd() {
    if (held) __free_page(held);  // expected-warning {{[FD001}}
  }
};

}  // namespace

void BadReset(page* p) {
  Mapping mapping(p);
  mapping.Reset();
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodReset(page* p) {
  Mapping mapping(p);
  mapping.Reset();
  flush_tlb_all();
  __free_page(p);
}

void BadStillHeld(page* p) {
  Mapping mapping(p);
  __free_page(p);  // expected-warning {{[FD002}}
}

void GoodEndedBefore(page* p) {
  {
    Mapping mapping(p);
  }
  flush_tlb_all();
  __free_page(p);
}

void BadDisarmed(page* p) {
  {
    FlushAtEnd flush;
    Mapping mapping(p);
    flush.armed = false;
  }
  __free_page(p);  // expected-warning {{[FD001}}
}

void GoodArmed(page* p) {
  {
    FlushAtEnd flush;
    Mapping mapping(p);
  }
  __free_page(p);
}

// Destructors run backwards: here the mapping ends behind the flush.
void BadOrderOfScopes(page* p) {
  {
    Mapping mapping(p);
    FlushAtEnd flush;
  }
  __free_page(p);  // expected-warning {{[FD001}}
}

void BadFreedByOwner(page* p) {
  FreeAtEnd owner{p};
  Mapping mapping(p);
}

void GoodFreedByOwner(page* p) {
  FreeAtEnd owner{p};
  FlushAtEnd flush;
  Mapping mapping(p);
}

void GoodReleased(page* p) {
  FreeAtEnd owner{p};
  Mapping mapping(p);
  owner.held = nullptr;
}

void BadEarlyReturn(page* p, bool early) {
  FreeAtEnd owner{p};
  Mapping mapping(p);
  if (early) return;
  mapping.Reset();
  flush_tlb_all();
}

void GoodOnlyIfMapped(page* p) {
  {
    FlushAtEnd flush;
    Mapping mapping(p);
    flush.armed = static_cast<bool>(mapping);
  }
  __free_page(p);
}
