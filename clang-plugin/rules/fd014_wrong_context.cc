// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/fd014_wrong_context.h"

namespace flushdep::plugin {
namespace {

void OnContext(const ContextEvent& event, Verdicts& verdicts) {
  Site since = nullptr;
  const uint8_t irqs_depth = event.state.irqs_depth - (event.state.irqs_guard != 0 ? 1 : 0);
  const uint8_t atomic_depth = event.state.atomic_depth - (event.state.atomic_guard != 0 ? 1 : 0);
  if (irqs_depth > 0 && event.needed != "any" && event.needed != "atomic")
    since = event.state.irqs_off;
  if (atomic_depth > 0 && event.needed == "task") since = event.state.atomic;
  const bool needs_atomic = event.needed == "atomic";
  if (needs_atomic && event.state.irqs_depth == 0 && event.state.atomic_depth == 0)
    since = event.state.task;
  if (since == nullptr) return;
  Verdict verdict;
  verdict.rule = Rule::FD014;
  verdict.now = event.call;
  verdict.put = since;
  verdict.needs_atomic = needs_atomic;
  verdicts.push_back(verdict);
}

}  // namespace

const StaticRule kWrongContext = {.on_context = OnContext};

}  // namespace flushdep::plugin
