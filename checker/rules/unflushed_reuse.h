// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD012 unflushed-reuse: an address is given a new page while its owner (the slice's CPU; in
// other regions whoever runs there) may still hold the old translation. What other CPUs hold of a
// slice stays owed, and is due at the free.
#ifndef FLUSHDEP_CHECKER_RULES_UNFLUSHED_REUSE_H_
#define FLUSHDEP_CHECKER_RULES_UNFLUSHED_REUSE_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckUnflushedReuse(State& state, const MapChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_UNFLUSHED_REUSE_H_
