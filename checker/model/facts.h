// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the model knows about one event, gathered in the pass that applies it,
// as plain data for the rules.
#ifndef FLUSHDEP_CHECKER_MODEL_FACTS_H_
#define FLUSHDEP_CHECKER_MODEL_FACTS_H_

#include <cstdint>

#include "checker/event/events.h"
#include "checker/model/cpu_set.h"
#include "checker/model/flow_graph.h"
#include "checker/model/flush_log.h"
#include "checker/model/flush_sites.h"
#include "checker/model/inference.h"
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
  bool local_wrap = false;  // a slice of the mermap was used up, and its CPU flushed, since the put
  bool lazy = false;        // one of the holders is lazy
};

// Who gives pages away, or claims something of them.
enum class Change : uint8_t { Free, Transfer, Publish, Assert };

// Why no CPU holds an old translation for which no flush was guaranteed.
enum class Luck : uint8_t { Unknown, NotOrdered, Internal, Switched };

// A contract that is open though no CPU holds the translation.
struct OpenContract {
  uint64_t pfn = 0;
  StaleTranslation stale;
  uint32_t mm = 0;
  Luck luck = Luck::Unknown;
  FlushRecord flush;       // the one that may have been luck
  FlushRecord fell_short;  // asked for and done in time, of too little; no moment: none
};

// What the order of two drops hides.
struct Inversion {
  bool found = false;
  DropRecord drop;
  StaleTranslation stale;  // what had to be flushed
  FlushRecord flush;       // the last holder's
  bool only_last = false;  // it flushes because its drop was the last
};

// PAGE_FREE, PAGE_TRANSFER, PAGE_PUBLISH and ASSERT.
struct OwnerChange {
  Change change = Change::Free;
  uint32_t cpu = 0;
  uint32_t thread = 0;
  uint64_t pfn = 0;
  uint32_t order = 0;
  bool in_memory = false;  // is there such a page at all?
  Life life = Life::Never;
  bool is_head = false;
  uint32_t allocated_order = 0;
  uint64_t mapped_pfn = FLUSHDEP_NO_PFN;   // first page with a live mapping
  uint64_t table_pfn = FLUSHDEP_NO_PFN;    // first page that is linked as a page table
  uint64_t present_pfn = FLUSHDEP_NO_PFN;  // PUBLISH: first page still in the direct map
  bool claims_unmapped = false;            // PUBLISH: said to be out of the direct map
  bool asserts_flushed = true;             // ASSERT: what is claimed
  bool asserts_unmapped = true;
  bool owes = false;
  Debt debt;
  bool owes_contract = false;
  OpenContract contract;
  bool unflushable = false;  // in a context where no shootdown can run
  uint32_t context = 0;      // that one: enum flushdep_context
  bool handed_over = false;
  Inversion inversion;
};

// PTE_SET anywhere but in a direct map.
struct MapChange {
  uint64_t pfn = 0;
  uint64_t va = 0;
  uint32_t mm = 0;
  uint32_t region = 0;
  bool in_memory = false;
  Life life = Life::Never;
  bool reuses = false;  // the address' owner may still hold what it mapped before
  uint64_t old_pfn = FLUSHDEP_NO_PFN;
  Moment old_map = {};
  Moment old_put = {};
  CpuSet holders;
};

// ACCESS.
struct Access {
  uint64_t va = 0;
  uint64_t size = 0;  // of what is in the page; 0: a trap, which does not say
  bool write = false;
  bool trapped = false;      // refused
  bool by_hardware = false;  // the code was not asked: it is not instrumented
  uint32_t region = 0;       // enum flushdep_region_type; 0: in none
  uint64_t pfn = FLUSHDEP_NO_PFN;
  uint32_t mm = 0;
  uint32_t cpu = 0;
  uint32_t owner_cpu = FLUSHDEP_NO_CPU;
  bool live = false;    // mapped now
  bool absent = false;  // direct map: taken out
  Moment map = {};
  Moment put = {};
};

// ACCESS_LOST.
struct AccessLost {
  uint32_t mm = 0;
  uint64_t va = 0;
  bool mapped = false;  // a translation of it is live
  bool owes = false;
  Debt debt;
};

// What keeps the books of mappings: MAP_END, CONTEXT, PTE_CLEAR of a leak.
enum class Imbalance : uint8_t { DoublePut, OtherCpu, OtherMm, Leak, Context, ThreadExit };
struct MapBalance {
  Imbalance what = Imbalance::DoublePut;
  uint64_t pfn = FLUSHDEP_NO_PFN;
  uint64_t va = 0;
  uint32_t mm = 0;
  uint32_t cpu = 0;
  uint32_t owner_cpu = 0;
  uint32_t caller_mm = 0;
  uint32_t context = 0;  // enum flushdep_context
  int32_t depth = 0;
};

// WRONG_CONTEXT.
struct WrongContext {
  uint32_t api = 0;      // enum flushdep_reason
  uint32_t context = 0;  // enum flushdep_context
  int32_t depth = 0;
};

// A lock class, awaited with interrupts off and held across a flush.
struct LockCycle {
  LockClass lock;
  LockClass through;      // the class whose holder waits for it; key 0: none
  bool flushing = false;  // the event of now is the flush, not a wait
  Moment now;
};

// A finding of the flow graph, at the end of a run.
struct PossibleFree {
  FlowPath path;
};

// What a flush site did, at the end of a run, and what is asked about it.
enum class Question : uint8_t { Redundant, Batchable, OverBroad, Early };
inline constexpr Question kQuestions[] = {Question::Redundant, Question::Batchable,
                                          Question::OverBroad, Question::Early};
struct FlushAdvice {
  FlushSite site;
  Question question = Question::Redundant;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_FACTS_H_
