// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/lucky_flush.h"

#include "checker/model/state.h"
#include "checker/rules/debt_text.h"

namespace flushdep {
namespace {

void TellRace(const OpenContract& contract, Verdict* verdict) {
  verdict->message.Add(": a flush was done in time, but nothing orders its end before this");
  verdict->note.Add("the flush counts when it has returned, not when it was claimed or begun");
  verdict->Step(0).Add("put(page)");
  verdict->Step(0).Add("claim the flush, begin it");
  verdict->Step(1).Add("see that it is claimed, skip it");
  verdict->Step(1).Add("free(page)     <-- too early");
  verdict->Step(0).Add("the flush ends");
  verdict->Show(Role::Flush, "flushed, by luck in time,", contract.flush.moment);
}

// What made the machine flush.
std::string_view OwnReason(const Moment& flush) {
  switch (flush.reason) {
    case FLUSHDEP_WHY_MERMAP_WRAP:
      return "flushed by the mermap, which began its addresses anew,";
    case FLUSHDEP_WHY_BLOCK_UNMAP:
    case FLUSHDEP_WHY_BLOCK_MAP:
    case FLUSHDEP_WHY_ALLOC:
      return "flushed by the allocator, for other pages,";
    case FLUSHDEP_WHY_SPLIT:
      return "flushed since a large entry was split,";
    case FLUSHDEP_WHY_ZERO:
      return "flushed by the allocator's zeroing";
    default:
      return "flushed by the machine for its own reasons";
  }
}

void TellAccident(const OpenContract& contract, Verdict* verdict) {
  if (contract.luck == Luck::Internal) {
    verdict->message.Add(": the only flush since the put was one that nobody asked for");
    verdict->Show(Role::Flush, OwnReason(contract.flush.moment), contract.flush.moment);
  } else {
    verdict->message.Add(": no flush was asked for since the put");
  }
  verdict->Step(0).Add("put(page)");
  verdict->Step(0).Add("(TLB entry dropped by accident)");
  verdict->Step(0).Add("free(page)     <-- harmless");
  verdict->Step(1).Add("the next run: entry stays cached");
  verdict->Step(1).Add("page is reached after its free");
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
  AddPlace(contract.stale, contract.mm, &text);
  if (contract.luck == Luck::NotOrdered)
    TellRace(contract, verdict);
  else
    TellAccident(contract, verdict);
  ShowDebt(state, contract.pfn, contract.stale, verdict);
  return true;
}

}  // namespace flushdep
