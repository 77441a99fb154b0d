// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/unflushed_handout.h"

#include "checker/event/events.h"
#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckUnflushedHandout(State& state, const OwnerChange& change, Verdict* verdict) {
  if (change.change != Change::Publish) return false;
  const bool present = change.claims_unmapped && change.present_pfn != FLUSHDEP_NO_PFN;
  if (!change.owes && !present) return false;
  verdict->rule = Rule::FD011;
  if (change.owes) {
    DescribeDebt(state, change, verdict);
    verdict->message.Add(
        change.debt.shortfall == Shortfall::None
            ? ": not flushed since it was taken out of the direct map"
            : ": the flush since it was taken out of the direct map did not reach all");
    ShowDebt(state, change.debt.pfn, change.debt.stale, verdict);
    if (change.debt.shortfall != Shortfall::None)
      verdict->Show(Role::Flush, "flushed, which did not suffice,", change.debt.flush.moment);
    return true;
  }
  verdict->doing = Doing(change.change);
  verdict->pfn = change.present_pfn;
  verdict->message.Add("page pfn ").Address(change.present_pfn);
  verdict->message.Add(" made visible as unmapped, but it is in the direct map");
  verdict->note.Add("was an error of set_direct_map_invalid_noflush() ignored?");
  verdict->remedy = "take the page out of the direct map, and flush, before others can see it";
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(change.present_pfn));
  return true;
}

}  // namespace flushdep
