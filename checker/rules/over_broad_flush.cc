// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/over_broad_flush.h"

#include "checker/model/state.h"

namespace flushdep {

bool CheckOverBroadFlush(State&, const FlushAdvice& advice, Verdict* verdict) {
  const FlushSite& site = advice.site;
  if (advice.question != Question::OverBroad) return false;
  if (site.idle < FlushSites::kEnough || site.idle * 2 < site.interrupts) return false;
  verdict->rule = Rule::FA003;
  verdict->severity = Severity::Advice;
  verdict->now = Role::Flush;
  verdict->doing = "flush";
  verdict->place = site.first;
  FixedText<320>& text = verdict->message;
  text.Number(site.idle).Add(" of ").Number(site.interrupts);
  text.Add(" interrupts went to CPUs that could hold nothing of what was owed");
  return true;
}

}  // namespace flushdep
