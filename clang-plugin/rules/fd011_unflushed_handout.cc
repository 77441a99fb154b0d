// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/fd011_unflushed_handout.h"

namespace flushdep::plugin {
namespace {

void OnPublish(const PublishEvent& event, Verdicts& verdicts) {
  for (const Debt& debt : event.state.debts) {
    if (debt.kind != DebtKind::DirectMap || !IsPartOf(event.values, debt.page, event.page))
      continue;
    Verdict verdict;
    verdict.rule = Rule::FD011;
    verdict.debt = debt.kind;
    verdict.shortfall = debt.shortfall;
    verdict.now = event.call;
    verdict.put = debt.put;
    verdict.flush = debt.flush;
    verdicts.push_back(verdict);
  }
}

}  // namespace

const StaticRule kUnflushedHandout = {.on_publish = OnPublish};

}  // namespace flushdep::plugin
