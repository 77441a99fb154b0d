// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/fd001_unflushed_free.h"

namespace flushdep::plugin {
namespace {

void OnFree(const FreeEvent& event, Verdicts& verdicts) {
  for (const Debt& debt : event.state.debts) {
    if (debt.shortfall != Shortfall::None || debt.kind == DebtKind::Table ||
        !IsPartOf(event.values, debt.page, event.page))
      continue;
    Verdict verdict;
    verdict.rule = Rule::FD001;
    verdict.severity = event.certain ? Severity::Error : Severity::Possible;
    verdict.debt = debt.kind;
    verdict.now = event.call;
    verdict.mapped = debt.mapped;
    verdict.put = debt.put;
    verdict.is_drop = event.is_drop;
    verdicts.push_back(verdict);
  }
}

}  // namespace

const StaticRule kUnflushedFree = {.on_free = OnFree};

}  // namespace flushdep::plugin
