// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD009 foreign-cpu-access: a load or store through another CPU's slice of the mermap. The
// mapping is there for this CPU too, but it may hold an old translation of the address: only the
// owner's TLB is flushed when the address is handed out again.
#ifndef FLUSHDEP_CHECKER_RULES_FOREIGN_CPU_ACCESS_H_
#define FLUSHDEP_CHECKER_RULES_FOREIGN_CPU_ACCESS_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckForeignCpuAccess(State& state, const Access& access, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_FOREIGN_CPU_ACCESS_H_
