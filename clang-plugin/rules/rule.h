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
#include "llvm/ADT/StringRef.h"

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

// Memory is about to be read or written through a pointer.
struct AccessEvent {
  const State& state;
  const ValueTable& values;
  ValueId pointer = 0;
  Site site = nullptr;
};

// Others are about to see a page as unmapped.
struct PublishEvent {
  const State& state;
  const ValueTable& values;
  ValueId page = 0;
  Site call = nullptr;
};

// A call that is not allowed everywhere.
struct ContextEvent {
  const State& state;
  llvm::StringRef needed;
  Site call = nullptr;
};

// The function that was walked ends.
struct EndEvent {
  const State& state;
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
  bool needs_atomic = false;  // FD014: and preemption is on
  bool is_assertion = false;  // nothing is freed: the code says that it could be
};
using Verdicts = std::vector<Verdict>;

struct StaticRule {
  void (*on_free)(const FreeEvent& event, Verdicts& verdicts) = nullptr;
  void (*on_unmap)(const UnmapEvent& event, Verdicts& verdicts) = nullptr;
  void (*on_access)(const AccessEvent& event, Verdicts& verdicts) = nullptr;
  void (*on_publish)(const PublishEvent& event, Verdicts& verdicts) = nullptr;
  void (*on_context)(const ContextEvent& event, Verdicts& verdicts) = nullptr;
  void (*on_end)(const EndEvent& event, Verdicts& verdicts) = nullptr;
};

// Asks all rules of rules.def.
Verdicts JudgeFree(const FreeEvent& event);
Verdicts JudgeUnmap(const UnmapEvent& event);
Verdicts JudgeAccess(const AccessEvent& event);
Verdicts JudgePublish(const PublishEvent& event);
Verdicts JudgeContext(const ContextEvent& event);
Verdicts JudgeEnd(const EndEvent& event);

// Is it the page that is being freed, or a part of it?
inline bool IsPartOf(const ValueTable& values, ValueId part, ValueId freed) {
  return part != 0 && (part == freed || values.Base(part) == freed);
}

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_RULES_RULE_H_
