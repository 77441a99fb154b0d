// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/lucky_flush.h"

#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {
namespace {

// Column 0 is who flushed, column 1 who gives the page away.
void TellRace(State& state, const OwnerChange& change, Verdict* verdict) {
  const OpenContract& contract = change.contract;
  const Moment put = state.PutOf(contract.pfn, contract.stale.va);
  const uint32_t flusher = contract.flush.moment.cpu;
  verdict->remedy = "wait until that flush has returned (a lock, a completion), or flush here";
  verdict->message.Add(": a flush was done in time, but nothing orders its end before this");
  verdict->note.Add("next time this may come before that flush has returned");
  verdict->column_heads[0].Add("the flush (CPU ").Number(flusher).Add(")");
  verdict->column_heads[1].Add("this thread (CPU ").Number(change.cpu).Add(")");
  if (flusher != change.cpu && (put.cpu == flusher || put.cpu == change.cpu) && put.time != 0)
    verdict->Step(put.cpu == flusher ? 0 : 1).Add(EndingCall(state, contract.stale));
  verdict->Step(0).Add("flush() begins");
  verdict->Step(1).Add("(does not wait for that flush)");
  verdict->Step(1).Add("free(page)     <-- too early");
  verdict->Step(0).Add("flush() returns");
  verdict->Show(Role::Flush, "flushed, by luck in time,", contract.flush.moment);
}

void TellAccident(State& state, const OpenContract& contract, Verdict* verdict) {
  const Moment& fell_short = contract.fell_short.moment;
  if (fell_short.time != 0)
    verdict->message.Add(": what was flushed on request since then is too little for it");
  else
    verdict->message.Add(": no flush was asked for since then");
  verdict->Show(Role::Flush, "flushed, which does not suffice,", fell_short);
  if (contract.luck == Luck::Internal)
    verdict->Show(Role::Flush, OwnReason(contract.flush.moment), contract.flush.moment);
  if (verdict->remedy.empty())
    verdict->remedy = fell_short.time != 0
                          ? "flush that mm or the kernel's range, as it was mapped, on every CPU "
                            "that may hold it (flush_tlb_mm, flush_tlb_kernel_range)"
                          : "flush explicitly between the put and the free";
  verdict->column_heads[0].Add("this run");
  verdict->column_heads[1].Add("the next run");
  for (uint8_t run : {0, 1}) {
    verdict->Step(run).Add(EndingCall(state, contract.stale));
    verdict->Step(run).Add(run == 0 ? "(TLB entry dropped by accident)" : "(TLB entry stays)");
    verdict->Step(run).Add(run == 0 ? "free(page)     <-- harmless"
                                    : "free(page)     <-- too early");
  }
}

}  // namespace

bool CheckLuckyFlush(State& state, const OwnerChange& change, Verdict* verdict) {
  if (!change.owes_contract || change.handed_over || !change.asserts_flushed) return false;
  const OpenContract& contract = change.contract;
  verdict->rule = Rule::FD004;
  verdict->severity = Severity::Possible;
  verdict->doing = change.change == Change::Free ? "free a page that a CPU can still reach"
                                                 : Doing(change.change);
  verdict->pfn = contract.pfn;
  verdict->mm = contract.mm;
  verdict->va = contract.stale.va;
  FixedText<320>& text = verdict->message;
  text.Add("page pfn ").Address(contract.pfn).Add(What(change.change));
  text.Add(", safe only by luck, mapped before");
  AddPlace(state, contract.stale, contract.mm, &text);
  verdict->remedy = FlushRemedy(state, change, contract.stale);
  if (contract.luck == Luck::NotOrdered)
    TellRace(state, change, verdict);
  else
    TellAccident(state, contract, verdict);
  ShowDebt(state, contract.pfn, contract.stale, verdict);
  return true;
}

}  // namespace flushdep
