// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Executes CFG elements on one state: expressions to values, assignments to
// memory, calls to effects. Elements are executed in the CFG's order; the value of an
// element is remembered in the state until its last use, so that nothing runs twice.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_EVALUATOR_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_EVALUATOR_H_

#include "clang-plugin/engine/context.h"

namespace flushdep::plugin {

class Evaluator {
 public:
  Evaluator(FunctionContext& context, State& state) : context_(context), state_(state) {}

  void Execute(const clang::CFGElement& element);

  // The value of an expression; 0 if nothing is known.
  ValueId Evaluate(const clang::Expr* expr);

 private:
  // Places.
  RegionId PlaceOf(const clang::Expr* expr);
  RegionId PlaceOfReference(const clang::DeclRefExpr* ref);
  RegionId PlaceOfMember(const clang::MemberExpr* member);

  // Kinds of expressions.
  ValueId Compute(const clang::Expr* expr);
  ValueId ComputeCast(const clang::CastExpr* cast);
  ValueId ComputeUnary(const clang::UnaryOperator* unary);
  ValueId ComputeStep(const clang::UnaryOperator* unary);
  ValueId ComputeBinary(const clang::BinaryOperator* binary);
  ValueId ComputeComparison(const clang::BinaryOperator* binary, ValueId left, ValueId right);
  ValueId ComputeArithmetic(const clang::Expr* site, clang::BinaryOperatorKind op, ValueId left,
                            ValueId right);
  ValueId Known(ValueId value);
  ValueId Count(const clang::Expr* site, clang::BinaryOperatorKind op, ValueId left, ValueId right);
  ValueId ComputeAssignment(const clang::BinaryOperator* binary);
  ValueId ComputeLogical(const clang::BinaryOperator* binary);
  ValueId ComputeConditional(const clang::AbstractConditionalOperator* conditional);
  ValueId ComputeCall(const clang::CallExpr* call);
  ValueId ComputeConstruct(const clang::CXXConstructExpr* construct);
  ValueId ComputeDeclared(const clang::DeclRefExpr* ref);
  ValueId Opaque(const clang::Expr* expr);

  void Declare(const clang::DeclStmt* group);
  void Initialise(RegionId region, const clang::Expr* init, clang::QualType type);
  void ExecuteAssembly(const clang::GCCAsmStmt* assembly);
  void CallUnknown(const clang::FunctionDecl* callee, llvm::ArrayRef<ValueId> arguments);
  void RunCleanup(const clang::CFGCleanupFunction& cleanup);
  void RunDestructor(const clang::CFGImplicitDtor& destructor);

  FunctionContext& context_;
  State& state_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_EVALUATOR_H_
