// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rule x context: each mistake, its last step made in each context in which it can be made, beside
// the correct twin in the same context. ctest runs all of it on both backends, and with
// fail_on=error as well as fail_on=possible, so that severities count. Programs are called
// RULE.context and RULE.context.right.
#include <array>
#include <atomic>
#include <deque>
#include <string>

#include "checker/event/annotations.h"
#include "checker/event/events.h"
#include "tests/programs/cache.h"

namespace flushdep::programs {
namespace {

// --- Contexts --------------------------------------------------------------------

using Step = std::function<void()>;

void InTask(const Step& step) { step(); }
void WithPreemptionOff(const Step& step) {
  flushdep_preempt_disable();
  step();
  flushdep_preempt_enable();
}
void WithSoftirqsOff(const Step& step) {
  flushdep_bh_disable();
  step();
  flushdep_bh_enable();
}
void WithIrqsOff(const Step& step) {
  const unsigned long flags = flushdep_irq_save();
  step();
  flushdep_irq_restore(flags);
}
void UnderSpinlock(const Step& step) {
  static flushdep_spinlock lock = {};
  machine::SpinGuard guard(lock);
  step();
}
void UnderIrqLock(const Step& step) {
  static flushdep_spinlock lock = {};
  const unsigned long flags = flushdep_spin_lock_irqsave(&lock);
  step();
  flushdep_spin_unlock_irqrestore(&lock, flags);
}
void InSoftirq(const Step& step) {
  flushdep_softirq_enter();
  step();
  flushdep_softirq_exit();
}
void InHardirq(const Step& step) {
  flushdep_hardirq_enter();
  step();
  flushdep_hardirq_exit();
}
void InNmi(const Step& step) {
  flushdep_nmi_enter();
  step();
  flushdep_nmi_exit();
}
// On another CPU, ordered after what came before.
void InThread(const Step& step) {
  const unsigned next = (flushdep_cpu_current() + 1) % flushdep_cpu_count();
  Threads threads;
  threads.Start("step", [&step, next] {
    Require(flushdep_cpu_current() == next || flushdep_cpu_migrate(next) == 0, "migration");
    step();
  });
}

struct Context {
  const char* name;
  void (*run)(const Step& step);
  bool no_flush;  // a shootdown cannot run there
  bool same_cpu;  // as the caller's
};
constexpr std::array kContexts = {
    Context{"task", InTask, false, true},
    Context{"preempt_off", WithPreemptionOff, false, true},
    Context{"bh_off", WithSoftirqsOff, false, true},
    Context{"spinlock", UnderSpinlock, false, true},
    Context{"thread", InThread, false, false},
    Context{"irqs_off", WithIrqsOff, true, true},
    Context{"irq_lock", UnderIrqLock, true, true},
    Context{"softirq", InSoftirq, true, true},
    Context{"hardirq", InHardirq, true, true},
    Context{"nmi", InNmi, true, true},
};

// --- Mistakes --------------------------------------------------------------------

// Each makes its last step by `in`.
using In = void(const Step& step);

// The thread stays where its translations are.
class Here {
 public:
  Here() { flushdep_migrate_disable(); }
  ~Here() { flushdep_migrate_enable(); }
  Here(const Here&) = delete;
  Here& operator=(const Here&) = delete;
};

uintptr_t AddressOf(const void* address) { return reinterpret_cast<uintptr_t>(address); }

void UnflushedFree(In& in, bool wrong) {
  Here here;
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  Zero(pfn);
  if (!wrong) flushdep_flush_all();
  in([pfn] { flushdep_page_put(pfn); });
}

void FreeWhileMapped(In& in, bool wrong) {
  Here here;
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  if (!wrong) {
    flushdep_mermap_put(mapping);
    flushdep_flush_all();
  }
  in([pfn] { flushdep_page_put(pfn); });
  if (wrong) flushdep_mermap_put(mapping);
}

// Of the page beside it.
void InsufficientFlush(In& in, bool wrong) {
  Here here;
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  const uintptr_t at = AddressOf(flushdep_mermap_addr(mapping)) + (wrong ? kPage : 0);
  flushdep_fill(flushdep_mermap_addr(mapping), 0, kPage);
  flushdep_mermap_put(mapping);
  flushdep_flush_mm_range(flushdep_mm_current(), at, at + kPage);
  in([pfn] { flushdep_page_put(pfn); });
}

// The mermap's own wrap dropped everything.
void LuckyFlush(In& in, bool wrong) {
  Here here;
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  Zero(pfn);
  for (int i = 0; i < 600; i++) Zero(AllocPage(FLUSHDEP_ALLOC_UNMAPPED));
  if (!wrong) flushdep_flush_all();
  in([pfn] { flushdep_page_put(pfn); });
}

__attribute__((noinline)) Pfn NewPage() { return AllocPage(FLUSHDEP_ALLOC_UNMAPPED); }
__attribute__((noinline)) void Queue(Pfn pfn) { flushdep_passes(pfn, 0); }

// One page goes clean to its free from where another one waits, with its debt; or flushes there.
void PossibleFree(In& in, bool wrong) {
  Here here;
  Prepare();
  const Pfn unused = NewPage();
  Queue(unused);
  in([unused] { flushdep_page_put(unused); });
  const Pfn used = NewPage();
  Zero(used);
  Queue(used);
  if (wrong) return;
  flushdep_flush_all();
  flushdep_page_put(used);
}

// The user drops first, by chance or because the owner waits for it.
void LastDropInversion(In& in, bool wrong) {
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_page_get(pfn);
  std::atomic<int> there{0}, dropped{0};
  flushdep_completion done = FLUSHDEP_COMPLETION;
  const auto await = [](const std::atomic<int>& value, int wanted) {
    while (value.load(std::memory_order_relaxed) < wanted) flushdep_cond_resched();
  };
  Threads threads;
  threads.Start("owner", [&] {
    flushdep_cpu_current();
    there.fetch_add(1, std::memory_order_relaxed);
    await(dropped, 1);
    if (!wrong) flushdep_completion_wait(&done);
    flushdep_flush_all();
    flushdep_page_put(pfn);
  });
  threads.Start("user", [&] {
    flushdep_cpu_current();
    there.fetch_add(1, std::memory_order_relaxed);
    await(there, 2);
    Zero(pfn);
    in([pfn] { flushdep_page_put(pfn); });
    dropped.store(1, std::memory_order_relaxed);
    flushdep_complete(&done);
  });
}

// An access that may trap: the program is over then, with its reports.
void Load(const void* at) {
  flushdep_oops_set_handler([](void*) { exit(0); }, nullptr);
  flushdep_load(at, 8);
}

void StaleAccess(In& in, bool wrong) {
  Here here;
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  void* const at = flushdep_mermap_addr(mapping);
  flushdep_store(at, 1, 8);
  if (wrong) flushdep_mermap_put(mapping);
  in([at] { Load(at); });
  if (!wrong) flushdep_mermap_put(mapping);
}

// From the CPU whose slice it is not; or its own mapping.
void ForeignCpuAccess(In& in, bool wrong) {
  Here here;
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  void* const at = flushdep_mermap_addr(mapping);
  flushdep_store(at, 1, 8);
  InThread([&] {
    flushdep_mapping* own = Get(pfn, kReadWrite);
    const void* const there = wrong ? at : flushdep_mermap_addr(own);
    in([there] { Load(there); });
    flushdep_mermap_put(own);
  });
  flushdep_mermap_put(mapping);
}

void UnmappedAccess(In& in, bool wrong) {
  const Pfn pfn = AllocPage(wrong ? FLUSHDEP_ALLOC_UNMAPPED : 0);
  const void* const at = flushdep_page_address(pfn);
  in([at] { Load(at); });
}

// Told by the program itself, as by any producer of events: the machine has no call for it.
void Tell(uint16_t kind, Pfn pfn, uint16_t flags) {
  flushdep_event event = {};
  event.kind = kind;
  event.cpu = static_cast<uint16_t>(flushdep_cpu_current());
  event.site = reinterpret_cast<uint64_t>(__builtin_return_address(0));
  event.u.page.pfn = pfn;
  event.u.page.npages = 1;
  event.u.page.flags = flags;
  flushdep_emit(&event);
}
__attribute__((noinline)) void Publish(Pfn pfn) {
  Tell(FLUSHDEP_EV_PAGE_PUBLISH, pfn, FLUSHDEP_PAGE_UNMAPPED);
}

// Out of the direct map, and at once to others.
void UnflushedHandout(In& in, bool wrong) {
  const Pfn pfn = AllocPage(0);
  const uintptr_t at = AddressOf(flushdep_page_address(pfn));
  Require(flushdep_direct_map_set(pfn, 1, false) == 0, "zap");
  if (!wrong) flushdep_flush_kernel_range(at, at + kPage);
  in([pfn] { Publish(pfn); });
}

// Entries set by hand.
constexpr flushdep_pte_t kUserEntry =
    FLUSHDEP_PTE_PRESENT | FLUSHDEP_PTE_WRITE | FLUSHDEP_PTE_USER | FLUSHDEP_PTE_NX;
flushdep_pte_t Entry(Pfn pfn, flushdep_pte_t flags) { return pfn * kPage | flags; }

struct Area {
  flushdep_mm* mm = flushdep_mm_current();
  char* at = static_cast<char*>(flushdep_pte_area_start(mm));
  flushdep_pte_t* ptep;

