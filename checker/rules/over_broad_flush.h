// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FA003 over-broad-flush: most CPUs that a site interrupts could hold nothing.
#ifndef FLUSHDEP_CHECKER_RULES_OVER_BROAD_FLUSH_H_
#define FLUSHDEP_CHECKER_RULES_OVER_BROAD_FLUSH_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckOverBroadFlush(State& state, const FlushAdvice& advice, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_OVER_BROAD_FLUSH_H_
