// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/free_while_mapped.h"

#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckFreeWhileMapped(State& state, const OwnerChange& change, Verdict* verdict) {
  const bool relevant =
      change.change == Change::Free || (change.change == Change::Assert && change.asserts_unmapped);
  if (!relevant || change.mapped_pfn == FLUSHDEP_NO_PFN) return false;
  verdict->rule = Rule::FD002;
  verdict->doing = Doing(change.change);
  verdict->pfn = change.mapped_pfn;
  verdict->message.Add("page pfn ").Address(change.mapped_pfn);
  verdict->message.Add(change.change == Change::Free ? " freed" : " claimed to be unmapped");
  verdict->message.Add(" while an ephemeral mapping of it is live");
  verdict->Show(Role::Map, "mapped", state.MapOf(change.mapped_pfn, 0));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(change.mapped_pfn));
  return true;
}

}  // namespace flushdep
