// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/rules/redundant_flush.h"

#include "checker/model/state.h"

namespace flushdep {

bool CheckRedundantFlush(State&, const FlushAdvice& advice, Verdict* verdict) {
  const FlushSite& site = advice.site;
  if (advice.question != Question::Redundant) return false;
  if (site.useless < FlushSites::kEnough || site.useless * 2 < site.count) return false;
  verdict->rule = Rule::FA001;
  verdict->severity = Severity::Advice;
  verdict->now = Role::Flush;
  verdict->doing = "flush";
  verdict->place = site.first;
  FixedText<320>& text = verdict->message;
  text.Number(site.useless).Add(" of ").Number(site.count).Add(" flushes ended no translation");
  return true;
}

}  // namespace flushdep
