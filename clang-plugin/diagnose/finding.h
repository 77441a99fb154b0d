// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A finding: a verdict with the way that leads to it, as source locations. All
// later forms (diagnostic, record, summary) are made from this.
#ifndef FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_FINDING_H_
#define FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_FINDING_H_

#include <string>
#include <vector>

#include "clang-plugin/engine/context.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"

namespace flushdep::plugin {

enum class WayRole : uint8_t { Alloc, Map, Condition, Call, Put, Remove, Flush };

// One stop on the way, in order of execution.
struct WayPoint {
  WayRole role = WayRole::Condition;
  clang::SourceLocation where;
  std::string text;
};

struct Finding {
  Verdict verdict;
  const clang::FunctionDecl* function = nullptr;
  clang::SourceLocation where;  // where the user wrote the call
  clang::SourceLocation cause;  // of the put, or of the get if it was not put
  std::string message;          // without the rule's tag
  std::vector<WayPoint> way;
};

// Collects the findings of one function; one per cause (rule, call, put or get).
class FindingCollector : public VerdictSink {
 public:
  explicit FindingCollector(clang::ASTContext& ast) : ast_(ast) {}

  void OnVerdict(const Verdict& verdict, const State& state, ValueId page,
                 const clang::FunctionDecl* function) override;
  // In source order.
  std::vector<Finding> Take();

 private:
  Finding Make(const Verdict& verdict, const State& state, ValueId page,
               const clang::FunctionDecl* function) const;
  std::vector<WayPoint> WayTo(const Verdict& verdict, const State& state, Site allocated) const;

  clang::ASTContext& ast_;
  std::vector<Finding> findings_;
};

// Where the user wrote the start of `stmt`, macros undone.
clang::SourceLocation WrittenAt(const clang::ASTContext& ast, const clang::Stmt* stmt);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_FINDING_H_
