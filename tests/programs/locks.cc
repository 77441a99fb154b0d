// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD017 shootdown-deadlock: a flush of other CPUs under a lock that is elsewhere awaited with
// interrupts off. Here the two never meet.
#include "tests/programs/program.h"

namespace flushdep::programs {
namespace {

void InTurn(void (*one)(), void (*two)()) {
  Threads threads;
  threads.Start("one", one);
  threads.Join();
  threads.Start("two", two);
}

flushdep_spinlock g_lock = {}, g_inner = {};
flushdep_rwlock g_table = {};

void FlushUnderLock() {
  machine::SpinGuard guard(g_lock);
  Anywhere();
  flushdep_flush_all();
}
void FlushAfterLock() {
  {
    machine::SpinGuard guard(g_lock);
  }
  flushdep_flush_all();
}
void TakeWithIrqsOff() {
  const unsigned long flags = flushdep_spin_lock_irqsave(&g_lock);
  flushdep_spin_unlock_irqrestore(&g_lock, flags);
}
PROGRAM(flush_under_irq_lock, "FD017") { InTurn(FlushUnderLock, TakeWithIrqsOff); }
PROGRAM(flush_after_irq_lock, "") { InTurn(FlushAfterLock, TakeWithIrqsOff); }

// The other order of learning.
PROGRAM(irq_lock_then_flush_under_it, "FD017") { InTurn(TakeWithIrqsOff, FlushUnderLock); }
PROGRAM(irqs_stay_on, "") {
  InTurn([] { machine::SpinGuard guard(g_lock); }, FlushUnderLock);
}

void TakeInHardirq() {
  flushdep_hardirq_enter();
  {
    machine::SpinGuard guard(g_lock);
  }
  flushdep_hardirq_exit();
}
void TakeInSoftirq() {
  flushdep_softirq_enter();
  {
    machine::SpinGuard guard(g_lock);
  }
  flushdep_softirq_exit();
}
PROGRAM(interrupt_handler_wants_lock, "FD017") { InTurn(FlushUnderLock, TakeInHardirq); }
PROGRAM(softirq_wants_lock, "") { InTurn(FlushUnderLock, TakeInSoftirq); }

// A range flush, under a reader's lock.
template <bool kUnder>
void FlushRange() {
  const auto start =
      reinterpret_cast<uintptr_t>(flushdep_mermap_slice_start(flushdep_mm_current(), 0));
  if (kUnder) {
    machine::ReadGuard guard(g_table);
    flushdep_flush_mm_range(flushdep_mm_current(), start, start + kPage);
  } else {
    {
      machine::ReadGuard guard(g_table);
    }
    flushdep_flush_mm_range(flushdep_mm_current(), start, start + kPage);
  }
}
void WriteWithIrqsOff() {
  const unsigned long flags = flushdep_write_lock_irqsave(&g_table);
  flushdep_write_unlock_irqrestore(&g_table, flags);
}
PROGRAM(range_flush_under_reader, "FD017") { InTurn(FlushRange<true>, WriteWithIrqsOff); }
PROGRAM(range_flush_after_reader, "") { InTurn(FlushRange<false>, WriteWithIrqsOff); }

// Two locks of one class.
struct Object {
  flushdep_spinlock lock;
};
void InitObject(Object& object) { FLUSHDEP_LOCK_INIT(&object.lock, "object"); }
template <bool kSameClass>
void Classes() {
  static Object one, two;
  InitObject(one);
  if (kSameClass)
    InitObject(two);
  else
    FLUSHDEP_LOCK_INIT(&two.lock, "another");
  InTurn(
      [] {
        machine::SpinGuard guard(one.lock);
        flushdep_flush_all();
      },
      [] {
        const unsigned long flags = flushdep_spin_lock_irqsave(&two.lock);
        flushdep_spin_unlock_irqrestore(&two.lock, flags);
      });
}
PROGRAM(one_class_of_locks, "FD017") { Classes<true>(); }
PROGRAM(two_classes_of_locks, "") { Classes<false>(); }

// Through a second lock: whoever waits for the inner one with interrupts off waits for a holder
// that waits for the flusher's lock.
template <bool kIrqsOff>
void Chain() {
  InTurn(
      [] {
        machine::SpinGuard outer(g_inner);
        machine::SpinGuard inner(g_lock);
      },
      FlushUnderLock);
  InTurn(
      [] {
        if (kIrqsOff) {
          const unsigned long flags = flushdep_spin_lock_irqsave(&g_inner);
          flushdep_spin_unlock_irqrestore(&g_inner, flags);
        } else {
          machine::SpinGuard guard(g_inner);
        }
      },
      [] {});
}
PROGRAM(through_a_second_lock, "FD017") { Chain<true>(); }
PROGRAM(second_lock_with_irqs_on, "") { Chain<false>(); }

}  // namespace
}  // namespace flushdep::programs
