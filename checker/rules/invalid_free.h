// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD015 invalid-free: a double free, a free with another order or from the middle
// of an allocation, of what was never allocated, and mapping a page that is free.
#ifndef FLUSHDEP_CHECKER_RULES_INVALID_FREE_H_
#define FLUSHDEP_CHECKER_RULES_INVALID_FREE_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckInvalidFree(State& state, const OwnerChange& change, Verdict* verdict);
bool CheckMappingFreePage(State& state, const MapChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_INVALID_FREE_H_
