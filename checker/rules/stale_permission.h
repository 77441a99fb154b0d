// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD019 stale-permission: a mapping lost a permission, and the page is relied on (published,
// handed over, claimed) while a CPU may still use the stronger entry.
#ifndef FLUSHDEP_CHECKER_RULES_STALE_PERMISSION_H_
#define FLUSHDEP_CHECKER_RULES_STALE_PERMISSION_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckStalePermission(State& state, const OwnerChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_STALE_PERMISSION_H_
