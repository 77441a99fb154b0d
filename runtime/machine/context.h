// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a thread may do where it is: nesting of preempt_disable(), migrate_disable() and
// bh_disable(), interrupts off, and being in a softirq, a hard interrupt or an NMI.
//
// The counters belong to the calling thread, as on Linux they go with the task or with
// the CPU that it cannot leave meanwhile. Entering and leaving is told as
// CONTEXT; leaving what was not entered changes nothing and is told as a FAILED event of depth -1.
#ifndef FLUSHDEP_RUNTIME_MACHINE_CONTEXT_H_
#define FLUSHDEP_RUNTIME_MACHINE_CONTEXT_H_

#include <cstdint>

namespace flushdep {

struct Call;

struct Context {
  int preempt;
  int migrate;
  int irqs_off;  // 0 or 1: interrupts do not nest, whoever turns them off saves what was
  int bh;
  int softirq;
  int hardirq;
  int nmi;
  int rcu;  // read sections; not atomic context, but nothing may sleep in one
};

void PreemptDisable(const Call& call);
void PreemptEnable(const Call& call);
void MigrateDisable(const Call& call);
void MigrateEnable(const Call& call);
void BhDisable(const Call& call);
void BhEnable(const Call& call);
// Interrupts off, and whether they were before; Restore() takes that.
bool IrqSave(const Call& call);
void IrqRestore(bool were_off, const Call& call);
void RcuReadLock(const Call& call);
void RcuReadUnlock(const Call& call);
// Enter or leave FLUSHDEP_CTX_SOFTIRQ, _HARDIRQ or _NMI. A hard interrupt and an NMI
// run with interrupts off.
void EnterInterrupt(uint32_t what, const Call& call);
void LeaveInterrupt(uint32_t what, const Call& call);

// Of the calling thread, as Linux defines them.
bool InTask();
bool InAtomic();  // may not sleep
bool IrqsOff();
bool MayMigrate();
inline bool MaySleep() { return !InAtomic(); }

// The innermost counter that is not 0, as enum flushdep_context: why something is forbidden here.
uint32_t ContextReason();
// Of one counter, by enum flushdep_context; 0 for what is none.
int ContextDepth(uint32_t what);

// How deep the thread still is in what mappings turned off for it, which was not told call by call.
void TellMigrateDepth(const Call& call);

// A call that its context forbids: WRONG_CONTEXT with counter `what` and its depth.
// `extra_flags`: FLUSHDEP_F_FAILED if the call is refused for it.
void EmitWrongContext(uint32_t what, uint16_t extra_flags, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_CONTEXT_H_
