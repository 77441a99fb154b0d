// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD002 free-while-mapped: a page is freed while an ephemeral mapping of it is live.
#ifndef FLUSHDEP_CHECKER_RULES_FREE_WHILE_MAPPED_H_
#define FLUSHDEP_CHECKER_RULES_FREE_WHILE_MAPPED_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckFreeWhileMapped(State& state, const OwnerChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_FREE_WHILE_MAPPED_H_
