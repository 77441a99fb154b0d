// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/fd014_wrong_context.h"

namespace flushdep::plugin {
namespace {

void OnContext(const ContextEvent& event, Verdicts& verdicts) {
  Site since = nullptr;
  if (event.state.irqs_depth > 0 && event.needed != "any") since = event.state.irqs_off;
  if (event.state.atomic_depth > 0 && event.needed == "task") since = event.state.atomic;
  if (since == nullptr) return;
  Verdict verdict;
  verdict.rule = Rule::FD014;
  verdict.now = event.call;
  verdict.put = since;
  verdicts.push_back(verdict);
}

}  // namespace

const StaticRule kWrongContext = {.on_context = OnContext};

}  // namespace flushdep::plugin
