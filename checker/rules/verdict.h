// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a rule says of an event: plain data, nothing printed. A rule is one
// function over facts (checker/model/facts.h); rules.inc lists them all.
#ifndef FLUSHDEP_CHECKER_RULES_VERDICT_H_
#define FLUSHDEP_CHECKER_RULES_VERDICT_H_

#include <cstdint>

#include "checker/model/history.h"
#include "checker/report/format.h"
#include "checker/report/raw_report.h"
#include "checker/report/report.h"
#include "checker/rules/catalogue.h"

namespace flushdep {

class State;

// A moment that the report shall show, and what it is to the finding.
// Trivial, so that a verdict that nobody fills costs nothing.
struct Evidence {
  Role role;
  Moment moment;
  struct {
    const char* data;
    size_t size;
    std::string_view view() const { return {data, size}; }
  } text;        // heading for people; static storage
  bool on_path;  // an edge of the path that was found
};

struct Verdict {
  static constexpr uint32_t kMaxEvidence = kMaxRawEvents - 1;

  Rule rule = Rule::FD001;
  Severity severity = Severity::Error;
  Role now = Role::Free;  // what the event itself is
  // "free a page": continues "is about to ..." or "may one day ..."; static storage
  std::string_view doing;
  uint64_t pfn = kNoNumber;
  uint64_t va = kNoNumber;
  uint64_t mm = kNoNumber;
  FixedText<320> message;
  FixedText<320> note;  // one more line for people, or empty
  // What to do about this case, where that is known better than the catalogue has it for
  // the rule; static storage.
  std::string_view remedy;
  std::string_view of_what;  // whose the event of now is, if there are several; static storage
  // Where it is reported, if not where the event is: a moment long ago (FD005).
  Moment place = {};
  uint64_t class_key = 0;  // code location or the user's key; 0: none
  bool user_class = false;
  uint32_t evidence_count = 0;
  Evidence evidence[kMaxEvidence];
  FixedText<48> column_heads[2];  // whose the columns of the scenario are
  uint32_t scenario_count = 0;
  ScenarioStep scenario[kMaxScenario];

  // Newest first, but for a path, whose moments stay in the order of the calls. Moments that
  // never happened, or were not kept, are left out.
  void Show(Role role, std::string_view text, const Moment& moment, bool on_path = false) {
    if (moment.time == 0 || evidence_count == kMaxEvidence) return;
    uint32_t at = evidence_count++;
    for (; !on_path && at > 0 && evidence[at - 1].moment.time < moment.time; --at)
      evidence[at] = evidence[at - 1];
    evidence[at] = {role, moment, {text.data(), text.size()}, on_path};
  }
  // One line of the scenario, in the left or the right column (0, 1). The caller adds its text.
  FixedText<48>& Step(uint8_t column) {
    ScenarioStep& step =
        scenario[scenario_count < kMaxScenario ? scenario_count++ : kMaxScenario - 1];
    step.column = column;
    step.text.Clear();
    return step.text;
  }
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_RULES_VERDICT_H_
