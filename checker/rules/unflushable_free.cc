// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/unflushable_free.h"

#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckUnflushableFree(State& state, const OwnerChange& change, Verdict* verdict) {
  if (change.change != Change::Free || !change.owes_contract || !change.unflushable) return false;
  const OpenContract& contract = change.contract;
  verdict->rule = Rule::FD007;
  verdict->doing = Doing(change.change);
  verdict->pfn = contract.pfn;
  verdict->mm = contract.mm;
  verdict->va = contract.stale.va;
  FixedText<320>& text = verdict->message;
  text.Add("page pfn ").Address(contract.pfn);
  text.Add(" freed with a flush owed for its mapping");
  AddPlace(state, contract.stale, contract.mm, &text);
  text.Add(",").Add(AtomicPlace(change.context)).Add(", where no flush can run");
  verdict->note.Add(
      "no CPU holds the old translation this time, which nothing guarantees: "
      "the flush must come before, or the free later");
  verdict->remedy = AtomicRemedy(change.context);
  if (contract.luck == Luck::Internal)
    verdict->Show(Role::Flush, OwnReason(contract.flush.moment), contract.flush.moment);
  else if (contract.luck == Luck::NotOrdered)
    verdict->Show(Role::Flush, "flushed, by luck in time,", contract.flush.moment);
  ShowDebt(state, contract.pfn, contract.stale, verdict);
  return true;
}

}  // namespace flushdep
