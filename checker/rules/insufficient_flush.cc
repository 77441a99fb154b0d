// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/insufficient_flush.h"

#include "checker/rules/debt_text.h"

namespace flushdep {
namespace {

std::string_view Why(Shortfall shortfall) {
  switch (shortfall) {
    case Shortfall::TooFewCpus:
      return "too few CPUs";
    case Shortfall::WrongSpace:
      return "another mm";
    case Shortfall::ShortRange:
      return "other addresses";
    case Shortfall::NotReturned:
      return "not all CPUs yet";
    case Shortfall::None:
      break;
  }
  return "";
}

std::string_view Remedy(const Debt& debt) {
  const bool wrong_kind =
      debt.shortfall == Shortfall::TooFewCpus || debt.shortfall == Shortfall::WrongSpace;
  if (debt.mm == 0 && wrong_kind)
    return "flush_tlb_kernel_range() or flush_tlb_all(), which reach the kernel's entries "
           "everywhere";
  switch (debt.shortfall) {
    case Shortfall::TooFewCpus:
      return "flush every CPU that ran the mm (flush_tlb_mm or flush_tlb_all)";
    case Shortfall::WrongSpace:
      return "flush the mm that the page was mapped in (flush_tlb_mm), or all (flush_tlb_all)";
    case Shortfall::ShortRange:
      return "flush all addresses that the page was mapped at";
    case Shortfall::NotReturned:
      return "wait until that flush has returned";
    case Shortfall::None:
      break;
  }
  return {};
}

}  // namespace

bool CheckInsufficientFlush(State& state, const OwnerChange& change, Verdict* verdict) {
  const Debt& debt = change.debt;
  if (!change.owes || debt.shortfall == Shortfall::None || !change.asserts_flushed) return false;
  verdict->rule = Rule::FD003;
  DescribeDebt(state, change, verdict);
  verdict->remedy = Remedy(debt);
  verdict->message.Add(": the flush since ").Add(HowEnded(state, debt.stale));
  verdict->message.Add(" reached ").Add(Why(debt.shortfall));
  FixedText<320>& note = verdict->note;
  if (!note.empty()) note.Add("; ");
  note.Add("that flush was acknowledged by ");
  if (debt.flush.acked.empty())
    note.Add("no CPU that runs the mm");
  else
    AddCpus(debt.flush.acked, &note);
  if (debt.flush.end != 0)
    note.Add(" for ").Address(debt.flush.start).Add("-").Address(debt.flush.end);
  if (debt.shortfall == Shortfall::TooFewCpus && debt.mm != 0) {
    AddCpus(debt.holders, &note.Add("; "));
    note.Add(" ran mm ").Number(debt.mm).Add(", too, and may have cached the entry");
  }
  if (debt.shortfall == Shortfall::NotReturned) note.Add(" and has not returned");
  ShowDebt(state, debt.pfn, debt.stale, verdict);
  verdict->Show(Role::Flush, "flushed, which did not suffice,", debt.flush.moment);
  return true;
}

}  // namespace flushdep
