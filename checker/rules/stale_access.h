// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD008 stale-access: a load or store through a mapping that was put. In the mmu
// backend the hardware refuses it: the event is a trap.
#ifndef FLUSHDEP_CHECKER_RULES_STALE_ACCESS_H_
#define FLUSHDEP_CHECKER_RULES_STALE_ACCESS_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckStaleAccess(State& state, const Access& access, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_STALE_ACCESS_H_
