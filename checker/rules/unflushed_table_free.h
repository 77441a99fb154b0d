// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FD018 unflushed-table-free: a page-table page is freed while a CPU may still walk it: it is
// linked, or no flush since it was unlinked reached every CPU that has the mm loaded, lazy ones
// included.
#ifndef FLUSHDEP_CHECKER_RULES_UNFLUSHED_TABLE_FREE_H_
#define FLUSHDEP_CHECKER_RULES_UNFLUSHED_TABLE_FREE_H_

#include "checker/model/facts.h"
#include "checker/rules/verdict.h"

namespace flushdep {

bool CheckUnflushedTableFree(State& state, const OwnerChange& change, Verdict* verdict);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_UNFLUSHED_TABLE_FREE_H_
