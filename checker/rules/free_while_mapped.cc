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
  verdict->doing = change.change == Change::Free
                       ? Doing(change.change)
                       : "claim, by an annotation, that a page is unmapped";
  verdict->pfn = change.mapped_pfn;
  verdict->message.Add("page pfn ").Address(change.mapped_pfn);
  verdict->message.Add(change.change == Change::Free ? " freed" : " claimed to be unmapped");
  uint64_t va = 0;
  uint32_t mm = 0, owner_cpu = 0;
  if (state.FindMapping(change.mapped_pfn, &va, &mm, &owner_cpu)) {
    verdict->va = va;
    verdict->mm = mm;
    verdict->message.Add(" while an ephemeral mapping of it is live, on CPU ").Number(owner_cpu);
    verdict->message.Add(" at mermap address ").Address(va).Add(" in mm ").Number(mm);
  } else {
    verdict->message.Add(" while a mapping of it is live");
    verdict->remedy = "end the mapping (mermap_put, or clear its PTE), flush, then free the page";
  }
  verdict->Show(Role::Map, "mapped", state.MapOf(change.mapped_pfn, va));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(change.mapped_pfn));
  return true;
}

}  // namespace flushdep
