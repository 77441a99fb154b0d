// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/unflushed_free.h"

#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckUnflushedFree(State& state, const OwnerChange& change, Verdict* verdict) {
  if (!change.owes || change.debt.shortfall != Shortfall::None || !change.asserts_flushed)
    return false;
  verdict->rule = Rule::FD001;
  DescribeDebt(state, change, verdict);
  verdict->message.Add(": not flushed since ").Add(HowEnded(state, change.debt.stale));
  if (change.debt.local_wrap) {
    if (!verdict->note.empty()) verdict->note.Add("; ");
    verdict->note.Add(
        "since then the mermap flushed a CPU's own TLB (its slice was used up), "
        "which reached no other CPU");
  }
  ShowDebt(state, change.debt.pfn, change.debt.stale, verdict);
  return true;
}

}  // namespace flushdep
