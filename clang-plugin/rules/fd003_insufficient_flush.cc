// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/fd003_insufficient_flush.h"

namespace flushdep::plugin {
namespace {

void OnFree(const FreeEvent& event, Verdicts& verdicts) {
  for (const Debt& debt : event.state.debts) {
    if (debt.shortfall == Shortfall::None || debt.kind == DebtKind::Table ||
        !IsPartOf(event.values, debt.page, event.page))
      continue;
    Verdict verdict;
    verdict.rule = Rule::FD003;
    verdict.severity = event.certain ? Severity::Error : Severity::Possible;
    verdict.debt = debt.kind;
    verdict.shortfall = debt.shortfall;
    verdict.now = event.call;
    verdict.mapped = debt.mapped;
    verdict.put = debt.put;
    verdict.flush = debt.flush;
    verdict.is_drop = event.is_drop;
    verdicts.push_back(verdict);
  }
}

}  // namespace

const StaticRule kInsufficientFlush = {.on_free = OnFree};

}  // namespace flushdep::plugin
