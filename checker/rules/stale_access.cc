// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/stale_access.h"

#include "checker/event/events.h"
#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckStaleAccess(State& state, const Access& access, Verdict* verdict) {
  if (access.region == FLUSHDEP_REGION_DIRECT_MAP || access.live) return false;
  if (access.put.time == 0 && access.pfn == FLUSHDEP_NO_PFN) return false;
  verdict->rule = Rule::FD008;
  verdict->now = Role::Access;
  const bool mermap = access.region == FLUSHDEP_REGION_MERMAP;
  if (mermap) {
    verdict->doing = access.write ? "store through a mapping that was already put"
                                  : "load through a mapping that was already put";
  } else {
    verdict->doing = access.write ? "store to an address that is no longer mapped"
                                  : "load from an address that is no longer mapped";
    verdict->remedy = "use the address only while it is mapped";
  }
  verdict->pfn = access.pfn;
  verdict->va = access.va;
  verdict->mm = access.mm;
  NoteTrap(access, verdict);
  AddAccess(access, &verdict->message);
  verdict->message.Add(", whose mapping of page pfn ").Address(access.pfn);
  verdict->message.Add(mermap ? " was already put (mermap_put)" : " is gone");
  verdict->Show(Role::Put, mermap ? "put (mermap_put)" : "PTE cleared", access.put);
  verdict->Show(Role::Map, "mapped", access.map);
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(access.pfn));
  return true;
}

}  // namespace flushdep
