// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/last_drop_inversion.h"

#include "checker/model/state.h"

namespace flushdep {

bool CheckLastDropInversion(State& state, const OwnerChange& change, Verdict* verdict) {
  const Inversion& inversion = change.inversion;
  if (!inversion.found || change.owes || change.owes_contract) return false;
  verdict->rule = Rule::FD006;
  verdict->severity = Severity::Possible;
  verdict->doing = "free a page that a CPU can still reach";
  verdict->pfn = inversion.drop.pfn;
  FixedText<320>& text = verdict->message;
  text.Add("page pfn ").Address(inversion.drop.pfn);
  text.Add(" has two holders; this one flushes");
  text.Add(inversion.only_last ? " when its drop is the last" : " before it drops");
  text.Add(", thread ").Number(inversion.drop.thread);
  text.Add(" dropped without a flush and may be the last next time");
  if (!inversion.only_last)
    verdict->note.Add("the put is not ordered before the flush either: it may come after it");
  verdict->Step(0).Add("put(page)");
  if (!inversion.only_last) verdict->Step(1).Add("flush()     <-- before the put: no use");
  verdict->Step(1).Add("drop(page)     not the last");
  verdict->Step(0).Add("drop(page)     the last, no flush");
  verdict->Step(0).Add("free(page)     <-- still cached");
  verdict->Show(Role::Drop, "dropped by the other holder, with a flush owed,",
                inversion.drop.moment);
  verdict->Show(Role::Flush, "flushed by this holder", inversion.flush.moment);
  verdict->Show(Role::Put, "put, without a flush,", state.PutOf(inversion.drop.pfn, 0));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(inversion.drop.pfn));
  return true;
}

}  // namespace flushdep
