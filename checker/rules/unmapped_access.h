// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD010 unmapped-access: a load or store to an unmapped page through the direct map.
#ifndef FLUSHDEP_CHECKER_RULES_UNMAPPED_ACCESS_H_
#define FLUSHDEP_CHECKER_RULES_UNMAPPED_ACCESS_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckUnmappedAccess(State& state, const Access& access, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_UNMAPPED_ACCESS_H_
