// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FA001 redundant-flush: most flushes of a site end no translation.
#ifndef FLUSHDEP_CHECKER_RULES_REDUNDANT_FLUSH_H_
#define FLUSHDEP_CHECKER_RULES_REDUNDANT_FLUSH_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckRedundantFlush(State& state, const FlushAdvice& advice, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_REDUNDANT_FLUSH_H_
