// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD007 unflushable-free: a page is freed, with a flush owed by contract, where a shootdown
// cannot run: interrupts off, or not in task context. A spinlock alone is no such place.
#ifndef FLUSHDEP_CHECKER_RULES_UNFLUSHABLE_FREE_H_
#define FLUSHDEP_CHECKER_RULES_UNFLUSHABLE_FREE_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckUnflushableFree(State& state, const OwnerChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_UNFLUSHABLE_FREE_H_
