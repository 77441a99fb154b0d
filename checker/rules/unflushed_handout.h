// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD011 unflushed-handout: a page is published, or handed out by the allocator, as unmapped
// while it is still in the direct map, or a CPU may still reach it there.
#ifndef FLUSHDEP_CHECKER_RULES_UNFLUSHED_HANDOUT_H_
#define FLUSHDEP_CHECKER_RULES_UNFLUSHED_HANDOUT_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckUnflushedHandout(State& state, const OwnerChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_UNFLUSHED_HANDOUT_H_
