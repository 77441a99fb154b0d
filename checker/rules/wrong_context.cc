// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/wrong_context.h"

#include <iterator>

#include "checker/event/events.h"
#include "checker/model/state.h"

namespace flushdep {
namespace {

struct Named {
  uint32_t value;
  std::string_view name;
};

std::string_view NameOf(const Named* begin, const Named* end, uint32_t value,
                        std::string_view otherwise) {
  for (const Named* named = begin; named != end; ++named)
    if (named->value == value) return named->name;
  return otherwise;
}

constexpr Named kApis[] = {
    {FLUSHDEP_WHY_ALLOC, "page allocation"},
    {FLUSHDEP_WHY_FREE, "page free"},
    {FLUSHDEP_WHY_DIRECT_MAP, "set_direct_map"},
    {FLUSHDEP_WHY_MERMAP_GET, "mermap_get"},
    {FLUSHDEP_WHY_MERMAP_GET_RESERVED, "mermap_get_reserved"},
    {FLUSHDEP_WHY_MERMAP_PUT, "mermap_put"},
    {FLUSHDEP_WHY_MERMAP_PREPARE, "mermap_mm_prepare"},
    {FLUSHDEP_WHY_FLUSH_ALL, "flush_tlb_all"},
    {FLUSHDEP_WHY_FLUSH_LOCAL, "local flush"},
    {FLUSHDEP_WHY_FLUSH_MM, "flush_tlb_mm"},
    {FLUSHDEP_WHY_FLUSH_RANGE, "flush_tlb_range"},
    {FLUSHDEP_WHY_FLUSH_KERNEL, "flush_tlb_kernel_range"},
    {FLUSHDEP_WHY_SWITCH_MM, "switch of the mm"},
    {FLUSHDEP_WHY_MIGRATE, "migration"},
};

constexpr Named kContexts[] = {
    {FLUSHDEP_CTX_PREEMPT, "preemption"},
    {FLUSHDEP_CTX_MIGRATE, "migration"},
    {FLUSHDEP_CTX_IRQS_OFF, "interrupts"},
    {FLUSHDEP_CTX_BH_OFF, "bottom halves"},
    {FLUSHDEP_CTX_SOFTIRQ, "softirq"},
    {FLUSHDEP_CTX_HARDIRQ, "hardirq"},
    {FLUSHDEP_CTX_NMI, "NMI"},
    {FLUSHDEP_CTX_RCU, "RCU read section"},
};

bool IsInside(uint32_t context) {
  return context >= FLUSHDEP_CTX_SOFTIRQ && context <= FLUSHDEP_CTX_RCU;
}

std::string_view Remedy(const WrongContext& wrong) {
  const bool off = wrong.depth > 0;
  switch (wrong.context) {
    case FLUSHDEP_CTX_PREEMPT:
      if (off) return "move the call to where preemption is enabled (no spinlock held, say)";
      return wrong.api == FLUSHDEP_WHY_MERMAP_GET_RESERVED
                 ? "preempt_disable() before the call, preempt_enable() after the put"
                 : "preempt_disable() before the call, preempt_enable() after it";
    case FLUSHDEP_CTX_IRQS_OFF:
      return off ? "move the call to where interrupts are on"
                 : "local_irq_disable() before the call, local_irq_enable() after it";
    case FLUSHDEP_CTX_SOFTIRQ:
    case FLUSHDEP_CTX_HARDIRQ:
    case FLUSHDEP_CTX_NMI:
      return "move the call to task context (a workqueue, say)";
    case FLUSHDEP_CTX_RCU:
      return "move the call before rcu_read_lock() or after rcu_read_unlock()";
    default:
      return {};
  }
}

}  // namespace

bool CheckWrongContext(State& state, const WrongContext& wrong, Verdict* verdict) {
  verdict->rule = Rule::FD014;
  verdict->now = Role::Access;
  verdict->remedy = Remedy(wrong);
  verdict->doing = "make a call that is not allowed here";
  FixedText<320>& text = verdict->message;
  const std::string_view told = state.call_names().Of(wrong.api);
  text.Add(NameOf(std::begin(kApis), std::end(kApis), wrong.api, told.empty() ? "a call" : told));
  const std::string_view context =
      NameOf(std::begin(kContexts), std::end(kContexts), wrong.context, "the context");
  if (IsInside(wrong.context))
    text.Add(" in a ").Add(context);
  else
    text.Add(" with ").Add(context).Add(wrong.depth > 0 ? " disabled" : " enabled");
  text.Add(", where its contract does not allow it");
  return true;
}

}  // namespace flushdep
