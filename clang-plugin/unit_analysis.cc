// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/unit_analysis.h"

#include <utility>

#include "clang-plugin/engine/fault.h"
#include "clang-plugin/engine/walker.h"
#include "clang/AST/DeclCXX.h"

namespace flushdep::plugin {
namespace {

// Everything a rule can be about needs one of the first and one of the second.
struct Pattern {
  std::vector<EffectKind> begins;
  std::vector<EffectKind> ends;
};

bool HasAny(EffectSet effects, const std::vector<EffectKind>& kinds) {
  for (EffectKind kind : kinds)
    if (effects.Has(kind)) return true;
  return false;
}

bool IsLambda(const clang::FunctionDecl* function) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  return method != nullptr && method->getParent()->isLambda();
}

}  // namespace

bool UnitAnalysis::IsRelevant(const clang::FunctionDecl* function) {
  const EffectSet effects = unit_.index.Reachable(function);
  static const Pattern kPatterns[] = {
      {{EffectKind::Map, EffectKind::Unmap}, {EffectKind::Map, EffectKind::Unmap}},
      {{EffectKind::Remove}, {EffectKind::Publish}},
      {{EffectKind::Table}, {EffectKind::Clear}},
      {{EffectKind::Enter}, {EffectKind::Context}},
      {{EffectKind::Map, EffectKind::Remove},
       {EffectKind::Free, EffectKind::Drop, EffectKind::FreeAll, EffectKind::DropAll,
        EffectKind::AssertFlushed, EffectKind::AssertUnmapped}},
  };
  for (const Pattern& pattern : kPatterns)
    if (HasAny(effects, pattern.begins) && HasAny(effects, pattern.ends)) return true;
  return false;
}

// One walk, or several until recursion makes no difference any more.
llvm::StringRef UnitAnalysis::Walk(const Body& body, std::vector<Finding>& findings) {
  if (!body.obstacle.empty()) return body.obstacle;
  Limits limits = limits_;
  if (unit_.steps_done > kMaxUnitSteps && limits.steps <= Limits().steps) {
    limits.states /= kTiredFactor;
    limits.steps /= kTiredFactor;
  }
  if (Planted(Fault::RecursionNotRaised)) limits.recursion = 1;
  std::pair<size_t, size_t> before(~size_t{0}, 0);
  for (;; ++limits.recursion) {
    FindingCollector collector(unit_.ast);
    FunctionContext context(unit_, limits, collector);
    const WalkResult result = WalkFunction(context, body);
    findings = collector.Take();
    unit_.steps_done += context.steps_done;
    for (const clang::FunctionDecl* entered : context.entered)
      (result.obstacle.empty() ? unit_.followed : unit_.not_followed).insert(entered);
    if (!result.obstacle.empty() || !result.recursion_cut) return result.obstacle;
    const std::pair<size_t, size_t> now(result.ends, findings.size());
    if (now == before || Planted(Fault::RecursionNotRaised)) return "";
    if (limits.recursion == kMaxRecursion) return "recursion does not settle";
    before = now;
  }
}

void UnitAnalysis::Analyse(const clang::FunctionDecl* function) {
  walked_.insert(function);
  std::vector<Finding> findings;
  const llvm::StringRef obstacle = Walk(unit_.bodies.Of(function), findings);
  if (!obstacle.empty()) {
    unit_.given_up.insert(function);
    summary_.given_up.push_back({function->getQualifiedNameAsString(), obstacle.str()});
  }
  for (Finding& finding : findings) findings_.push_back(std::move(finding));
}

// A lambda in a function that was walked, but that no way came by.
bool UnitAnalysis::IsDead(const clang::FunctionDecl* function) const {
  if (!IsLambda(function)) return false;
  const auto* outer = llvm::dyn_cast_or_null<clang::FunctionDecl>(
      llvm::cast<clang::CXXMethodDecl>(function)->getParent()->getParentFunctionOrMethod());
  const bool walked = outer != nullptr && !unit_.given_up.contains(outer) &&
                      (walked_.contains(outer) || unit_.followed.contains(outer));
  return walked && !unit_.lambdas_made.contains(function);
}

std::vector<Finding> UnitAnalysis::Run(
    const std::vector<const clang::FunctionDecl*>& functions,
    const llvm::DenseSet<const clang::FunctionDecl*>& address_taken) {
  std::vector<const clang::FunctionDecl*> relevant;
  for (const clang::FunctionDecl* function : functions)
    if (IsRelevant(function)) relevant.push_back(function);
  summary_.seen += functions.size();
  summary_.relevant += relevant.size();
  const auto is_open = [&](const clang::FunctionDecl* function) {
    return function->isExternallyVisible() || address_taken.contains(function->getCanonicalDecl());
  };
  for (const clang::FunctionDecl* function : relevant)
    if (is_open(function)) Analyse(function);
  // Callers mostly stand behind what they call; lambdas are in them.
  for (const bool lambdas : {false, true})
    for (auto at = relevant.rbegin(); at != relevant.rend(); ++at) {
      const bool covered = unit_.followed.contains(*at) && !unit_.not_followed.contains(*at);
      if (IsLambda(*at) == lambdas && !is_open(*at) && !covered && !IsDead(*at)) Analyse(*at);
    }
  for (const clang::FunctionDecl* function : relevant)
    if (!unit_.given_up.contains(function)) ++summary_.analysed;
  return std::exchange(findings_, {});
}

}  // namespace flushdep::plugin
