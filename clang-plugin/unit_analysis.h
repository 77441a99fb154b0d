// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The analysis of one unit: which of its functions are worth a walk, in which order, and
// how often.
//
// A function that only this unit can call is walked through its callers, with what they give
// it. By itself it is walked only if no caller was, or if a call of it could not be followed.
#ifndef FLUSHDEP_CLANG_PLUGIN_UNIT_ANALYSIS_H_
#define FLUSHDEP_CLANG_PLUGIN_UNIT_ANALYSIS_H_

#include <vector>

#include "clang-plugin/diagnose/finding.h"
#include "clang-plugin/diagnose/summary.h"
#include "clang-plugin/engine/context.h"
#include "llvm/ADT/DenseSet.h"

namespace flushdep::plugin {

class UnitAnalysis {
 public:
  UnitAnalysis(clang::ASTContext& ast, Protocol& protocol, EffectIndex& index, const Limits& limits,
               Summary& summary)
      : unit_{ast, protocol, index}, limits_(limits), summary_(summary) {}

  // Analyses what is relevant among `functions`; counts into the summary. `address_taken` may
  // be called by anybody.
  std::vector<Finding> Run(const std::vector<const clang::FunctionDecl*>& functions,
                           const llvm::DenseSet<const clang::FunctionDecl*>& address_taken);

  // Could a rule fire in the function, by itself or by what it calls?
  bool IsRelevant(const clang::FunctionDecl* function);

 private:
  void Analyse(const clang::FunctionDecl* function);
  bool IsDead(const clang::FunctionDecl* function) const;
  llvm::StringRef Walk(const Body& body, std::vector<Finding>& findings);

  UnitContext unit_;
  Limits limits_;
  Summary& summary_;
  llvm::DenseSet<const clang::FunctionDecl*> walked_;
  std::vector<Finding> findings_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_UNIT_ANALYSIS_H_
