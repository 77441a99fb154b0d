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

std::string_view Doing(Change change) {
  switch (change) {
    case Change::Free:
      return "free a page";
    case Change::Transfer:
      return "hand a page to a new owner";
    case Change::Publish:
      return "publish a page as unmapped";
    case Change::Assert:
      return "rely on a claim about a page";
  }
  return "";
}

std::string_view What(Change change) {
  switch (change) {
    case Change::Free:
      return " freed";
    case Change::Transfer:
      return " changes owner";
    case Change::Publish:
      return " published as unmapped";
    case Change::Assert:
      return " claimed to be flushed";
  }
  return "";
}

void AddPlace(const StaleTranslation& stale, uint32_t mm, FixedText<320>* text) {
  if (stale.va != kManyAddresses) text->Add(" at ").Address(stale.va);
  if (mm != 0)
    text->Add(" in mm ").Number(mm);
  else
    text->Add(" in the direct map");
}

void DescribeDebt(const OwnerChange& change, Verdict* verdict) {
  const Debt& debt = change.debt;
  verdict->doing = Doing(change.change);
  verdict->pfn = debt.pfn;
  verdict->mm = debt.mm;
  if (debt.stale.va != kManyAddresses) verdict->va = debt.stale.va;
  FixedText<320>& text = verdict->message;
  text.Add("page pfn ").Address(debt.pfn).Add(What(change.change)).Add(" while ");
  AddCpus(debt.holders, &text);
  text.Add(" may still reach it");
  AddPlace(debt.stale, debt.mm, &text);
  if (debt.pages > 1) text.Add(" (and ").Number(debt.pages - 1).Add(" more pages)");
  if (change.unflushable)
    verdict->note.Add(
        "interrupts are off here, or this is no task: no flush could run at this place");
}

void ShowDebt(State& state, uint64_t pfn, const StaleTranslation& stale, Verdict* verdict) {
  const bool direct_map = stale.space == kKernelSpace;
  if (direct_map) {
    verdict->Show(Role::Put, "taken out of the direct map", state.UnmapOf(pfn));
  } else {
    verdict->Show(Role::Put, "put, without a flush,", state.PutOf(pfn, stale.va));
    verdict->Show(Role::Map, "mapped", state.MapOf(pfn, stale.va));
  }
  verdict->Show(Role::Handover, "the duty to flush was handed over", state.HandoverOf(pfn));
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(pfn));
}

void NoteTrap(const Access& access, Verdict* verdict) {
  if (access.by_hardware)
    verdict->note.Add("found by a trap: the code that the trace begins with is not instrumented");
}

void AddAccess(const Access& access, FixedText<320>* text) {
  text->Add(access.write ? "store" : "load");
  if (access.size != 0)
    text->Add(" of ").Number(access.size).Add(access.size == 1 ? " byte" : " bytes");
  text->Add(access.write ? " to " : " from ").Address(access.va);
}

}  // namespace flushdep
