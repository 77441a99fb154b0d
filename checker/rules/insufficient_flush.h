// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD003 insufficient-flush: a page changes owner with hardware debt although a flush
// after the put touched the old translation: on too few CPUs, in the wrong mm, over too short
// a range, or one that has not returned.
#ifndef FLUSHDEP_CHECKER_RULES_INSUFFICIENT_FLUSH_H_
#define FLUSHDEP_CHECKER_RULES_INSUFFICIENT_FLUSH_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckInsufficientFlush(State& state, const OwnerChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_INSUFFICIENT_FLUSH_H_
