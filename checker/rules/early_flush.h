// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FA004 early-flush: what a site flushes is flushed again before its page is freed: the flush
// could have waited for the free, where one does for many.
#ifndef FLUSHDEP_CHECKER_RULES_EARLY_FLUSH_H_
#define FLUSHDEP_CHECKER_RULES_EARLY_FLUSH_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckEarlyFlush(State& state, const FlushAdvice& advice, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_EARLY_FLUSH_H_
