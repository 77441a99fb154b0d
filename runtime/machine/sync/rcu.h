// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RCU. Time is divided into phases; a read section belongs to the phase in which its outermost
// lock was. A grace period starts the next phase and waits for the read sections of earlier
// ones; grace periods come one after the other.
//
// What is told is exactly what RCU promises: all of a read section happens before the end of
// every grace period that started after it did, and the start of a grace period happens before
// every read section that starts after it. Hence two objects that read sections release, used in
// turn: the end of a grace period acquires that of the phase before, its start the other one, in
// which only older phases are yet.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SYNC_RCU_H_
#define FLUSHDEP_RUNTIME_MACHINE_SYNC_RCU_H_

#include <cstdint>

#include "runtime/machine/call.h"

namespace flushdep {

// Leaves all read sections of the calling thread. True if it was in any.
bool LeaveReadSections(const Call& call);
// The present phase: 1, and one more for each grace period that started.
uint64_t RcuPhase();
// A thread left a read section in an unusual way: grace periods under way shall look again.
void WakeGracePeriods();
// The child of a fork: no grace period is under way.
void ResetRcuInChild();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SYNC_RCU_H_
