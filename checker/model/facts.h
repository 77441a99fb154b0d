// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the model knows about one event, gathered in the pass that applies it,
// as plain data for the rules.
#ifndef FLUSHDEP_CHECKER_MODEL_FACTS_H_
#define FLUSHDEP_CHECKER_MODEL_FACTS_H_

#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/cpu_set.h"
#include "checker/model/flush_log.h"
#include "checker/model/shadow.h"

namespace flushdep {

// Why a flush after the put left something.
enum class Shortfall : uint8_t { None, TooFewCpus, WrongSpace, ShortRange, NotReturned };

// An old translation that some CPU may still hold.
struct Debt {
  uint64_t pfn = 0;
  StaleTranslation stale;
  uint32_t mm = 0;  // 0: the kernel's own
  CpuSet holders;
  uint32_t pages = 0;  // of the operation, that owe something
  Shortfall shortfall = Shortfall::None;
  FlushRecord flush;        // the one that fell short
  bool local_wrap = false;  // the mermap's own local flush ran since the put
};

// PAGE_FREE and PAGE_TRANSFER.
struct OwnerChange {
  uint64_t pfn = 0;
  uint32_t order = 0;
  bool transfer = false;
  bool in_memory = false;  // is there such a page at all?
  Life life = Life::Never;
  bool is_head = false;
  uint32_t allocated_order = 0;
  uint64_t mapped_pfn = FLUSHDEP_NO_PFN;  // first page with a live mapping
  bool owes = false;
  Debt debt;
};

// PTE_SET in a mermap region.
struct MapChange {
  uint64_t pfn = 0;
  uint64_t va = 0;
  uint32_t mm = 0;
  bool in_memory = false;
  Life life = Life::Never;
};

// ACCESS.
struct Access {
  uint64_t va = 0;
  bool write = false;
  bool trapped = false;
  uint32_t region = 0;  // enum flushdep_region_type; 0: in none
  uint64_t pfn = FLUSHDEP_NO_PFN;
  uint32_t mm = 0;
  uint32_t owner_cpu = FLUSHDEP_NO_CPU;
  bool live = false;    // mermap: mapped now
  bool absent = false;  // direct map: taken out
  Moment map = {};
  Moment put = {};
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_FACTS_H_
