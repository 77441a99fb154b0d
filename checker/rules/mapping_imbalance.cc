// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/mapping_imbalance.h"

#include "checker/event/events.h"
#include "checker/model/state.h"

namespace flushdep {
namespace {

std::string_view Remedy(const MapBalance& balance, bool twice) {
  switch (balance.what) {
    case Imbalance::DoublePut:
      return twice ? "drop one of the two puts" : "put only what mermap_get returned, once";
    case Imbalance::OtherCpu:
      return "put the mapping on the CPU that got it";
    case Imbalance::OtherMm:
      return "put the mapping before another mm is loaded";
    case Imbalance::Leak:
      return "put the mapping before its mm ends";
    case Imbalance::Context:
      return "enable once for each disable";
    case Imbalance::ThreadExit:
      return "put the mapping, or enable again, on every path, those of errors too";
  }
  return {};
}

std::string_view ContextName(uint32_t context) {
  return context == FLUSHDEP_CTX_PREEMPT ? "preemption" : "migration";
}

}  // namespace

bool CheckMappingImbalance(State& state, const MapBalance& balance, Verdict* verdict) {
  verdict->rule = Rule::FD013;
  verdict->now = Role::Put;
  verdict->doing = "put a mapping";
  verdict->pfn = balance.pfn;
  if (balance.va != 0) verdict->va = balance.va;
  if (balance.mm != 0) verdict->mm = balance.mm;
  // Of a mapping that is not live: when it was put, if it ever was.
  const Moment before =
      balance.what == Imbalance::DoublePut ? state.PutAt(balance.pfn, balance.va) : Moment{};
  verdict->remedy = Remedy(balance, before.time != 0);
  FixedText<320>& text = verdict->message;
  switch (balance.what) {
    case Imbalance::DoublePut:
      text.Add("mapping at ").Address(balance.va);
      text.Add(before.time != 0 ? " put twice"
                                : " put, which is not live: never got, or put long ago");
      break;
    case Imbalance::OtherCpu:
      text.Add("mapping at ").Address(balance.va).Add(" of CPU ").Number(balance.owner_cpu);
      text.Add(" put on CPU ").Number(balance.cpu);
      break;
    case Imbalance::OtherMm:
      text.Add("mapping at ").Address(balance.va).Add(" of mm ").Number(balance.mm);
      text.Add(" put in mm ").Number(balance.caller_mm);
      break;
    case Imbalance::Leak:
      verdict->now = Role::Map;
      verdict->doing = "end an mm with a live mapping";
      text.Add("mm ").Number(balance.mm).Add(" ends while its mapping at ").Address(balance.va);
      text.Add(" is live: it was never put");
      break;
    case Imbalance::Context:
      verdict->doing = "enable what is not disabled";
      text.Add(ContextName(balance.context)).Add(" enabled once more than it was disabled");
      break;
    case Imbalance::ThreadExit:
      verdict->doing = "end a thread";
      text.Add("thread ends with ").Add(ContextName(balance.context)).Add(" still disabled ");
      text.Number(static_cast<uint64_t>(balance.depth)).Add(" times: a mapping that was not put, ");
      text.Add("or an error path that does not undo");
      break;
  }
  if (balance.pfn != FLUSHDEP_NO_PFN) {
    verdict->Show(Role::Put, "put before", before);
    verdict->Show(Role::Map, "mapped", state.MapOf(balance.pfn, balance.va));
    verdict->Show(Role::Alloc, "allocated", state.AllocOf(balance.pfn));
  }
  return true;
}

}  // namespace flushdep
