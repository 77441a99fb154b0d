// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/foreign_cpu_access.h"

#include "checker/event/events.h"
#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckForeignCpuAccess(State& state, const Access& access, Verdict* verdict) {
  if (access.region != FLUSHDEP_REGION_MERMAP || !access.live) return false;
  if (access.owner_cpu == FLUSHDEP_NO_CPU || access.cpu == FLUSHDEP_NO_CPU ||
      access.owner_cpu == access.cpu)
    return false;
  verdict->rule = Rule::FD009;
  verdict->now = Role::Access;
  verdict->doing =
      access.write ? "store through another CPU's mapping" : "load through another CPU's mapping";
  verdict->pfn = access.pfn;
  verdict->va = access.va;
  verdict->mm = access.mm;
  NoteTrap(access, verdict);
  AddAccess(access, &verdict->message);
  verdict->message.Add(" on CPU ")
      .Number(access.cpu)
      .Add(", in the slice of the mermap that is CPU ");
  verdict->message.Number(access.owner_cpu)
      .Add("'s alone, which maps page pfn ")
      .Address(access.pfn);
  verdict->Show(Role::Map, "mapped", access.map);
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(access.pfn));
  return true;
}

}  // namespace flushdep
