// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/rules/rule.h"

#include "clang-plugin/rules/fd001_unflushed_free.h"
#include "clang-plugin/rules/fd002_free_while_mapped.h"
#include "clang-plugin/rules/fd003_insufficient_flush.h"
#include "clang-plugin/rules/fd008_stale_access.h"
#include "clang-plugin/rules/fd011_unflushed_handout.h"
#include "clang-plugin/rules/fd013_mapping_imbalance.h"
#include "clang-plugin/rules/fd014_wrong_context.h"
#include "clang-plugin/rules/fd018_unflushed_table_free.h"

namespace flushdep::plugin {
namespace {

const StaticRule* const kStaticRules[] = {
#define FLUSHDEP_STATIC_RULE(variable) &(variable),
#include "clang-plugin/rules/rules.def"
#undef FLUSHDEP_STATIC_RULE
};

}  // namespace

namespace {

template <typename Event>
Verdicts Ask(void (*StaticRule::*question)(const Event&, Verdicts&), const Event& event) {
  Verdicts verdicts;
  for (const StaticRule* rule : kStaticRules)
    if (rule->*question != nullptr) (rule->*question)(event, verdicts);
  return verdicts;
}

}  // namespace

Verdicts JudgeFree(const FreeEvent& event) { return Ask(&StaticRule::on_free, event); }
Verdicts JudgeUnmap(const UnmapEvent& event) { return Ask(&StaticRule::on_unmap, event); }
Verdicts JudgeAccess(const AccessEvent& event) { return Ask(&StaticRule::on_access, event); }
Verdicts JudgePublish(const PublishEvent& event) { return Ask(&StaticRule::on_publish, event); }
Verdicts JudgeContext(const ContextEvent& event) { return Ask(&StaticRule::on_context, event); }
Verdicts JudgeEnd(const EndEvent& event) { return Ask(&StaticRule::on_end, event); }

}  // namespace flushdep::plugin
