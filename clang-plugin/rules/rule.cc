// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/rule.h"

#include "clang-plugin/rules/fd001_unflushed_free.h"
#include "clang-plugin/rules/fd002_free_while_mapped.h"
#include "clang-plugin/rules/fd003_insufficient_flush.h"
#include "clang-plugin/rules/fd013_mapping_imbalance.h"

namespace flushdep::plugin {
namespace {

const StaticRule* const kStaticRules[] = {
#define FLUSHDEP_STATIC_RULE(variable) &(variable),
#include "clang-plugin/rules/rules.def"
#undef FLUSHDEP_STATIC_RULE
};

}  // namespace

Verdicts JudgeFree(const FreeEvent& event) {
  Verdicts verdicts;
  for (const StaticRule* rule : kStaticRules)
    if (rule->on_free != nullptr) rule->on_free(event, verdicts);
  return verdicts;
}

Verdicts JudgeUnmap(const UnmapEvent& event) {
  Verdicts verdicts;
  for (const StaticRule* rule : kStaticRules)
    if (rule->on_unmap != nullptr) rule->on_unmap(event, verdicts);
  return verdicts;
}

}  // namespace flushdep::plugin
