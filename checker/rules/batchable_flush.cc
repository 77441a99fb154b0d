// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/batchable_flush.h"

#include "checker/model/state.h"

namespace flushdep {

bool CheckBatchableFlush(State&, const FlushAdvice& advice, Verdict* verdict) {
  const FlushSite& site = advice.site;
  if (advice.question != Question::Batchable) return false;
  if (site.count < FlushSites::kEnough || site.ended == 0 || site.ended > 2 * site.count)
    return false;
  verdict->rule = Rule::FA002;
  verdict->severity = Severity::Advice;
  verdict->now = Role::Flush;
  verdict->doing = "flush";
  verdict->place = site.first;
  FixedText<320>& text = verdict->message;
  text.Number(site.count).Add(" flushes ended ").Number(site.ended);
  text.Add(" translations: one or two each, where one flush could end many");
  return true;
}

}  // namespace flushdep
