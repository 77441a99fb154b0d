// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/free_while_mapped.h"

#include "checker/model/state.h"

namespace flushdep {

bool CheckFreeWhileMapped(State& state, const OwnerChange& change, Verdict* verdict) {
  if (change.transfer || change.mapped_pfn == FLUSHDEP_NO_PFN) return false;
  verdict->rule = Rule::FD002;
  verdict->doing = "free a page";
  verdict->pfn = change.mapped_pfn;
  verdict->message.Add("page pfn ").Address(change.mapped_pfn);
  verdict->message.Add(" freed while an ephemeral mapping of it is live");
  verdict->Show(Role::Map, "mapped", state.MapOf(change.mapped_pfn, 0));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(change.mapped_pfn));
  return true;
}

}  // namespace flushdep
