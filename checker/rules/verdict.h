// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a rule says of an event: plain data, nothing printed. A rule is one
// function over facts (checker/model/facts.h); rules.inc lists them all.
#ifndef FLUSHDEP_CHECKER_RULES_VERDICT_H_
#define FLUSHDEP_CHECKER_RULES_VERDICT_H_

#include <cstdint>

#include "checker/model/history.h"
#include "checker/report/format.h"
#include "checker/report/report.h"
#include "checker/rules/catalogue.h"

namespace flushdep {

class State;

// A moment that the report shall show, and what it is to the finding.
struct Evidence {
  Role role;
  Moment moment;
  std::string_view text;  // heading for people; static storage
};

struct Verdict {
  static constexpr uint32_t kMaxEvidence = 5;

  Rule rule = Rule::FD001;
  Severity severity = Severity::Error;
  Role now = Role::Free;   // what the event itself is
  std::string_view doing;  // "free a page": continues "is about to ..."; static storage
  uint64_t pfn = kNoNumber;
  uint64_t va = kNoNumber;
  uint64_t mm = kNoNumber;
  FixedText<320> message;
  FixedText<320> note;  // one more line for people, or empty
  uint32_t evidence_count = 0;
  Evidence evidence[kMaxEvidence];

  // Moments that never happened, or were not kept, are left out.
  void Show(Role role, std::string_view text, const Moment& moment) {
    if (moment.time != 0 && evidence_count < kMaxEvidence)
      evidence[evidence_count++] = {role, moment, text};
  }
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_VERDICT_H_
