// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD017 shootdown-deadlock: a cross-CPU flush is issued with a lock held whose class is awaited
// elsewhere with interrupts off. The waiter never takes the IPI, the holder never lets go.
#ifndef FLUSHDEP_CHECKER_RULES_SHOOTDOWN_DEADLOCK_H_
#define FLUSHDEP_CHECKER_RULES_SHOOTDOWN_DEADLOCK_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckShootdownDeadlock(State& state, const LockCycle& cycle, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_SHOOTDOWN_DEADLOCK_H_
