// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/fd018_unflushed_table_free.h"

namespace flushdep::plugin {
namespace {

void OnFree(const FreeEvent& event, Verdicts& verdicts) {
  for (const Debt& debt : event.state.debts) {
    if (debt.kind != DebtKind::Table || !IsPartOf(event.values, debt.page, event.page)) continue;
    Verdict verdict;
    verdict.rule = Rule::FD018;
    verdict.debt = debt.kind;
    verdict.shortfall = debt.shortfall;
    verdict.now = event.call;
    verdict.put = debt.put;
    verdict.flush = debt.flush;
    verdict.is_drop = event.is_drop;
    verdicts.push_back(verdict);
  }
}

}  // namespace

const StaticRule kUnflushedTableFree = {.on_free = OnFree};

}  // namespace flushdep::plugin
