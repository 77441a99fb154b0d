// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/outlives_access.h"

#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckOutlivesAccess(State& state, const AccessLost& lost, Verdict* verdict) {
  if (!lost.mapped && !lost.owes) return false;
  verdict->rule = Rule::FD016;
  verdict->now = Role::Free;
  verdict->doing = "lose its right to memory";
  verdict->pfn = lost.debt.pfn;
  verdict->mm = lost.mm;
  verdict->va = lost.va;
  FixedText<320>& text = verdict->message;
  text.Add("mm ").Number(lost.mm).Add(" loses its right to page pfn ").Address(lost.debt.pfn);
  if (!lost.owes) {
    text.Add(" while a mapping of it is live");
    verdict->Show(Role::Map, "mapped", state.MapOf(lost.debt.pfn, lost.va));
    verdict->Show(Role::Alloc, "allocated", state.AllocOf(lost.debt.pfn));
    return true;
  }
  text.Add(" while ");
  AddCpus(lost.debt.holders, &text);
  text.Add(" may still reach it");
  AddPlace(lost.debt.stale, lost.debt.mm, &text);
  text.Add(lost.debt.shortfall == Shortfall::None ? ": not flushed since it was put"
                                                  : ": the flush since the put did not suffice");
  ShowDebt(state, lost.debt.pfn, lost.debt.stale, verdict);
  if (lost.debt.shortfall != Shortfall::None)
    verdict->Show(Role::Flush, "flushed, which did not suffice,", lost.debt.flush.moment);
  return true;
}

}  // namespace flushdep
