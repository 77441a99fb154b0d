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
  verdict->message.Add(" while an ephemeral mapping of it is live");
  uint64_t va = 0;
  uint32_t mm = 0, owner_cpu = 0;
  if (state.FindMapping(change.mapped_pfn, &va, &mm, &owner_cpu)) {
    verdict->va = va;
    verdict->mm = mm;
    verdict->message.Add(", on CPU ").Number(owner_cpu).Add(" at mermap address ").Address(va);
    verdict->message.Add(" in mm ").Number(mm);
  }
  verdict->Show(Role::Map, "mapped", state.MapOf(change.mapped_pfn, va));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(change.mapped_pfn));
  return true;
}

}  // namespace flushdep
