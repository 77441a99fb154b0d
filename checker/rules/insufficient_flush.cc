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

}  // namespace

bool CheckInsufficientFlush(State& state, const OwnerChange& change, Verdict* verdict) {
  const Debt& debt = change.debt;
  if (!change.owes || debt.shortfall == Shortfall::None || !change.asserts_flushed) return false;
  verdict->rule = Rule::FD003;
  DescribeDebt(change, verdict);
  verdict->message.Add(": the flush since the put reached ").Add(Why(debt.shortfall));
  FixedText<320>& note = verdict->note;
  if (!note.empty()) note.Add("; ");
  note.Add("that flush was acknowledged by ");
  if (debt.flush.acked.empty())
    note.Add("no CPU that runs the mm");
  else
    AddCpus(debt.flush.acked, &note);
  if (debt.flush.end != 0)
    note.Add(" for ").Address(debt.flush.start).Add("-").Address(debt.flush.end);
  if (debt.shortfall == Shortfall::NotReturned) note.Add(" and has not returned");
  ShowDebt(state, debt.pfn, debt.stale, verdict);
  verdict->Show(Role::Flush, "flushed, which did not suffice,", debt.flush.moment);
  return true;
}

}  // namespace flushdep
