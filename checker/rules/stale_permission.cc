// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/stale_permission.h"

#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckStalePermission(State& state, const OwnerChange& change, Verdict* verdict) {
  if (!change.owes || (change.debt.stale.kind & kLostPermission) == 0) return false;
  const Debt& debt = change.debt;
  verdict->rule = Rule::FD019;
  verdict->doing = Doing(change.change);
  verdict->pfn = debt.pfn;
  verdict->mm = debt.mm;
  if (debt.stale.va != kManyAddresses) verdict->va = debt.stale.va;
  FixedText<320>& text = verdict->message;
  text.Add("page pfn ").Address(debt.pfn).Add(What(change.change)).Add(" while ");
  AddCpus(debt.holders, &text);
  text.Add(" may still use a permission that was taken away");
  AddPlace(debt.stale, debt.mm, &text);
  text.Add(debt.shortfall == Shortfall::None ? ": not flushed since then"
                                             : ": the flush since then did not suffice");
  verdict->Show(Role::Put, "permission taken away, without a flush,",
                debt.stale.space == kKernelSpace ? state.UnmapOf(debt.pfn)
                                                 : state.PutOf(debt.pfn, debt.stale.va));
  verdict->Show(Role::Map, "mapped", state.MapOf(debt.pfn, debt.stale.va));
  if (debt.shortfall != Shortfall::None)
    verdict->Show(Role::Flush, "flushed, which did not suffice,", debt.flush.moment);
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(debt.pfn));
  return true;
}

}  // namespace flushdep
