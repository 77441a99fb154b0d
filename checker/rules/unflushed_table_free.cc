// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/unflushed_table_free.h"

#include "checker/event/events.h"
#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {

bool CheckUnflushedTableFree(State& state, const OwnerChange& change, Verdict* verdict) {
  const bool linked = change.table_pfn != FLUSHDEP_NO_PFN;
  const bool stale = change.owes && (change.debt.stale.kind & kTableEntry) != 0;
  if (!linked && !stale) return false;
  verdict->rule = Rule::FD018;
  FixedText<320>& text = verdict->message;
  if (!stale) {
    verdict->doing = "free a page-table page";
    verdict->pfn = change.table_pfn;
    text.Add("page-table page pfn ").Address(change.table_pfn);
    text.Add(" freed while it is linked into page tables");
    verdict->remedy =
        "clear the entry that leads to it, flush (freed_tables), then free the table page";
    verdict->Show(Role::Alloc, "allocated", state.AllocOf(change.table_pfn));
    return true;
  }
  const Debt& debt = change.debt;
  verdict->doing = "free a page-table page";
  verdict->pfn = debt.pfn;
  verdict->mm = debt.mm;
  verdict->va = debt.stale.va;
  text.Add("page-table page pfn ").Address(debt.pfn).Add(What(change.change)).Add(" while ");
  AddCpus(debt.holders, &text);
  text.Add(" may still walk it for addresses from ").Address(debt.stale.va);
  text.Add(" in mm ").Number(debt.mm);
  if (debt.shortfall == Shortfall::None) {
    text.Add(": not flushed since it was unlinked");
  } else if (debt.shortfall == Shortfall::TooFewCpus) {
    text.Add(": the flush since it was unlinked did not reach ");
    AddCpus(debt.holders, &text);
  } else {
    text.Add(": the flush since it was unlinked did not suffice");
  }
  if (debt.lazy)
    verdict->note.Add(
        "a CPU that is lazy keeps the mm's tables loaded and may walk them at any time");
  verdict->Show(Role::Put, "unlinked", state.PutOf(debt.pfn, debt.stale.va));
  if (debt.shortfall != Shortfall::None)
    verdict->Show(Role::Flush, "flushed, which did not suffice,", debt.flush.moment);
  verdict->Show(Role::Alloc, "allocated", state.AllocOf(debt.pfn));
  return true;
}

}  // namespace flushdep
