// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FA002 batchable-flush: the flushes of a site end one or two translations each.
#ifndef FLUSHDEP_CHECKER_RULES_BATCHABLE_FLUSH_H_
#define FLUSHDEP_CHECKER_RULES_BATCHABLE_FLUSH_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckBatchableFlush(State& state, const FlushAdvice& advice, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_BATCHABLE_FLUSH_H_
