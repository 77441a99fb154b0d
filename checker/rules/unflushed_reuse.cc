// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/unflushed_reuse.h"

#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckUnflushedReuse(State& state, const MapChange& change, Verdict* verdict) {
  if (!change.reuses) return false;
  verdict->rule = Rule::FD012;
  verdict->now = Role::Map;
  verdict->doing = "map a page at an address that was used before";
  verdict->pfn = change.pfn;
  verdict->va = change.va;
  verdict->mm = change.mm;
  FixedText<320>& text = verdict->message;
  text.Add("address ").Address(change.va).Add(" is given page pfn ").Address(change.pfn);
  text.Add(" while ");
  AddCpus(change.holders, &text);
  text.Add(" may still reach pfn ").Address(change.old_pfn).Add(" through it");
  verdict->Show(Role::Put, "put, without a flush,", state.PutOf(change.old_pfn, 0));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(change.pfn));
  return true;
}

}  // namespace flushdep
