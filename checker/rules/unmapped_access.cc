// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/unmapped_access.h"

#include "checker/event/events.h"
#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckUnmappedAccess(State& state, const Access& access, Verdict* verdict) {
  if (access.region != FLUSHDEP_REGION_DIRECT_MAP || !access.absent) return false;
  verdict->rule = Rule::FD010;
  verdict->now = Role::Access;
  verdict->doing = access.write ? "store to a page that is not in the direct map"
                                : "load from a page that is not in the direct map";
  verdict->pfn = access.pfn;
  verdict->va = access.va;
  verdict->mm = 0;
  NoteTrap(access, verdict);
  AddAccess(access, &verdict->message);
  verdict->message.Add(", the direct-map address of page pfn ").Address(access.pfn);
  verdict->message.Add(", which is not in the direct map");
  verdict->Show(Role::Put, "taken out of the direct map", state.UnmapOf(access.pfn));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(access.pfn));
  return true;
}

}  // namespace flushdep
