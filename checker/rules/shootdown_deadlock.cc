// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/shootdown_deadlock.h"

#include "checker/event/events.h"
#include "checker/model/state.h"

namespace flushdep {

// By its name where it has one, else by its address.
static void AddLock(FixedText<320>& text, const LockClass& lock) {
  if (lock.name[0] == '\0') {
    text.Add("a lock of class ").Address(lock.key);
    return;
  }
  text.Add("a lock of class '").Add(lock.name);
  if (lock.subclass != 0) text.Add("/").Number(lock.subclass);
  text.Add("'");
}

static bool IsSame(const Moment& a, const Moment& b) {
  return a.time == b.time && a.stack == b.stack && a.cpu == b.cpu;
}

static bool IsInHandler(const LockCycle& cycle) {
  return cycle.lock.await_context == FLUSHDEP_CTX_HARDIRQ;
}

static std::string_view AwaitText(const LockCycle& cycle) {
  const bool handler = IsInHandler(cycle);
  if (cycle.through.key == 0)
    return handler ? "A awaited, in hardirq," : "A awaited, with interrupts off,";
  if (cycle.through.through == 0)
    return handler ? "B awaited, in hardirq," : "B awaited, with interrupts off,";
  return handler ? "awaited, in hardirq, a lock whose holder waits for B,"
                 : "awaited, with interrupts off, a lock whose holder waits for B,";
}

bool CheckShootdownDeadlock(State& state, const LockCycle& cycle, Verdict* verdict) {
  const bool direct = cycle.through.key == 0;
  const bool handler = IsInHandler(cycle);
  verdict->rule = Rule::FD017;
  verdict->severity = Severity::Possible;
  verdict->now = cycle.flushing ? Role::Flush : Role::Access;
  verdict->doing = cycle.flushing ? "wait for a CPU that waits for its lock"
                                  : "wait for a lock whose holder waits for this CPU";
  FixedText<320>& text = verdict->message;
  AddLock(text, cycle.lock);
  text.Add(" (A) is held across a cross-CPU flush, and awaited elsewhere");
  text.Add(handler ? " in hardirq" : " with interrupts off");
  if (!direct) {
    AddLock(text.Add(", by way of "), cycle.through);
    text.Add(" (B)");
  }
  verdict->Step(0).Add("lock(A)");
  verdict->Step(1).Add(handler ? "hardirq" : "interrupts off");
  if (direct) {
    if (handler)
      verdict->remedy =
          "drop the lock before the flush, and take it with spin_lock_irqsave() besides, since an "
          "interrupt handler takes it, too";
    verdict->Step(1).Add("lock(A)     waits for A's holder");
  } else {
    verdict->Step(1).Add("lock(B)     waits for B's holder,");
    verdict->Step(1).Add("            who waits for A");
  }
  verdict->Step(0).Add("flush()     waits for the other CPU");
  verdict->Step(0).Add("  *** DEADLOCK ***");
  // The steps but for the one that closes the circle, which is now.
  if (!cycle.flushing) verdict->Show(Role::Flush, "flushed, with A held,", cycle.lock.flush_moment);
  if (cycle.flushing || !IsSame(cycle.lock.await_moment, cycle.now))
    verdict->Show(Role::Access, AwaitText(cycle), cycle.lock.await_moment);
  if (!direct && (cycle.flushing || !IsSame(cycle.lock.order_moment, cycle.now)))
    verdict->Show(Role::Access, "A awaited, with B held,", cycle.lock.order_moment);
  if (cycle.lock.taken_at != 0)
    verdict->Show(Role::Access, "A taken, and held until after that flush,",
                  {kUnknownTime, state.stacks().Put(&cycle.lock.taken_at, 1), FLUSHDEP_NO_CPU, 0});
  return true;
}

}  // namespace flushdep
