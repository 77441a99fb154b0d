// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD014 wrong-context: a call in a context that its contract forbids. The producer tells; it
// knows its calls.
#ifndef FLUSHDEP_CHECKER_RULES_WRONG_CONTEXT_H_
#define FLUSHDEP_CHECKER_RULES_WRONG_CONTEXT_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckWrongContext(State& state, const WrongContext& wrong, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_WRONG_CONTEXT_H_
