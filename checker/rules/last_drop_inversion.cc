// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/last_drop_inversion.h"

#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {
namespace {

void AddOther(const DropRecord& drop, FixedText<320>* text) {
  text->Add("the other (thread ").Number(drop.thread);
  text->Add(", CPU ").Number(drop.moment.cpu).Add(")");
}

// As it would go wrong: this holder in column 0 is not the last, and the other is.
void TellNextTime(State& state, const OwnerChange& change, Verdict* verdict) {
  const Inversion& inversion = change.inversion;
  const bool other_put = inversion.drop.put.slot == inversion.drop.drop.slot;
  const std::string_view put = EndingCall(state, inversion.stale);
  verdict->column_heads[0].Add("this holder (CPU ").Number(change.cpu).Add(")");
  verdict->column_heads[1].Add("the other (CPU ").Number(inversion.drop.moment.cpu).Add(")");
  if (!inversion.only_last) verdict->Step(0).Add("flush()        <-- too early, no use");
  verdict->Step(other_put ? 1 : 0).Add(put);
  verdict->Step(0).Add(inversion.only_last ? "drop(page)     not the last, no flush"
                                           : "drop(page)     not the last");
  verdict->Step(1).Add("drop(page)     the last, no flush");
  verdict->Step(1).Add("free(page)     <-- still cached");
}

}  // namespace

bool CheckLastDropInversion(State& state, const OwnerChange& change, Verdict* verdict) {
  const Inversion& inversion = change.inversion;
  if (!inversion.found || change.owes || change.owes_contract) return false;
  verdict->rule = Rule::FD006;
  verdict->severity = Severity::Possible;
  verdict->doing = "free a page that a CPU can still reach";
  verdict->pfn = inversion.drop.pfn;
  FixedText<320>& text = verdict->message;
  text.Add("page pfn ").Address(inversion.drop.pfn);
  text.Add(" has more than one holder; for this one");
  text.Add(inversion.only_last ? " a flush came after it had dropped the last reference; "
                               : " a flush came before its drop; ");
  AddOther(inversion.drop, &text);
  text.Add(" dropped without a flush and may be the last next time");
  if (!inversion.only_last)
    verdict->note.Add("the put is not ordered before the flush either: it may come after it");
  TellNextTime(state, change, verdict);
  verdict->Show(Role::Drop, "dropped by the other holder, with a flush owed,",
                inversion.drop.moment);
  verdict->Show(Role::Flush,
                inversion.flush.thread == change.thread ? "flushed by this holder"
                                                        : "flushed, for this holder's free,",
                inversion.flush.moment);
  ShowDebt(state, inversion.drop.pfn, inversion.stale, verdict);
  return true;
}

}  // namespace flushdep
