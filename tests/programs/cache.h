// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file of pages outside the direct map, as secretmem and guest_memfd have one: a page cache under
// a spinlock, an invalidate lock, and a bit that says whether old translations may be left.
#ifndef FLUSHDEP_TESTS_PROGRAMS_CACHE_H_
#define FLUSHDEP_TESTS_PROGRAMS_CACHE_H_

#include <vector>

#include "tests/programs/program.h"

namespace flushdep::programs {

struct Cache {
  static constexpr unsigned kSlots = 8;
  flushdep_rwsem invalidate = {};
  flushdep_spinlock lock = {};
  flushdep_atomic stale = {};
  Pfn slot[kSlots];
  flushdep_mutex folio_lock[kSlots] = {};

  Cache() {
    for (Pfn& pfn : slot) pfn = FLUSHDEP_PFN_NONE;
  }

  // False if there is a page already.
  bool Insert(unsigned index, Pfn pfn) {
    machine::SpinGuard guard(lock);
    if (slot[index] != FLUSHDEP_PFN_NONE) return false;
    slot[index] = pfn;
    return true;
  }
  // With a reference for the caller, or FLUSHDEP_PFN_NONE.
  Pfn Find(unsigned index) {
    machine::SpinGuard guard(lock);
    if (slot[index] != FLUSHDEP_PFN_NONE) flushdep_page_get(slot[index]);
    return slot[index];
  }
  // What the cache held, with its references.
  std::vector<Pfn> TakeAll() {
    machine::SpinGuard guard(lock);
    std::vector<Pfn> taken;
    for (Pfn& pfn : slot) {
      if (pfn != FLUSHDEP_PFN_NONE) taken.push_back(pfn);
      pfn = FLUSHDEP_PFN_NONE;
    }
    return taken;
  }
};

// get, zero, put. The translation stays behind.
__attribute__((always_inline)) inline void Zero(Pfn pfn) {
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  flushdep_fill(flushdep_mermap_addr(mapping), 0, kPage);
  flushdep_mermap_put(mapping);
}

// A batch out of the cache, one flush, then the references.
__attribute__((always_inline)) inline void Truncate(Cache& cache) {
  flushdep_down_write(&cache.invalidate);
  const std::vector<Pfn> batch = cache.TakeAll();
  flushdep_up_write(&cache.invalidate);
  Anywhere();
  flushdep_flush_all();
  Anywhere();
  for (Pfn pfn : batch) flushdep_page_put(pfn);
}

}  // namespace flushdep::programs

#endif  // FLUSHDEP_TESTS_PROGRAMS_CACHE_H_
