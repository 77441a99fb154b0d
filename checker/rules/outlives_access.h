// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD016 outlives-access: an mm loses its right to memory (an area is closed) while a
// translation of it is live in that mm, or may still be cached.
#ifndef FLUSHDEP_CHECKER_RULES_OUTLIVES_ACCESS_H_
#define FLUSHDEP_CHECKER_RULES_OUTLIVES_ACCESS_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckOutlivesAccess(State& state, const AccessLost& lost, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_OUTLIVES_ACCESS_H_
