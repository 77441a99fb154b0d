// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the rules about debts have in common: who may hold the old
// translation, in words, and the evidence of its life.
#ifndef FLUSHDEP_CHECKER_RULES_DEBT_TEXT_H_
#define FLUSHDEP_CHECKER_RULES_DEBT_TEXT_H_

#include "checker/model/facts.h"
#include "checker/model/state.h"
#include "checker/rules/verdict.h"

namespace flushdep {

// "CPU 0", "CPUs 0,2-5".
void AddCpus(const CpuSet& cpus, FixedText<320>* text);

// "free a page", and what becomes of it: " freed".
std::string_view Doing(Change change);
std::string_view What(Change change);

// " at 0x.. in mm 1".
void AddPlace(const StaleTranslation& stale, uint32_t mm, FixedText<320>* text);

// "page pfn 0x.. freed while CPU 0 may still reach it at 0x.. in mm 1".
void DescribeDebt(const OwnerChange& change, Verdict* verdict);

// Put, map and alloc of the page that owes.
void ShowDebt(State& state, uint64_t pfn, const StaleTranslation& stale, Verdict* verdict);

// "load of 8 bytes from 0x7e9000000000"; without its size where that is not known.
void AddAccess(const Access& access, FixedText<320>* text);
// Says so if only a trap told of it.
void NoteTrap(const Access& access, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_DEBT_TEXT_H_
