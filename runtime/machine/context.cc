// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/context.h"

#include "checker/model/hot.h"
#include "runtime/machine/call.h"

namespace flushdep {
namespace {

void EmitContext(uint32_t what, int delta, int depth, const Call& call) {
  // What a call does for itself and undoes is of no interest to the invariant; how many mappings
  // keep the thread where it is, to nobody.
  if ((call.flags & FLUSHDEP_F_INTERNAL) != 0 &&
      (g_hot.InvariantOnly() || (g_hot.open() && what == FLUSHDEP_CTX_MIGRATE)))
    return;
  flushdep_event event = NewEvent(FLUSHDEP_EV_CONTEXT, call);
  if (depth < 0) event.flags |= FLUSHDEP_F_FAILED;
  event.u.context.what = what;
  event.u.context.delta = delta;
  event.u.context.depth = depth;
  Emit(event);
}

void Enter(uint32_t what, int& depth, const Call& call) {
  depth++;
  EmitContext(what, 1, depth, call);
}

void Leave(uint32_t what, int& depth, const Call& call) {
  if (depth > 0)
    depth--;
  else
    return EmitContext(what, -1, -1, call);
  EmitContext(what, -1, depth, call);
}

int& DepthOf(uint32_t what) {
  Context& context = t_thread.context;
  switch (what) {
    case FLUSHDEP_CTX_NMI:
      return context.nmi;
    case FLUSHDEP_CTX_HARDIRQ:
      return context.hardirq;
    case FLUSHDEP_CTX_SOFTIRQ:
      return context.softirq;
    case FLUSHDEP_CTX_IRQS_OFF:
      return context.irqs_off;
    case FLUSHDEP_CTX_BH_OFF:
      return context.bh;
    case FLUSHDEP_CTX_RCU:
      return context.rcu;
    case FLUSHDEP_CTX_MIGRATE:
      return context.migrate;
    default:
      return context.preempt;
  }
}

// Counters by which interrupts are off: moved under the CPU's lock, so that a shootdown is done
// either before they are off, or is pending, or is taken here.
void Move(uint32_t what, bool enter, const Call& call) {
  Cpu& cpu = g_machine.cpu[t_thread.cpu];
  MutexLock lock(cpu.lock);
  if (enter)
    Enter(what, DepthOf(what), call);
  else
    Leave(what, DepthOf(what), call);
  cpu.irqs_off = IrqsOff();
  if (!cpu.irqs_off) TakeShootdowns(t_thread.cpu);
}

}  // namespace

void PreemptDisable(const Call& call) {
  Enter(FLUSHDEP_CTX_PREEMPT, t_thread.context.preempt, call);
}
void PreemptEnable(const Call& call) {
  Leave(FLUSHDEP_CTX_PREEMPT, t_thread.context.preempt, call);
}
void MigrateDisable(const Call& call) {
  Enter(FLUSHDEP_CTX_MIGRATE, t_thread.context.migrate, call);
}
void MigrateEnable(const Call& call) {
  Leave(FLUSHDEP_CTX_MIGRATE, t_thread.context.migrate, call);
}
void BhDisable(const Call& call) { Enter(FLUSHDEP_CTX_BH_OFF, t_thread.context.bh, call); }
void BhEnable(const Call& call) { Leave(FLUSHDEP_CTX_BH_OFF, t_thread.context.bh, call); }

bool IrqSave(const Call& call) {
  if (IrqsOff()) return true;
  Move(FLUSHDEP_CTX_IRQS_OFF, true, call);
  return false;
}

void IrqRestore(bool were_off, const Call& call) {
  if (!were_off) Move(FLUSHDEP_CTX_IRQS_OFF, false, call);
}

void RcuReadLock(const Call& call) { Enter(FLUSHDEP_CTX_RCU, t_thread.context.rcu, call); }
void RcuReadUnlock(const Call& call) { Leave(FLUSHDEP_CTX_RCU, t_thread.context.rcu, call); }

void EnterInterrupt(uint32_t what, const Call& call) { Move(what, true, call); }
void LeaveInterrupt(uint32_t what, const Call& call) { Move(what, false, call); }

bool InTask() {
  const Context& context = t_thread.context;
  return context.softirq == 0 && context.hardirq == 0 && context.nmi == 0;
}

bool IrqsOff() {
  const Context& context = t_thread.context;
  return context.irqs_off > 0 || context.hardirq > 0 || context.nmi > 0;
}

bool InAtomic() {
  const Context& context = t_thread.context;
  return !InTask() || IrqsOff() || context.preempt > 0 || context.bh > 0;
}

bool MayMigrate() { return !InAtomic() && t_thread.context.migrate == 0; }

uint32_t ContextReason() {
  for (uint32_t what : {FLUSHDEP_CTX_NMI, FLUSHDEP_CTX_HARDIRQ, FLUSHDEP_CTX_SOFTIRQ,
                        FLUSHDEP_CTX_IRQS_OFF, FLUSHDEP_CTX_BH_OFF, FLUSHDEP_CTX_PREEMPT})
    if (DepthOf(what) > 0) return what;
  return FLUSHDEP_CTX_MIGRATE;
}

int ContextDepth(uint32_t what) {
  if (what < FLUSHDEP_CTX_PREEMPT || what > FLUSHDEP_CTX_RCU) return 0;
  return DepthOf(what);
}

void TellMigrateDepth(const Call& call) {
  if (g_hot.open() && t_thread.context.migrate > 0)
    EmitContext(FLUSHDEP_CTX_MIGRATE, 0, t_thread.context.migrate, call);
}

void EmitWrongContext(uint32_t what, uint16_t extra_flags, const Call& call) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_WRONG_CONTEXT, call);
  event.flags |= extra_flags;
  event.u.context.what = what;
  event.u.context.depth = DepthOf(what);
  event.u.context.api = call.reason;
  Emit(event);
}

}  // namespace flushdep
