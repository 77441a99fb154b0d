// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD001 unflushed-free: a page changes owner with hardware debt, and no explicit
// flush after the put touched the old translation. The mermap's own local flush when a slice
// wraps is nobody's flush: it is mentioned, and does not make this FD003.
#ifndef FLUSHDEP_CHECKER_RULES_UNFLUSHED_FREE_H_
#define FLUSHDEP_CHECKER_RULES_UNFLUSHED_FREE_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckUnflushedFree(State& state, const OwnerChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_UNFLUSHED_FREE_H_
