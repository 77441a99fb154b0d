// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A static rule looks at a state and what is about to happen in it, and gives a
// verdict. It changes nothing and prints nothing. Adding one takes a header and
// source pair, a line in rules.def and a test folder.
#ifndef FLUSHDEP_CLANG_PLUGIN_RULES_RULE_H_
#define FLUSHDEP_CLANG_PLUGIN_RULES_RULE_H_

#include <vector>

#include "checker/rules/catalogue.h"
#include "clang-plugin/engine/state.h"

namespace flushdep::plugin {

// A page is about to change owner.
struct FreeEvent {
  const State& state;
  const ValueTable& values;
  ValueId page = 0;
  Site call = nullptr;
  bool is_drop = false;  // of a reference
  bool certain = true;   // false: the drop may not be the last
};

// A mapping is about to end.
struct UnmapEvent {
  const State& state;
  ValueId handle = 0;
  Site call = nullptr;
};

struct Verdict {
  Rule rule = Rule::FD001;
  Severity severity = Severity::Error;
  DebtKind debt = DebtKind::Mapping;
  Shortfall shortfall = Shortfall::None;
  Site now = nullptr;     // the free, or the second put
  Site mapped = nullptr;  // each null where it is not known
  Site put = nullptr;
  Site flush = nullptr;
  bool is_drop = false;
};
using Verdicts = std::vector<Verdict>;

struct StaticRule {
  void (*on_free)(const FreeEvent& event, Verdicts& verdicts);
  void (*on_unmap)(const UnmapEvent& event, Verdicts& verdicts);
};

// Asks all rules of rules.def.
Verdicts JudgeFree(const FreeEvent& event);
Verdicts JudgeUnmap(const UnmapEvent& event);

// Is it the page that is being freed, or a part of it?
inline bool IsPartOf(const ValueTable& values, ValueId part, ValueId freed) {
  return part != 0 && (part == freed || values.Base(part) == freed);
}

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_RULE_H_