  Area() {
    Require(flushdep_pte_populate(mm, at, at + kPage) == 0, "tables");
    ptep = flushdep_pte_lookup(at);
  }
  void Set(flushdep_pte_t pte) const { Require(flushdep_pte_set(ptep, pte) == 0, "an entry"); }
  void Flush() const { flushdep_flush_mm_range(mm, AddressOf(at), AddressOf(at) + kPage); }
};

// Another page at the address of the last one.
void UnflushedReuse(In& in, bool wrong) {
  Here here;
  const Area area;
  const Pfn one = AllocPage(0), two = AllocPage(0);
  area.Set(Entry(one, kUserEntry));
  flushdep_store(area.at, 1, 8);
  area.Set(0);
  if (!wrong) area.Flush();
  in([&area, two] { area.Set(Entry(two, kUserEntry)); });
}

void MappingImbalance(In& in, bool wrong) {
  Here here;
  Prepare();
  const Pfn pfn = AllocPage(FLUSHDEP_ALLOC_UNMAPPED);
  flushdep_mapping* mapping = Get(pfn, kReadWrite);
  if (wrong) flushdep_mermap_put(mapping);
  in([mapping] { flushdep_mermap_put(mapping); });
}

// A flush of other CPUs where it cannot run; the local one may.
void WrongContext(In& in, bool wrong) {
  in([wrong] { wrong ? flushdep_flush_all() : flushdep_flush_local(); });
}

void InvalidFree(In& in, bool wrong) {
  const Pfn pfn = AllocPage(0);
  if (wrong) flushdep_page_free(pfn, 0);
  in([pfn] { flushdep_page_free(pfn, 0); });
}

// munmap() with the entry still there, or gone and not flushed.
void OutlivesAccess(In& in, bool wrong) {
  Here here;
  const Area area;
  const Pfn pfn = AllocPage(0);
  area.Set(Entry(pfn, kUserEntry));
  flushdep_store(area.at, 1, 8);
  area.Set(0);
  if (!wrong) area.Flush();
  in([&area, pfn] { flushdep_access_lost(area.mm, area.at, pfn, 1); });
}

// A lock that is held across a flush, and awaited with interrupts off.
void ShootdownDeadlock(In& in, bool wrong) {
  static flushdep_spinlock lock = {};
  Threads threads;
  threads.Start("flushes", [wrong] {
    flushdep_spin_lock(&lock);
    if (wrong) flushdep_flush_all();
    flushdep_spin_unlock(&lock);
    if (!wrong) flushdep_flush_all();
  });
  threads.Join();
  in([] {
    flushdep_spin_lock(&lock);
    flushdep_spin_unlock(&lock);
  });
}

__attribute__((noinline)) void TellTable(uint16_t kind, const Area& area, Pfn pfn) {
  flushdep_event event = {};
  event.kind = kind;
  event.cpu = static_cast<uint16_t>(flushdep_cpu_current());
  event.site = reinterpret_cast<uint64_t>(__builtin_return_address(0));
  event.u.pte.va = AddressOf(area.at);
  event.u.pte.pfn = pfn;
  event.u.pte.npages = 1;
  event.u.pte.mm = flushdep_mm_id(area.mm);
  event.u.pte.level = FLUSHDEP_LEVEL_PMD;
  flushdep_emit(&event);
}

// A flush that leaves page tables alone is not enough for one.
void UnflushedTableFree(In& in, bool wrong) {
  Here here;
  const Area area;
  const Pfn table = AllocPage(0);
  TellTable(FLUSHDEP_EV_TABLE_LINK, area, table);
  TellTable(FLUSHDEP_EV_TABLE_UNLINK, area, table);
  if (!wrong)
    flushdep_flush_mm_range_tables(area.mm, AddressOf(area.at), AddressOf(area.at) + 512 * kPage);
  in([table] { flushdep_page_put(table); });
}

// Less permission for a page, then the free.
void StalePermission(In& in, bool wrong) {
  Here here;
  const Area area;
  const Pfn pfn = AllocPage(0);
  area.Set(Entry(pfn, kUserEntry));
  flushdep_store(area.at, 1, 8);
  area.Set(Entry(pfn, kUserEntry & ~FLUSHDEP_PTE_WRITE));
  if (!wrong) area.Flush();
  in([pfn] { Tell(FLUSHDEP_EV_PAGE_TRANSFER, pfn, 0); });
}

// --- The grid --------------------------------------------------------------------

enum Where : unsigned {
  kAnywhere = 0,
  kOnSameCpu = 1u << 0,     // the step is about this CPU
  kWhereNoFlush = 1u << 1,  // the context is the mistake
  kInIrqOffOnly = 1u << 2,  // softirqs do not make it one
  kNoLock = 1u << 3,        // with a lock it would be another one besides
};

struct Row {
  const char* rule;
  const char* severity;
  // Where no flush can run, if that is something else.
  const char* rule_there;
  const char* severity_there;
  void (*run)(In& in, bool wrong);
  unsigned where;
};
constexpr Row kRows[] = {
    {"FD001", "error", nullptr, nullptr, UnflushedFree, kAnywhere},
    {"FD002", "error", nullptr, nullptr, FreeWhileMapped, kAnywhere},
    {"FD003", "error", nullptr, nullptr, InsufficientFlush, kOnSameCpu},
    {"FD004", "possible", "FD007", "error", LuckyFlush, kAnywhere},
    {"FD005", "possible", "FD007", "possible", PossibleFree, kAnywhere},
    {"FD006", "possible", nullptr, nullptr, LastDropInversion, kOnSameCpu},
    {"FD008", "error", nullptr, nullptr, StaleAccess, kOnSameCpu},
    {"FD009", "error", nullptr, nullptr, ForeignCpuAccess, kOnSameCpu},
    {"FD010", "error", nullptr, nullptr, UnmappedAccess, kAnywhere},
    {"FD011", "error", nullptr, nullptr, UnflushedHandout, kAnywhere},
    {"FD012", "error", nullptr, nullptr, UnflushedReuse, kAnywhere},
    {"FD013", "error", nullptr, nullptr, MappingImbalance, kOnSameCpu},
    {"FD014", "error", nullptr, nullptr, WrongContext, kWhereNoFlush | kNoLock},
    {"FD015", "error", nullptr, nullptr, InvalidFree, kAnywhere},
    {"FD016", "error", nullptr, nullptr, OutlivesAccess, kAnywhere},
    {"FD017", "possible", nullptr, nullptr, ShootdownDeadlock, kWhereNoFlush | kInIrqOffOnly},
    {"FD018", "error", nullptr, nullptr, UnflushedTableFree, kAnywhere},
    {"FD019", "error", nullptr, nullptr, StalePermission, kAnywhere},
};

bool Fits(const Row& row, const Context& context) {
  if ((row.where & kOnSameCpu) != 0 && !context.same_cpu) return false;
  if ((row.where & kWhereNoFlush) != 0 && !context.no_flush) return false;
  const std::string name = context.name;
  if ((row.where & kNoLock) != 0 && name == "irq_lock") return false;
  return (row.where & kInIrqOffOnly) == 0 || (name != "softirq" && name != "irq_lock");
}

struct Grid {
  Grid() {
    for (const Row& row : kRows)
      for (const Context& context : kContexts)
        if (Fits(row, context)) Add(row, context);
  }

  void Add(const Row& row, const Context& context) {
    const bool other = context.no_flush && row.rule_there != nullptr;
    const char* const rule = other ? row.rule_there : row.rule;
    const char* const severity = other ? row.severity_there : row.severity;
    const std::string name = std::string(row.rule) + "." + context.name;
    for (const bool wrong : {true, false}) {
      const std::string& kept = names_.emplace_back(wrong ? name : name + ".right");
      programs_.emplace_back(
          kept.c_str(), wrong ? rule : "",
          [&row, &context, wrong] { row.run(*context.run, wrong); }, severity);
    }
  }

  std::deque<std::string> names_;
  std::deque<Program> programs_;
};
Grid g_grid;

}  // namespace
}  // namespace flushdep::programs
