// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/invalid_free.h"

#include "checker/model/state.h"

namespace flushdep {

bool CheckInvalidFree(State& state, const OwnerChange& change, Verdict* verdict) {
  if (change.change != Change::Free) return false;
  FixedText<320>& text = verdict->message;
  const bool allocated = change.in_memory && change.life == Life::Allocated;
  if (allocated && change.is_head && change.allocated_order == change.order) return false;
  text.Add("page pfn ").Address(change.pfn);
  if (!change.in_memory) {
    text.Add(" freed, which is no page of this machine");
    verdict->remedy = "free only pages that were allocated";
  } else if (change.life == Life::Never) {
    text.Add(" freed, which was never allocated");
    verdict->remedy = "free only pages that were allocated";
  } else if (change.life == Life::Free) {
    text.Add(" freed twice");
    verdict->remedy =
        "drop this free or the one before; if both need the page, let each take a reference";
  } else if (!change.is_head) {
    text.Add(" freed, which is in the middle of an allocation");
    verdict->remedy = "free an allocation by its first page, with its order";
  } else {
    text.Add(" freed with order ").Number(change.order).Add(", allocated with order ");
    text.Number(change.allocated_order);
    verdict->remedy = "free the page with the order that it was allocated with";
  }
  verdict->rule = Rule::FD015;
  verdict->doing = "free a page";
  verdict->pfn = change.pfn;
  if (change.life == Life::Free)
    verdict->Show(Role::Free, "freed before", state.FreeOf(change.pfn));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(change.pfn));
  return true;
}

bool CheckMappingFreePage(State& state, const MapChange& change, Verdict* verdict) {
  if (!change.in_memory || change.life == Life::Allocated) return false;
  verdict->rule = Rule::FD015;
  verdict->now = Role::Map;
  verdict->doing = "map a free page";
  verdict->remedy = change.life == Life::Free ? "map the page before it is freed, not after"
                                              : "map only pages that were allocated";
  verdict->pfn = change.pfn;
  verdict->va = change.va;
  verdict->mm = change.mm;
  verdict->message.Add("page pfn ").Address(change.pfn);
  verdict->message.Add(change.life == Life::Free ? " mapped, which is free"
                                                 : " mapped, which was never allocated");
  if (change.life == Life::Free) verdict->Show(Role::Free, "freed", state.FreeOf(change.pfn));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(change.pfn));
  return true;
}

}  // namespace flushdep
