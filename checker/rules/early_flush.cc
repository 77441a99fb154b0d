// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/early_flush.h"

#include "checker/model/state.h"

namespace flushdep {

bool CheckEarlyFlush(State&, const FlushAdvice& advice, Verdict* verdict) {
  const FlushSite& site = advice.site;
  if (advice.question != Question::Early) return false;
  if (site.early < FlushSites::kEnough || site.early * 2 < site.ended) return false;
  verdict->rule = Rule::FA004;
  verdict->severity = Severity::Advice;
  verdict->now = Role::Flush;
  verdict->doing = "flush";
  verdict->place = site.first;
  FixedText<320>& text = verdict->message;
  text.Number(site.early).Add(" of ").Number(site.ended);
  text.Add(" translations were flushed here, and again before their page was freed");
  return true;
}

}  // namespace flushdep
