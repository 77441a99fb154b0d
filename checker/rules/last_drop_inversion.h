// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD006 last-drop-inversion: of two holders the one that happened to drop last flushes, the
// other dropped its reference with the flush owed and does not. Had it been last, nobody would
// have flushed. Silent where every order is safe: H flushes before it drops and after the put,
// or the other drop always comes first.
#ifndef FLUSHDEP_CHECKER_RULES_LAST_DROP_INVERSION_H_
#define FLUSHDEP_CHECKER_RULES_LAST_DROP_INVERSION_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckLastDropInversion(State& state, const OwnerChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_LAST_DROP_INVERSION_H_
