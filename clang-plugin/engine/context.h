// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the parts of the engine share while one function, and what it calls, is walked.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_CONTEXT_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_CONTEXT_H_

#include <string>
#include <vector>

#include "clang-plugin/engine/bodies.h"
#include "clang-plugin/engine/effect_index.h"
#include "clang-plugin/engine/limits.h"
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
  // `function` is where the verdict's site is: the one that is walked, or one that it calls.
  virtual void OnVerdict(const Verdict& verdict, const State& state, ValueId page,
                         const clang::FunctionDecl* function) = 0;
};

// What the walks over the functions of one unit share.
struct UnitContext {
  UnitContext(clang::ASTContext& ast_context, Protocol& declared, EffectIndex& effects)
      : ast(ast_context), protocol(declared), index(effects) {}

  clang::ASTContext& ast;
  Protocol& protocol;
  EffectIndex& index;
  Bodies bodies;
  // Functions that were followed into from a caller, and those that could not always be.
  llvm::DenseSet<const clang::FunctionDecl*> followed;
  llvm::DenseSet<const clang::FunctionDecl*> not_followed;
  // Functions whose own walk was given up; to follow into them would end the same way.
  llvm::DenseSet<const clang::FunctionDecl*> given_up;
  unsigned long steps_done = 0;
  // Call operators of lambdas that were come by.
  llvm::DenseSet<const clang::FunctionDecl*> lambdas_made;
};

// An activation: the function that is walked, or one on the way down through calls.
struct Activation {
  const Body* body = nullptr;
  uint32_t level = 0;  // activations of the same function below
};

struct FunctionContext {
  FunctionContext(UnitContext& unit_context, const Limits& bounds, VerdictSink& verdict_sink)
      : ast(unit_context.ast),
        protocol(unit_context.protocol),
        index(unit_context.index),
        unit(unit_context),
        limits(bounds),
        sink(verdict_sink) {}

  clang::ASTContext& ast;
  Protocol& protocol;
  EffectIndex& index;
  UnitContext& unit;
  const Limits limits;
  VerdictSink& sink;
  std::vector<Activation> frames;  // the innermost last; never empty during a walk
  ValueTable values;
  llvm::BumpPtrAllocator steps;
  unsigned states_made = 0;
  unsigned steps_done = 0;
  std::vector<const clang::FunctionDecl*> entered;  // callees that were followed
  bool recursion_cut = false;                       // a recursive call was taken not to return
  llvm::StringRef obstacle;  // why the walk was given up; empty if it was not
  // Calls whose result is an mm that nobody runs yet.
  llvm::DenseSet<const void*> new_mm_sites;
  // Expressions that read an element of an array, by an index or a moving pointer.
  llvm::DenseSet<const void*> element_reads;
  // Variables whose address was stored where a callee keeps it.
  llvm::DenseSet<const clang::ValueDecl*> kept;
  // Name of the field that holds the mm of the running task.
  std::string mm_field;

  const Activation& frame() const { return frames.back(); }
  const FunctionInfo& info() const { return *frames.back().body->info; }
  const clang::FunctionDecl* function() const { return frames.back().body->function; }

  ExprKey KeyOf(const clang::Stmt* stmt) const {
    return reinterpret_cast<uintptr_t>(stmt) | (frame().level & kLevelMask);
  }

  // The place of a variable in the innermost activation that has it.
  RegionId VariablePlace(const clang::ValueDecl* decl) {
    return values.Variable(decl, LevelOf(decl));
  }
  uint32_t LevelOf(const clang::ValueDecl* decl) const {
    if (frames.size() <= 1) return 0;
    const auto* owner =
        llvm::dyn_cast_or_null<clang::FunctionDecl>(decl->getParentFunctionOrMethod());
    for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame)
      if (frame->body->function == owner) return frame->level;
    return 0;
  }

  // Is the address of a variable kept somewhere, so that any call may change it?
  bool AddressKept(const clang::ValueDecl* decl) const {
    if (kept.contains(decl)) return true;
    for (const Activation& frame : frames)
      if (frame.body->info->AddressKept(decl)) return true;
    return false;
  }

  bool AddressTaken(const clang::ValueDecl* decl) const {
    if (kept.contains(decl)) return true;
    for (const Activation& frame : frames)
      if (frame.body->info->AddressTaken(decl)) return true;
    return false;
  }

  // The mm and the task of the caller: one symbol each.
  ValueId CurrentMm() { return values.Permanent(&mm_field); }
  ValueId CurrentTask() { return values.Permanent(&new_mm_sites); }
  // A method's object, in the activation that runs.
  RegionId ObjectPlace() { return values.Special(Region::Object, function(), frame().level); }
  ValueId This(const State& state) {
    const ValueId* bound = state.memory.Find(ObjectPlace());
    return bound != nullptr ? *bound : values.Permanent(function());
  }

  void AddStep(State& state, StepKind kind, const clang::Stmt* where, bool taken = false,
               const clang::FunctionDecl* callee = nullptr) {
    state.trace = new (steps) Step{kind, where, taken, callee, state.trace};
  }
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_CONTEXT_H_
