// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD005 possible-unflushed-free, in two lives of a class: one passed a place with a flush owed
// and is still there, another went from that place to its free without a flush, as it owed
// none. And FD007, where that free is in a context that cannot shoot down. Never an FD001.
#include "checker/event/annotations.h"
#include "tests/programs/cache.h"

namespace flushdep::programs {
namespace {

__attribute__((noinline)) Pfn NewPage() { return AllocPage(FLUSHDEP_ALLOC_UNMAPPED); }

// The places.
__attribute__((noinline)) void TakeReference(Pfn pfn) { flushdep_page_get(pfn); }
__attribute__((noinline)) void DropReference(Pfn pfn) { flushdep_page_put(pfn); }
__attribute__((noinline)) void Queue(Pfn pfn) { flushdep_passes(pfn, 0); }
__attribute__((noinline)) void QueueAs(Pfn pfn) { flushdep_passes(pfn, 7); }
__attribute__((noinline)) void Release(Pfn pfn) { flushdep_page_put(pfn); }

// A page that was written to, and now waits somewhere until the machine ends.
void Waits(void (*place)(Pfn)) {
  const Pfn pfn = NewPage();
  if (place == DropReference) flushdep_page_get(pfn);
  Zero(pfn);
  Anywhere();
  place(pfn);
}
// A page that never was, and fails at the same place.
void Fails(void (*place)(Pfn), bool extra_reference) {
  const Pfn pfn = NewPage();
  if (place == DropReference) flushdep_page_get(pfn);
  Anywhere();
  place(pfn);
  if (extra_reference) flushdep_page_put(pfn);
  Release(pfn);
}
// A page that was written to, and fails with the flush that its owner knows to be due.
void FailsFlushed(void (*place)(Pfn), bool extra_reference) {
  const Pfn pfn = NewPage();
  if (place == DropReference) flushdep_page_get(pfn);
  Zero(pfn);
  Anywhere();
  place(pfn);
  flushdep_flush_all();
  if (extra_reference) flushdep_page_put(pfn);
  Release(pfn);
}

// Wrong: nothing ever showed that the error path flushes. Right: it does, when there is need.
void TwoLives(void (*place)(Pfn), bool extra_reference, bool conditional) {
  Prepare();
  Waits(place);
  Fails(place, extra_reference);
  if (conditional) FailsFlushed(place, extra_reference);
}
PROGRAM(error_path_after_get, "FD005") { TwoLives(TakeReference, true, false); }
PROGRAM(error_path_after_get_flushes, "") { TwoLives(TakeReference, true, true); }
PROGRAM(error_path_after_put, "FD005") { TwoLives(DropReference, false, false); }
PROGRAM(error_path_after_put_flushes, "") { TwoLives(DropReference, false, true); }
PROGRAM(error_path_after_queueing, "FD005") { TwoLives(Queue, false, false); }
PROGRAM(error_path_after_queueing_flushes, "") { TwoLives(Queue, false, true); }
PROGRAM(error_path_after_named_place, "FD005") { TwoLives(QueueAs, false, false); }
PROGRAM(error_path_after_named_place_flushes, "") { TwoLives(QueueAs, false, true); }

// A conditional flush whose condition is a flag that the writer should set.
template <bool kSetsFlag>
void Flag() {
  struct File {
    bool stale = false;
  };
  Prepare();
  File files[3];
  Pfn pages[3];
  const bool writes[3] = {true, true, false};
  for (int i = 0; i < 3; i++) {
    pages[i] = NewPage();
    if (writes[i]) {
      Zero(pages[i]);
      files[i].stale = kSetsFlag;
    }
    Queue(pages[i]);
  }
  // The first stays open. Without the flag only the page that owes nothing may be freed here.
  for (int i = kSetsFlag ? 1 : 2; i < 3; i++) {
    if (files[i].stale) flushdep_flush_all();
    Release(pages[i]);
  }
}
PROGRAM(flag_not_set, "FD005") { Flag<false>(); }
PROGRAM(flag_set, "") { Flag<true>(); }

// Two threads, one life each.
template <bool kFlushes>
void Workers() {
  Prepare();
  Threads threads;
  threads.Start("writer", [] { Waits(Queue); });
  threads.Start("loser", [] { Fails(Queue, false); });
  threads.Join();
  if (kFlushes) FailsFlushed(Queue, false);
}
PROGRAM(two_workers, "FD005") { Workers<false>(); }
PROGRAM(two_workers_and_a_flush, "") { Workers<true>(); }

// --- FD007 ------------------------------------------------------------------------

struct Context {
  void (*enter)();
  void (*leave)();
};
unsigned long g_flags;
constexpr Context kIrqsOff = {[] { g_flags = flushdep_irq_save(); },
                              [] { flushdep_irq_restore(g_flags); }};
constexpr Context kSoftirq = {flushdep_softirq_enter, flushdep_softirq_exit};
constexpr Context kHardirq = {flushdep_hardirq_enter, flushdep_hardirq_exit};
constexpr Context kNmi = {flushdep_nmi_enter, flushdep_nmi_exit};
flushdep_spinlock g_lock = {};
constexpr Context kIrqLock = {[] { g_flags = flushdep_spin_lock_irqsave(&g_lock); },
                              [] { flushdep_spin_unlock_irqrestore(&g_lock, g_flags); }};

// The free that cannot flush, of a page that owes nothing this time; another waits that does.
void FreesIn(const Context& context, bool before) {
  Prepare();
  Waits(Queue);
  if (before) FailsFlushed(Queue, false);
  const Pfn pfn = NewPage();
  Queue(pfn);
  if (before) flushdep_flush_all();
  context.enter();
  Release(pfn);
  context.leave();
}
PROGRAM(free_with_irqs_off, "FD007", "possible") { FreesIn(kIrqsOff, false); }
PROGRAM(flush_then_free_with_irqs_off, "") { FreesIn(kIrqsOff, true); }
PROGRAM(free_in_softirq, "FD007", "possible") { FreesIn(kSoftirq, false); }
PROGRAM(flush_then_free_in_softirq, "") { FreesIn(kSoftirq, true); }
PROGRAM(free_in_hardirq, "FD007", "possible") { FreesIn(kHardirq, false); }
PROGRAM(flush_then_free_in_hardirq, "") { FreesIn(kHardirq, true); }
PROGRAM(free_in_nmi, "FD007", "possible") { FreesIn(kNmi, false); }
PROGRAM(flush_then_free_in_nmi, "") { FreesIn(kNmi, true); }
PROGRAM(free_under_irq_lock, "FD007", "possible") { FreesIn(kIrqLock, false); }
PROGRAM(flush_then_free_under_irq_lock, "") { FreesIn(kIrqLock, true); }

// A spinlock alone is no such context: this is a matter of FD005.
constexpr Context kSpinlock = {[] { flushdep_spin_lock(&g_lock); },
                               [] { flushdep_spin_unlock(&g_lock); }};
PROGRAM(free_under_spinlock, "FD005") { FreesIn(kSpinlock, false); }

// The hardware flushed by accident, and here nobody could have.
template <bool kFlush>
void LuckyInSoftirq() {
  flushdep_migrate_disable();
  Prepare();
  flushdep_mm* own = flushdep_mm_current();
  const Pfn pfn = NewPage();
  Zero(pfn);
  flushdep_mm* others[8];
  for (flushdep_mm*& mm : others) flushdep_mm_switch(mm = flushdep_mm_create());
  flushdep_mm_switch(own);
  if (kFlush) flushdep_flush_all();
  flushdep_softirq_enter();
  Release(pfn);
  flushdep_softirq_exit();
  for (flushdep_mm* mm : others) flushdep_mm_put(mm);
  flushdep_migrate_enable();
}
PROGRAM(lucky_free_in_softirq, "FD007") { LuckyInSoftirq<false>(); }
PROGRAM(flushed_free_in_softirq, "") { LuckyInSoftirq<true>(); }

}  // namespace
}  // namespace flushdep::programs
