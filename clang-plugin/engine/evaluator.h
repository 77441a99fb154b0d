// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Executes CFG elements on one state: expressions to values, assignments to
// memory, calls to effects. Elements are executed in the CFG's order; the value of an
// element is remembered in the state until its last use, so that nothing runs twice.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_EVALUATOR_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_EVALUATOR_H_

#include <optional>
#include <vector>

#include "clang-plugin/engine/context.h"

namespace flushdep::plugin {

// A call that is followed into its callee, with everything evaluated on the caller's side.
struct PendingCall {
  struct Argument {
    const clang::ParmVarDecl* parameter = nullptr;
    ValueId value = 0;
    RegionId object = 0;  // for a structure: where it is copied from
    const clang::Expr* site = nullptr;
  };
  const Body* body = nullptr;
  const clang::Stmt* site = nullptr;    // the call, or what ends a scope
  const clang::Expr* result = nullptr;  // the expression that gets the value; null if none does
  RegionId place = 0;                   // for a structure: where the result goes
  ValueId object = 0;                   // what a method is called on
  std::vector<Argument> arguments;
};

class Evaluator {
 public:
  Evaluator(FunctionContext& context, State& state) : context_(context), state_(state) {}

  // The call that `element` makes, if it is one to follow. Otherwise Execute() it.
  std::optional<PendingCall> Prepare(const clang::CFGElement& element);

  // Runs an element; a call in it is taken as what is declared of it, or as unknown.
  void Execute(const clang::CFGElement& element);

  // May a call let an exception through of which nothing is known? What is declared throws none,
  // and those of a callee that was followed are known.
  bool MayThrow(const clang::CallExpr* call);

  // Enters the callee: the frame is there already. And comes back from it.
  void Begin(const PendingCall& call);
  void Finish(const PendingCall& call, const Activation& callee);

  // The destructor, or cleanup function, of a variable whose scope is left by an exception.
  std::optional<PendingCall> PrepareUnwind(const clang::VarDecl* variable);

  // The value of an expression; 0 if nothing is known.
  ValueId Evaluate(const clang::Expr* expr);

 private:
  // Places.
  RegionId PlaceOf(const clang::Expr* expr);
  RegionId PlaceOfReference(const clang::DeclRefExpr* ref);
  RegionId PlaceBehind(ValueId pointer, clang::QualType type);
  RegionId PlaceOfMember(const clang::MemberExpr* member);
  RegionId PlaceOfCapture(const clang::ValueDecl* variable);
  RegionId TemporaryPlace(const clang::Expr* expr);
  RegionId PlaceOfObject(const clang::Expr* expr);

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
  ValueId CallBuiltin(const clang::CallExpr* call, unsigned builtin,
                      llvm::ArrayRef<ValueId> arguments, ValueId result);
  void CopyBytes(const clang::CallExpr* call, RegionId from, RegionId to);
  void FillBytes(const clang::CallExpr* call, ValueId byte, RegionId to);
  bool IsSizeOf(const clang::Expr* size, clang::QualType type) const;
  bool PrepareInherited(const clang::CXXInheritedCtorInitExpr* init, PendingCall& pending);
  ValueId ComputeInherited(const clang::CXXInheritedCtorInitExpr* init);
  ValueId ComputeAtomic(const clang::AtomicExpr* atomic);
  std::optional<ValueId> ComputeSync(const clang::CallExpr* call,
                                     const clang::FunctionDecl* callee);
  bool Inspects(const clang::FunctionDecl* callee, llvm::ArrayRef<ValueId> arguments);
  RegionId AssemblyOperand(const clang::Expr* expr);
  ValueId ComputeThis();
  ValueId ComputeLambda(const clang::LambdaExpr* lambda);
  ValueId ComputeNew(const clang::CXXNewExpr* allocation);
  ValueId ReferenceTo(const clang::Expr* expr);
  ValueId ArgumentValue(const clang::FunctionDecl* callee, unsigned index,
                        const clang::Expr* argument);
  const clang::FunctionDecl* CalleeOf(const clang::CallExpr* call);
  bool ShouldFollow(const clang::FunctionDecl* callee, const clang::CallExpr* call = nullptr);
  bool Lends(const clang::CallExpr* call);
  std::optional<PendingCall> PrepareCall(const clang::CallExpr* call);
  std::optional<PendingCall> PrepareConstruct(const clang::CXXConstructExpr* construct);
  std::optional<PendingCall> PrepareScopeEnd(const clang::FunctionDecl* callee, ValueId object,
                                             const clang::Stmt* site);
  void AddArguments(PendingCall& call, const clang::FunctionDecl* callee,
                    llvm::ArrayRef<const clang::Expr*> arguments);
  ValueId ComputeConstruct(const clang::CXXConstructExpr* construct);
  ValueId ComputeDeclared(const clang::DeclRefExpr* ref);
  ValueId Opaque(const clang::Expr* expr);
  void NoteOperands(const clang::Expr* expr);
  void NoteAccess(RegionId place, const clang::Expr* site);

  void Declare(const clang::DeclStmt* group);
  void Initialise(RegionId region, const clang::Expr* init, clang::QualType type);
  void ExecuteAssembly(const clang::GCCAsmStmt* assembly);
  void InitialiseObject(RegionId region, const clang::Expr* init, clang::QualType type);
  void InitialiseParts(RegionId region, llvm::ArrayRef<clang::Expr*> parts,
                       const clang::RecordDecl* record);
  void InitialiseBase(RegionId region, const clang::Expr* init, clang::QualType type);
  void InitialiseArray(RegionId region, llvm::ArrayRef<clang::Expr*> parts, clang::QualType type);
  void InitialiseMember(const clang::CXXCtorInitializer* init);
  void Return(const clang::ReturnStmt* statement);
  void CallUnknown(const clang::FunctionDecl* callee, llvm::ArrayRef<ValueId> arguments);
  ValueId DestroyedObject(const clang::CFGImplicitDtor& destructor);
  void EndScope(const clang::CFGElement& element);

  FunctionContext& context_;
  State& state_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_EVALUATOR_H_
