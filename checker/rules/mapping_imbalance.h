// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD013 mapping-imbalance: a mapping is put twice, by another CPU or in another mm, or never;
// migration or preemption is enabled once too often, or left disabled.
#ifndef FLUSHDEP_CHECKER_RULES_MAPPING_IMBALANCE_H_
#define FLUSHDEP_CHECKER_RULES_MAPPING_IMBALANCE_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckMappingImbalance(State& state, const MapBalance& balance, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_MAPPING_IMBALANCE_H_
