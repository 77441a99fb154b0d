// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/stale_permission.h"

#include "checker/event/events.h"
#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {
namespace {

// "the write permission"
void AddLost(uint8_t kind, FixedText<320>* text) {
  const int lost = kind >> kLostShift;
  std::string_view between = "the ";
  const auto add = [&](int bit, std::string_view name) {
    if ((lost & bit) == 0) return;
    text->Add(between).Add(name);
    between = " and ";
  };
  add(FLUSHDEP_PROT_READ, "read");
  add(FLUSHDEP_PROT_WRITE, "write");
  add(FLUSHDEP_PROT_EXEC, "exec");
  add(FLUSHDEP_PROT_USER, "user");
  text->Add(" permission");
}

}  // namespace

bool CheckStalePermission(State& state, const OwnerChange& change, Verdict* verdict) {
  if (!change.owes || (change.debt.stale.kind & kLostPermission) == 0) return false;
  const Debt& debt = change.debt;
  verdict->rule = Rule::FD019;
  if (debt.stale.space == kKernelSpace)
    verdict->remedy =
        "flush_tlb_kernel_range() after the permission is reduced and before that is relied on";
  verdict->doing = Doing(change.change);
  verdict->pfn = debt.pfn;
  verdict->mm = debt.mm;
  if (debt.stale.va != kManyAddresses) verdict->va = debt.stale.va;
  FixedText<320>& text = verdict->message;
  text.Add("page pfn ").Address(debt.pfn).Add(What(change.change)).Add(" while ");
  AddCpus(debt.holders, &text);
  text.Add(" may still use ");
  AddLost(debt.stale.kind, &text);
  text.Add(" that was taken away");
  AddPlace(state, debt.stale, debt.mm, &text);
  text.Add(debt.shortfall == Shortfall::None ? ": not flushed since then"
                                             : ": the flush since then did not suffice");
  verdict->Show(Role::Put, "permission taken away, from here on a flush is owed,",
                debt.stale.space == kKernelSpace ? state.UnmapOf(debt.pfn)
                                                 : state.PutOf(debt.pfn, debt.stale.va));
  verdict->Show(Role::Map, "mapped", state.MapOf(debt.pfn, debt.stale.va));
  if (debt.shortfall != Shortfall::None)
    verdict->Show(Role::Flush, "flushed, which did not suffice,", debt.flush.moment);
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(debt.pfn));
  return true;
}

}  // namespace flushdep
