// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/debt_text.h"

namespace flushdep {

void AddCpus(const CpuSet& cpus, FixedText<320>* text) {
  text->Add(cpus.Count() == 1 ? "CPU " : "CPUs ");
  bool first = true;
  for (uint32_t cpu = 0; cpu < kMaxCpus; ++cpu) {
    if (!cpus.Has(cpu)) continue;
    uint32_t last = cpu;
    while (last + 1 < kMaxCpus && cpus.Has(last + 1)) ++last;
    if (!first) text->Add(",");
    first = false;
    text->Number(cpu);
    if (last > cpu) text->Add(last == cpu + 1 ? "," : "-").Number(last);
    cpu = last;
  }
}

void DescribeDebt(const OwnerChange& change, Verdict* verdict) {
  const Debt& debt = change.debt;
  verdict->doing = change.transfer ? "hand a page to a new owner" : "free a page";
  verdict->pfn = debt.pfn;
  verdict->mm = debt.mm;
  if (debt.stale.va != kManyAddresses) verdict->va = debt.stale.va;
  FixedText<320>& text = verdict->message;
  text.Add("page pfn ").Address(debt.pfn);
  text.Add(change.transfer ? " changes owner while " : " freed while ");
  AddCpus(debt.holders, &text);
  text.Add(" may still reach it");
  if (debt.stale.va != kManyAddresses) text.Add(" at ").Address(debt.stale.va);
  if (debt.mm != 0)
    text.Add(" in mm ").Number(debt.mm);
  else
    text.Add(" in the direct map");
  if (debt.pages > 1) text.Add(" (and ").Number(debt.pages - 1).Add(" more pages)");
}

void ShowDebt(State& state, const Debt& debt, Verdict* verdict) {
  const bool direct_map = debt.stale.space == kKernelSpace;
  if (direct_map) {
    verdict->Show(Role::Put, "taken out of the direct map", state.UnmapOf(debt.pfn));
  } else {
    verdict->Show(Role::Put, "put, without a flush,", state.PutOf(debt.pfn, debt.stale.va));
    verdict->Show(Role::Map, "mapped", state.MapOf(debt.pfn, debt.stale.va));
  }
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(debt.pfn));
}

}  // namespace flushdep
