// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the parts of the engine share while one function is walked.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_CONTEXT_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_CONTEXT_H_

#include <string>

#include "clang-plugin/engine/effect_index.h"
#include "clang-plugin/engine/function_info.h"
#include "clang-plugin/engine/state.h"
#include "clang-plugin/engine/values.h"
#include "clang-plugin/protocol/protocol.h"
#include "clang-plugin/rules/rule.h"
#include "clang/AST/ASTContext.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/Allocator.h"

namespace flushdep::plugin {

// What one function's walk found. Traces live as long as the context.
class VerdictSink {
 public:
  virtual ~VerdictSink() = default;
  virtual void OnVerdict(const Verdict& verdict, const State& state, ValueId page) = 0;
};

struct FunctionContext {
  FunctionContext(clang::ASTContext& ast_context, Protocol& declared, EffectIndex& effects,
                  const clang::CFG& cfg, VerdictSink& verdict_sink)
      : ast(ast_context), protocol(declared), index(effects), info(cfg), sink(verdict_sink) {}

  clang::ASTContext& ast;
  Protocol& protocol;
  EffectIndex& index;
  FunctionInfo info;
  VerdictSink& sink;
  ValueTable values;
  llvm::BumpPtrAllocator steps;
  // Calls whose result is an mm that nobody runs yet.
  llvm::DenseSet<const void*> new_mm_sites;
  // Expressions that read an element of an array, by an index or a moving pointer.
  llvm::DenseSet<const void*> element_reads;
  // Name of the field that holds the mm of the running task.
  std::string mm_field;

  // The mm and the task of the caller, and a method's object: one symbol each.
  ValueId CurrentMm() { return values.Permanent(&mm_field); }
  ValueId This() { return values.Permanent(&values); }
  ValueId CurrentTask() { return values.Permanent(&new_mm_sites); }

  void AddStep(State& state, StepKind kind, const clang::Stmt* where, bool taken = false) {
    state.trace = new (steps) Step{kind, where, taken, state.trace};
  }
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_CONTEXT_H_
