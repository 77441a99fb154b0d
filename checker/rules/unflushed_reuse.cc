// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/unflushed_reuse.h"

#include "checker/event/events.h"
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
  text.Add("address ").Address(change.va).Add(" is given a new page, pfn ").Address(change.pfn);
  text.Add(", while ");
  AddCpus(change.holders, &text);
  text.Add(" may still reach the old one, pfn ").Address(change.old_pfn).Add(", through it");
  const bool mermap = change.region == FLUSHDEP_REGION_MERMAP;
  if (!mermap)
    verdict->remedy = "flush the address after its PTE was cleared and before it is mapped again";
  verdict->Show(Role::Put,
                mermap ? "the old page's mapping put (mermap_put), from here on a flush is owed,"
                       : "the old page's PTE cleared, from here on a flush is owed,",
                change.old_put);
  verdict->Show(Role::Map, "the old page mapped", change.old_map);
  verdict->Show(Role::Alloc, "the new page allocated", state.AllocOf(change.pfn));
  return true;
}

}  // namespace flushdep
