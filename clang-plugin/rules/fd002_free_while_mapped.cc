// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/fd002_free_while_mapped.h"

namespace flushdep::plugin {
namespace {

void OnFree(const FreeEvent& event, Verdicts& verdicts) {
  for (const Handle& handle : event.state.handles) {
    const bool live = handle.put == nullptr && handle.mapped != nullptr && !handle.escaped;
    if (!live || !IsPartOf(event.values, handle.page, event.page)) continue;
    Verdict verdict;
    verdict.rule = Rule::FD002;
    verdict.severity = event.certain ? Severity::Error : Severity::Possible;
    verdict.now = event.call;
    verdict.mapped = handle.mapped;
    verdict.is_drop = event.is_drop;
    verdicts.push_back(verdict);
  }
}

}  // namespace

const StaticRule kFreeWhileMapped = {.on_free = OnFree};

}  // namespace flushdep::plugin
