// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD006 last-drop-inversion: two holders of a page drop their references; one side flushes, the
// other does not, and this time the one that flushes comes last. Never an FD001.
#include <atomic>

#include "tests/programs/cache.h"

namespace flushdep::programs {
namespace {

// Real time, ordering nothing.
void Await(const std::atomic<int>& step, int value) {
  while (step.load(std::memory_order_relaxed) < value) flushdep_cond_resched();
}

enum class Order { None, Told };

// The user maps, puts and drops; the owner flushes and drops last.
struct Holders {
  Pfn pfn = FLUSHDEP_PFN_NONE;
  std::atomic<int> step{0}, there{0};
  int people = 2;
  flushdep_completion dropped = FLUSHDEP_COMPLETION;

  explicit Holders(unsigned order = 0) {
    Prepare();
    pfn = order == 0 ? AllocPage(FLUSHDEP_ALLOC_UNMAPPED)
                     : flushdep_folio_alloc(order, FLUSHDEP_ALLOC_UNMAPPED);
    Require(pfn != FLUSHDEP_PFN_NONE, "no folio");
    flushdep_page_get(pfn);
  }
  // A thread that takes over the CPU of one that is through is ordered after it: so both are there
  // before either begins.
  void Meet() {
    flushdep_cpu_current();
    there.fetch_add(1, std::memory_order_relaxed);
    Await(there, people);
  }
  void UserDrops() {
    flushdep_page_put(pfn);
    step.store(1, std::memory_order_relaxed);
    flushdep_complete(&dropped);
  }
  template <Order kOrder>
  void OwnerWaits() {
    if (kOrder == Order::Told)
      flushdep_completion_wait(&dropped);
    else
      Await(step, 1);
  }
};

// The owner flushes before it drops, but nothing puts the user's last put before that flush.
template <Order kOrder>
void UserFirst(unsigned order, bool softirq) {
  Holders page(order);
  Threads threads;
  threads.Start("owner", [&] {
    page.Meet();
    page.OwnerWaits<kOrder>();
    flushdep_flush_all();
    flushdep_folio_put(page.pfn);
  });
  threads.Start("user", [&] {
    page.Meet();
    Zero(page.pfn + Random(1u << order));
    if (softirq) flushdep_softirq_enter();
    page.UserDrops();
    if (softirq) flushdep_softirq_exit();
  });
}
PROGRAM(user_drops_first_by_chance, "FD006") { UserFirst<Order::None>(0, false); }
PROGRAM(user_drops_first_and_says_so, "") { UserFirst<Order::Told>(0, false); }
// Any page of a folio.
PROGRAM(folio_user_first_by_chance, "FD006") { UserFirst<Order::None>(2, false); }
PROGRAM(folio_user_first_and_says_so, "") { UserFirst<Order::Told>(2, false); }
// A reference that is dropped in softirq.
PROGRAM(softirq_drops_first_by_chance, "FD006") { UserFirst<Order::None>(0, true); }
PROGRAM(softirq_drops_first_and_says_so, "") { UserFirst<Order::Told>(0, true); }

// Two users; either may be the last.
template <Order kOrder>
void TwoUsers() {
  Holders page(1);
  page.people = 3;
  flushdep_page_get(page.pfn);
  flushdep_completion both[2] = {FLUSHDEP_COMPLETION, FLUSHDEP_COMPLETION};
  std::atomic<int> dropped{0};
  Threads threads;
  threads.Start("owner", [&] {
    page.Meet();
    Await(dropped, 2);
    if (kOrder == Order::Told)
      for (flushdep_completion& one : both) flushdep_completion_wait(&one);
    flushdep_flush_all();
    flushdep_page_put(page.pfn);
  });
  for (flushdep_completion& done : both)
    threads.Start("user", [&] {
      page.Meet();
      // Each its own page of the folio.
      Zero(page.pfn + static_cast<Pfn>(&done - both));
      flushdep_page_put(page.pfn);
      dropped.fetch_add(1, std::memory_order_relaxed);
      flushdep_complete(&done);
    });
}
PROGRAM(two_users_first_by_chance, "FD006") { TwoUsers<Order::None>(); }
PROGRAM(two_users_first_and_say_so, "") { TwoUsers<Order::Told>(); }

// The put came before the owner began; it always flushes before it drops: any order is safe.
template <bool kAlways>
void OwnerAlwaysFlushes() {
  Holders page;
  if (kAlways) Zero(page.pfn);
  Threads threads;
  threads.Start("owner", [&] {
    page.Meet();
    if (!kAlways) Await(page.step, 1);
    flushdep_flush_all();
    if (kAlways) Await(page.step, 1);
    flushdep_page_put(page.pfn);
  });
  threads.Start("user", [&] {
    page.Meet();
    if (!kAlways) Zero(page.pfn);
    page.UserDrops();
  });
}
PROGRAM(put_after_owner_began, "FD006") { OwnerAlwaysFlushes<false>(); }
PROGRAM(put_before_owner_began, "") { OwnerAlwaysFlushes<true>(); }

}  // namespace
}  // namespace flushdep::programs
