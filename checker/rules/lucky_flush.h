// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD004 lucky-flush: a page changes owner and no CPU holds its old translation, but no flush
// guaranteed that: the hardware dropped it for reasons of its own, or a flush that nothing
// orders before the owner change happened to be done.
#ifndef FLUSHDEP_CHECKER_RULES_LUCKY_FLUSH_H_
#define FLUSHDEP_CHECKER_RULES_LUCKY_FLUSH_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckLuckyFlush(State& state, const OwnerChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_LUCKY_FLUSH_H_
