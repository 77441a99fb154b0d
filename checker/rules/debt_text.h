// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the rules about debts have in common: who may hold the old
// translation, in words, the evidence of its life, and what to do about it.
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

// How the translation was ended: "its mapping was put (mermap_put)".
std::string_view HowEnded(State& state, const StaleTranslation& stale);
// The same as a line of a scenario: "mermap_put()".
std::string_view EndingCall(State& state, const StaleTranslation& stale);

// " at mermap address 0x.. in mm 1".
void AddPlace(State& state, const StaleTranslation& stale, uint32_t mm, FixedText<320>* text);

// "page pfn 0x.. freed while CPU 0 may still reach it at mermap address 0x.. in mm 1".
void DescribeDebt(State& state, const OwnerChange& change, Verdict* verdict);

// Put, map and alloc of the page that owes.
void ShowDebt(State& state, uint64_t pfn, const StaleTranslation& stale, Verdict* verdict);

// What a flush of its own accord was for; a heading.
std::string_view OwnReason(const Moment& flush);

// Where no shootdown can run: " in softirq", " with interrupts off".
std::string_view AtomicPlace(uint32_t context);
std::string_view AtomicRemedy(uint32_t context);
// The remedy that depends on what is flushed, and where; empty: the rule's.
std::string_view FlushRemedy(State& state, const OwnerChange& change,
                             const StaleTranslation& stale);

// "load of 8 bytes from 0x7e9000000000"; without its size where that is not known.
void AddAccess(const Access& access, FixedText<320>* text);
// Says so if only a trap told of it.
void NoteTrap(const Access& access, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_DEBT_TEXT_H_
