// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD005 possible-unflushed-free: one life reached a site with a flush owed, another went on from
// there to a free without one, since it owed none. Joined, they free with the flush owed. Where the
// free cannot flush at all it is FD007. Asked at the end of a run: until then a conditional flush
// may show up (model/flow_graph.h).
#ifndef FLUSHDEP_CHECKER_RULES_POSSIBLE_UNFLUSHED_FREE_H_
#define FLUSHDEP_CHECKER_RULES_POSSIBLE_UNFLUSHED_FREE_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckPossibleUnflushedFree(State& state, const PossibleFree& possible, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_POSSIBLE_UNFLUSHED_FREE_H_
