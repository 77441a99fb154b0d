// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/outlives_access.h"

#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckOutlivesAccess(State& state, const AccessLost& lost, Verdict* verdict) {
  if (!lost.mapped && !lost.owes) return false;
  verdict->rule = Rule::FD016;
  verdict->now = Role::Free;
  verdict->doing = "take memory away from an mm";
  verdict->pfn = lost.debt.pfn;
  verdict->mm = lost.mm;
  verdict->va = lost.va;
  FixedText<320>& text = verdict->message;
  text.Add("mm ").Number(lost.mm).Add(" loses page pfn ").Address(lost.debt.pfn);
  text.Add(", since its area at ").Address(lost.va).Add(" is closed (munmap, truncation, exit),");
  if (!lost.owes) {
    text.Add(" while a mapping of it is live");
    verdict->remedy = "put the mapping and flush (flush_tlb_mm) before the area is closed";
    verdict->Show(Role::Map, "mapped", state.MapOf(lost.debt.pfn, lost.va));
    verdict->Show(Role::Alloc, "allocated", state.AllocOf(lost.debt.pfn));
    return true;
  }
  text.Add(" while ");
  AddCpus(lost.debt.holders, &text);
  text.Add(" may still reach it");
  AddPlace(state, lost.debt.stale, lost.debt.mm, &text);
  const bool flushed = lost.debt.shortfall != Shortfall::None;
  text.Add(flushed ? ": the flush since " : ": not flushed since ");
  text.Add(HowEnded(state, lost.debt.stale)).Add(flushed ? " did not suffice" : "");
  ShowDebt(state, lost.debt.pfn, lost.debt.stale, verdict);
  if (flushed)
    verdict->Show(Role::Flush, "flushed, which did not suffice,", lost.debt.flush.moment);
  return true;
}

}  // namespace flushdep
