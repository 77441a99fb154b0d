// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exceptions: what is destroyed on the way out, and which handler gets them.
#define UNKNOWN_THROWS
#include "mm.h"

class Mapping {
  mermap_alloc* map_;

 public:
  explicit Mapping(page* p) : map_(mermap_get_reserved(p, PAGE_KERNEL)) {}
  Mapping(const Mapping&) = delete;
  ~Mapping() { mermap_put(map_); }
  void* Address() { return mermap_addr(map_); }
};
class Flush {
 public:
  ~Flush() { flush_tlb_all(); }
};
struct Small {};
struct Large : Small {};

void BadThrown(page* p, bool fail) {
  try {
    Mapping mapping(p);
    if (fail) throw 1;
    consume(mapping.Address());
  } catch (...) {
    __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
  }
}

void GoodThrown(page* p, bool fail) {
  try {
    Flush flush;
    Mapping mapping(p);
    if (fail) throw 1;
    consume(mapping.Address());
  } catch (...) {
    __free_page(p);
  }
}

void BadOrder(page* p, bool fail) {
  try {
    Mapping mapping(p);
    Flush flush;
    if (fail) throw 1;
  } catch (...) {
    __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
  }
}

void BadUnknownThrows(page* p) {
  try {
    Mapping mapping(p);
    consume(mapping.Address());
  } catch (...) {
    __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
  }
}

void GoodUnknownThrows(page* p) {
  try {
    Mapping mapping(p);
    consume(mapping.Address());
  } catch (...) {
    flush_tlb_all();
    __free_page(p);
  }
}

void GoodOtherHandler(page* p, bool fail) {
  try {
    Mapping mapping(p);
    if (fail) throw Large();
  } catch (int) {
    __free_page(p);
  } catch (Small&) {
    flush_tlb_all();
    __free_page(p);
  }
}

void BadThisHandler(page* p, bool fail) {
  try {
    Mapping mapping(p);
    if (fail) throw 1;
  } catch (int) {
    __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
  } catch (Small&) {
    flush_tlb_all();
    __free_page(p);
  }
}

static void Check(bool fail) {
  if (fail) throw Small();
}

void BadThrownByCallee(page* p, bool fail) {
  try {
    Mapping mapping(p);
    Check(fail);
  } catch (Small&) {
    __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
  }
}

void GoodThrownByCallee(page* p) {
  try {
    Mapping mapping(p);
    Check(false);
  } catch (Small&) {
    __free_page(p);
  }
}

static void MapAndCheck(page* p, bool fail) {
  Flush flush;
  Mapping mapping(p);
  Check(fail);
}

void GoodUnwoundThroughCallee(page* p, bool fail) {
  try {
    MapAndCheck(p, fail);
  } catch (Small&) {
    __free_page(p);
  }
}

void BadNested(page* p, bool fail) {
  try {
    try {
      Mapping mapping(p);
      if (fail) throw Small();
    } catch (int) {
      flush_tlb_all();
    }
  } catch (Small&) {
    __free_page(p);  // expected-warning {{[FD001 unflushed-free]}}
  }
}

void GoodNested(page* p, bool fail) {
  try {
    try {
      Mapping mapping(p);
      if (fail) throw Small();
    } catch (Small&) {
      flush_tlb_all();
      throw;
    }
  } catch (...) {
    __free_page(p);
  }
}

// What the catcher has outside of its try lives on, wherever it was thrown.
static void ThrowAlone(bool fail) {
  if (fail) throw 1;
}

void GoodOuterLivesOn(page* p, page* other, bool fail) {
  {
    Mapping mapping(p);
    try {
      ThrowAlone(fail);
    } catch (...) {
      __free_page(other);
    }
    consume(mapping.Address());
  }
  flush_tlb_all();
  __free_page(p);
}

void BadOuterLivesOn(page* p, bool fail) {
  Flush flush;
  Mapping mapping(p);
  try {
    ThrowAlone(fail);
  } catch (...) {
    __free_page(p);  // expected-warning {{[FD002 free-while-mapped]}}
  }
}
