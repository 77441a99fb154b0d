// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/evaluator.h"

#include "clang-plugin/engine/assume.h"
#include "clang-plugin/engine/effects.h"
#include "clang-plugin/engine/memory.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/Builtins.h"

namespace flushdep::plugin {
namespace {

// Results of arithmetic beyond this are unknown, so that counting loops end.
constexpr int64_t kLargestCount = 8;
// Nesting of a value beyond which it becomes a symbol of its own.
constexpr int kMaxDepth = 4;

int Depth(const ValueTable& values, ValueId id) {
  const Value& value = values[id];
  if (value.kind != Value::Binary) return 1;
  return 1 + std::max(Depth(values, value.left), Depth(values, value.right));
}

bool IsElement(const clang::Expr* place) {
  place = place->IgnoreParens();
  const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(place);
  return llvm::isa<clang::ArraySubscriptExpr>(place) ||
         (unary != nullptr && unary->getOpcode() == clang::UO_Deref);
}

// Flags that are set or cleared by name: there are only so many.
bool IsFlagChange(const clang::Expr* site, const clang::ASTContext& ast) {
  const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(site);
  if (binary == nullptr || binary->getRHS()->isValueDependent()) return false;
  const clang::BinaryOperatorKind op = binary->getOpcode();
  const bool bits = op == clang::BO_And || op == clang::BO_Or || op == clang::BO_AndAssign ||
                    op == clang::BO_OrAssign;
  return bits && binary->getRHS()->isIntegerConstantExpr(ast);
}

}  // namespace

void Evaluator::Execute(const clang::CFGElement& element) {
  if (const auto cleanup = element.getAs<clang::CFGCleanupFunction>()) return RunCleanup(*cleanup);
  if (const auto destructor = element.getAs<clang::CFGImplicitDtor>())
    return RunDestructor(*destructor);
  const auto statement = element.getAs<clang::CFGStmt>();
  if (!statement) return;
  const clang::Stmt* stmt = statement->getStmt();
  if (const auto* group = llvm::dyn_cast<clang::DeclStmt>(stmt)) return Declare(group);
  if (const auto* assembly = llvm::dyn_cast<clang::GCCAsmStmt>(stmt))
    return ExecuteAssembly(assembly);
  if (const auto* returned = llvm::dyn_cast<clang::ReturnStmt>(stmt)) {
    if (returned->getRetValue() != nullptr) Evaluate(returned->getRetValue());
    return;
  }
  const auto* expr = llvm::dyn_cast<clang::Expr>(stmt);
  if (expr == nullptr) return;
  const ValueId value = Compute(expr);
  state_.expressions.Set(stmt, value);
}

ValueId Evaluator::Evaluate(const clang::Expr* expr) {
  if (expr == nullptr) return 0;
  if (!context_.info.IsElement(expr)) return Compute(expr);
  if (const ValueId* known = state_.expressions.Find(expr)) return *known;
  // A call must not have its effects twice.
  return llvm::isa<clang::CallExpr>(expr) ? Opaque(expr) : Compute(expr);
}

ValueId Evaluator::Opaque(const clang::Expr* expr) {
  return NewSymbol(context_, state_, expr, 0, expr->getType());
}

ValueId Evaluator::Compute(const clang::Expr* expr) {
  if (const auto* paren = llvm::dyn_cast<clang::ParenExpr>(expr))
    return Evaluate(paren->getSubExpr());
  if (const auto* full = llvm::dyn_cast<clang::FullExpr>(expr)) return Evaluate(full->getSubExpr());
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expr)) return ComputeCast(cast);
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(expr)) return ComputeCall(call);
  if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(expr))
    return ComputeConstruct(construct);
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(expr)) return ComputeUnary(unary);
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(expr))
    return ComputeBinary(binary);
  if (const auto* conditional = llvm::dyn_cast<clang::AbstractConditionalOperator>(expr))
    return ComputeConditional(conditional);
  if (const auto* inner = llvm::dyn_cast<clang::StmtExpr>(expr))
    return Evaluate(FunctionInfo::ResultOf(inner));
  if (const auto* opaque = llvm::dyn_cast<clang::OpaqueValueExpr>(expr))
    return Evaluate(opaque->getSourceExpr());
  if (const auto* temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(expr))
    return Evaluate(temporary->getSubExpr());
  if (const auto* bind = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(expr))
    return Evaluate(bind->getSubExpr());
  if (const auto* choose = llvm::dyn_cast<clang::ChooseExpr>(expr))
    return Evaluate(choose->getChosenSubExpr());
  if (const auto* selection = llvm::dyn_cast<clang::GenericSelectionExpr>(expr))
    return selection->isResultDependent() ? 0 : Evaluate(selection->getResultExpr());
  if (const auto* ref = llvm::dyn_cast<clang::DeclRefExpr>(expr)) return ComputeDeclared(ref);
  if (const auto* literal = llvm::dyn_cast<clang::IntegerLiteral>(expr))
    return context_.values.Constant(static_cast<int64_t>(literal->getValue().getLimitedValue()));
  if (const auto* literal = llvm::dyn_cast<clang::CharacterLiteral>(expr))
    return context_.values.Constant(literal->getValue());
  if (const auto* literal = llvm::dyn_cast<clang::CXXBoolLiteralExpr>(expr))
    return context_.values.Constant(literal->getValue() ? 1 : 0);
  if (llvm::isa<clang::CXXNullPtrLiteralExpr, clang::GNUNullExpr, clang::ImplicitValueInitExpr>(
          expr))
    return context_.values.Constant(0);
  if (const auto* argument = llvm::dyn_cast<clang::SubstNonTypeTemplateParmExpr>(expr))
    return Evaluate(argument->getReplacement());
  if (llvm::isa<clang::CXXThisExpr>(expr)) return context_.This();
  if (llvm::isa<clang::UnaryExprOrTypeTraitExpr>(expr)) {
    clang::Expr::EvalResult result;
    if (!expr->isValueDependent() && expr->EvaluateAsInt(result, context_.ast))
      return context_.values.Constant(result.Val.getInt().getExtValue());
  }
  return Opaque(expr);
}

ValueId Evaluator::ComputeDeclared(const clang::DeclRefExpr* ref) {
  if (const auto* constant = llvm::dyn_cast<clang::EnumConstantDecl>(ref->getDecl()))
    return context_.values.Constant(constant->getInitVal().getExtValue());
  if (llvm::isa<clang::FunctionDecl>(ref->getDecl())) return Opaque(ref);
  return ref->isGLValue() ? context_.values.AddressOf(PlaceOf(ref)) : 0;
}

ValueId Evaluator::ComputeCast(const clang::CastExpr* cast) {
  const clang::Expr* operand = cast->getSubExpr();
  switch (cast->getCastKind()) {
    case clang::CK_LValueToRValue: {
      const RegionId place = PlaceOf(operand);
      if (IsElement(operand)) context_.element_reads.insert(cast);
      return place != 0 ? Load(context_, state_, place, cast, cast->getType()) : Opaque(cast);
    }
    case clang::CK_ArrayToPointerDecay:
      if (const RegionId place = PlaceOf(operand)) return context_.values.AddressOf(place);
      return Opaque(cast);
    case clang::CK_NullToPointer:
    case clang::CK_NullToMemberPointer:
      return context_.values.Constant(0);
    case clang::CK_PointerToBoolean:
    case clang::CK_IntegralToBoolean:
      return context_.values.Truth(Evaluate(operand));
    case clang::CK_NoOp:
    case clang::CK_BitCast:
    case clang::CK_IntegralCast:
    case clang::CK_BooleanToSignedIntegral:
    case clang::CK_IntegralToPointer:
    case clang::CK_PointerToIntegral:
    case clang::CK_AddressSpaceConversion:
    case clang::CK_ToVoid:
    case clang::CK_ConstructorConversion:
    case clang::CK_UserDefinedConversion:
      return Evaluate(operand);
    default:
      Evaluate(operand);
      return Opaque(cast);
  }
}

RegionId Evaluator::PlaceOfReference(const clang::DeclRefExpr* ref) {
  if (const auto* binding = llvm::dyn_cast<clang::BindingDecl>(ref->getDecl()))
    return binding->getBinding() != nullptr ? PlaceOf(binding->getBinding()) : 0;
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(ref->getDecl());
  if (variable == nullptr) return 0;
  const RegionId place = context_.values.Variable(variable);
  if (!variable->getType()->isReferenceType()) return place;
  const clang::QualType pointer =
      context_.ast.getPointerType(variable->getType().getNonReferenceType());
  return context_.values.Pointee(Load(context_, state_, place, ref, pointer));
}

RegionId Evaluator::PlaceOfMember(const clang::MemberExpr* member) {
  const RegionId base = member->isArrow() ? context_.values.Pointee(Evaluate(member->getBase()))
                                          : PlaceOf(member->getBase());
  return context_.values.Field(base, member->getMemberDecl());
}

RegionId Evaluator::PlaceOf(const clang::Expr* expr) {
  if (const auto* paren = llvm::dyn_cast<clang::ParenExpr>(expr))
    return PlaceOf(paren->getSubExpr());
  if (const auto* ref = llvm::dyn_cast<clang::DeclRefExpr>(expr)) return PlaceOfReference(ref);
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expr)) return PlaceOfMember(member);
  if (const auto* element = llvm::dyn_cast<clang::ArraySubscriptExpr>(expr)) {
    const ValueId index = Evaluate(element->getIdx());
    return context_.values.Element(context_.values.Pointee(Evaluate(element->getBase())), index);
  }
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(expr)) {
    if (unary->getOpcode() == clang::UO_Deref)
      return context_.values.Pointee(Evaluate(unary->getSubExpr()));
    if (unary->getOpcode() == clang::UO_Extension || unary->getOpcode() == clang::UO_Real)
      return PlaceOf(unary->getSubExpr());
    Evaluate(unary);
    return unary->isIncrementDecrementOp() ? PlaceOf(unary->getSubExpr()) : 0;
  }
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expr)) {
    const bool same =
        cast->getCastKind() == clang::CK_NoOp || cast->getCastKind() == clang::CK_LValueBitCast;
    return same ? PlaceOf(cast->getSubExpr()) : 0;
  }
  if (const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(expr)) {
    // In C++ an assignment is an lvalue.
    Evaluate(binary);
    return binary->isAssignmentOp() ? PlaceOf(binary->getLHS()) : 0;
  }
  Evaluate(expr);
  return 0;
}

ValueId Evaluator::ComputeUnary(const clang::UnaryOperator* unary) {
  const clang::Expr* operand = unary->getSubExpr();
  int64_t constant = 0;
  switch (unary->getOpcode()) {
    case clang::UO_AddrOf:
      if (const RegionId place = PlaceOf(operand)) return context_.values.AddressOf(place);
      return Opaque(unary);
    case clang::UO_LNot:
      return context_.values.Not(Evaluate(operand));
    case clang::UO_Plus:
    case clang::UO_Extension:
      return Evaluate(operand);
    case clang::UO_Minus:
      if (context_.values.IsConstant(Evaluate(operand), &constant))
        return context_.values.Constant(static_cast<int64_t>(0 - static_cast<uint64_t>(constant)));
      return Opaque(unary);
    case clang::UO_Not:
      if (context_.values.IsConstant(Evaluate(operand), &constant))
        return context_.values.Constant(~constant);
      return Opaque(unary);
    case clang::UO_PreInc:
    case clang::UO_PreDec:
    case clang::UO_PostInc:
    case clang::UO_PostDec:
      return ComputeStep(unary);
    default:
      Evaluate(operand);
      return Opaque(unary);
  }
}

ValueId Evaluator::ComputeStep(const clang::UnaryOperator* unary) {
  const RegionId place = PlaceOf(unary->getSubExpr());
  if (place == 0) return Opaque(unary);
  const ValueId before = Load(context_, state_, place, unary, unary->getType());
  const auto op = unary->isIncrementOp() ? clang::BO_Add : clang::BO_Sub;
  const ValueId after = ComputeArithmetic(unary, op, before, context_.values.Constant(1));
  // A symbol made for `after` may have aged the one that was loaded.
  const ValueId* kept = state_.memory.Find(place);
  const ValueId old = kept != nullptr ? *kept : before;
  Store(context_, state_, place, after);
  return unary->isPrefix() ? after : old;
}

// The constant that a value is known to be.
ValueId Evaluator::Known(ValueId value) {
  return context_.values.Constant(RangeOf(context_, state_, value).low);
}

// A result that is not followed further. Of what was counted up it is still known that it is not
// zero; in steps of two sizes only, so that the walk over a loop ends.
ValueId Evaluator::Count(const clang::Expr* site, clang::BinaryOperatorKind op, ValueId left,
                         ValueId right) {
  const Range before = RangeOf(context_, state_, left);
  const ValueId result = Opaque(site);
  int64_t step = 0;
  if (!context_.values.IsConstant(right, &step) || step <= 0) return result;
  const bool down = op == clang::BO_Sub && !site->getType()->isUnsignedIntegerType();
  for (const int64_t least : {kLargestCount + 1, int64_t{1}}) {
    if (op == clang::BO_Add && before.low >= least - step) {
      AssumeCompare(context_, state_, clang::BO_GE, result, least);
      break;
    }
    if (down && before.high <= step - least) {
      AssumeCompare(context_, state_, clang::BO_LE, result, -least);
      break;
    }
  }
  return result;
}

// Sums are kept where they stay small, so that two rounds of a loop look alike.
ValueId Evaluator::ComputeArithmetic(const clang::Expr* site, clang::BinaryOperatorKind op,
                                     ValueId left, ValueId right) {
  // What is collected over the rounds of a loop, once decided, is a number again.
  if (op == clang::BO_Or) {
    if (RangeOf(context_, state_, left).IsSingle()) left = Known(left);
    if (RangeOf(context_, state_, right).IsSingle()) right = Known(right);
  }
  const ValueId value = context_.values.Binary(op, left, right);
  if (value == 0) return Opaque(site);
  int64_t constant = 0;
  if (context_.values.IsConstant(value, &constant)) {
    if (constant >= -kLargestCount && constant <= kLargestCount) return value;
    if (IsFlagChange(site, context_.ast)) return value;
    return site->isIntegerConstantExpr(context_.ast) ? value : Count(site, op, left, right);
  }
  const bool counts = op == clang::BO_Add || op == clang::BO_Sub;
  const bool again =
      counts && context_.values[left].kind == Value::Binary && context_.values[left].op == op;
  if (again || Depth(context_.values, value) > kMaxDepth) return Count(site, op, left, right);
  return value;
}

ValueId Evaluator::ComputeComparison(const clang::BinaryOperator* binary, ValueId left,
                                     ValueId right) {
  int64_t constant = 0;
  const clang::QualType type = binary->getLHS()->getType();
  const bool ordered = binary->isRelationalOp();
  const bool negative = (context_.values.IsConstant(right, &constant) ||
                         context_.values.IsConstant(left, &constant)) &&
                        constant < 0;
  if (!ordered || !negative || !(type->isUnsignedIntegerType() || type->isPointerType()))
    return context_.values.Binary(binary->getOpcode(), left, right);
  // Unsigned numbers near the top are error numbers: IS_ERR_VALUE() compares so.
  if (context_.values.IsConstant(right) && constant == kMinError) {
    const ValueId error = context_.values.Predicate(Value::IsError, left);
    if (binary->getOpcode() == clang::BO_GE) return error;
    if (binary->getOpcode() == clang::BO_LT) return context_.values.Not(error);
  }
  return Opaque(binary);
}

ValueId Evaluator::ComputeBinary(const clang::BinaryOperator* binary) {
  if (binary->isAssignmentOp()) return ComputeAssignment(binary);
  if (binary->isLogicalOp()) return ComputeLogical(binary);
  const ValueId left = Evaluate(binary->getLHS());
  const ValueId right = Evaluate(binary->getRHS());
  if (binary->getOpcode() == clang::BO_Comma) return right;
  if (left == 0 || right == 0) return Opaque(binary);
  if (binary->isComparisonOp()) return ComputeComparison(binary, left, right);
  return ComputeArithmetic(binary, binary->getOpcode(), left, right);
}

ValueId Evaluator::ComputeAssignment(const clang::BinaryOperator* binary) {
  ValueId value = Evaluate(binary->getRHS());
  const RegionId place = PlaceOf(binary->getLHS());
  if (binary->isCompoundAssignmentOp()) {
    const ValueId before =
        place != 0 ? Load(context_, state_, place, binary, binary->getType()) : 0;
    const auto op = clang::BinaryOperator::getOpForCompoundAssignment(binary->getOpcode());
    value =
        before != 0 && value != 0 ? ComputeArithmetic(binary, op, before, value) : Opaque(binary);
  } else if (value == 0) {
    value = Opaque(binary);
  }
  if (place != 0)
    Store(context_, state_, place, value);
  else if (Handle* handle = state_.FindHandle(value))
    handle->escaped = true;
  return value;
}

// The edges of the short circuit left their mark; without one the right side decides.
ValueId Evaluator::ComputeLogical(const clang::BinaryOperator* binary) {
  if (const ValueId* mark = state_.expressions.Find(binary)) return *mark;
  const ValueId right = Evaluate(binary->getRHS());
  return right != 0 ? context_.values.Truth(right) : Opaque(binary);
}

ValueId Evaluator::ComputeConditional(const clang::AbstractConditionalOperator* conditional) {
  const ValueId* mark = state_.expressions.Find(conditional);
  int64_t chosen = 0;
  if (mark == nullptr || !context_.values.IsConstant(*mark, &chosen)) {
    int64_t constant = 0;
    if (!context_.values.IsConstant(Evaluate(conditional->getCond()), &constant))
      return Opaque(conditional);
    chosen = constant != 0 ? 1 : 0;
  }
  const ValueId value =
      Evaluate(chosen != 0 ? conditional->getTrueExpr() : conditional->getFalseExpr());
  return value != 0 ? value : Opaque(conditional);
}

ValueId Evaluator::ComputeCall(const clang::CallExpr* call) {
  const clang::FunctionDecl* callee = call->getDirectCallee();
  const unsigned builtin = callee != nullptr ? callee->getBuiltinID() : 0;
  if (builtin == clang::Builtin::BI__builtin_expect ||
      builtin == clang::Builtin::BI__builtin_expect_with_probability)
    return Evaluate(call->getArg(0));
  const ValueId result = call->getType()->isVoidType() ? 0 : Opaque(call);
  std::vector<ValueId> arguments;
  const bool hidden_object = llvm::isa<clang::CXXOperatorCallExpr>(call) &&
                             llvm::isa_and_nonnull<clang::CXXMethodDecl>(callee);
  for (unsigned i = hidden_object ? 1 : 0; i < call->getNumArgs(); ++i)
    arguments.push_back(Evaluate(call->getArg(i)));
  const FunctionProtocol* declared = context_.protocol.Lookup(callee);
  if (declared != nullptr)
    return ApplyEffects(context_, state_, *declared, call, arguments, result);
  if (builtin != 0 && !callee->hasBody()) return result;
  if (hidden_object) arguments.push_back(Evaluate(call->getArg(0)));
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call))
    arguments.push_back(Evaluate(member->getImplicitObjectArgument()));
  CallUnknown(callee, arguments);
  return result;
}

ValueId Evaluator::ComputeConstruct(const clang::CXXConstructExpr* construct) {
  std::vector<ValueId> arguments;
  for (const clang::Expr* argument : construct->arguments())
    arguments.push_back(Evaluate(argument));
  const clang::CXXConstructorDecl* constructor = construct->getConstructor();
  if (constructor->isTrivial() && arguments.size() == 1) return arguments[0];
  CallUnknown(constructor, arguments);
  return Opaque(construct);
}

void Evaluator::CallUnknown(const clang::FunctionDecl* callee, llvm::ArrayRef<ValueId> arguments) {
  if (callee != nullptr && context_.index.MayDisturb(callee)) ForgetTypestate(state_);
  ForgetAfterCall(context_, state_, arguments);
}

void Evaluator::Initialise(RegionId region, const clang::Expr* init, clang::QualType type) {
  const auto* list = llvm::dyn_cast<clang::InitListExpr>(init->IgnoreImplicit());
  const clang::RecordDecl* record = type->getAsRecordDecl();
  if (list == nullptr) {
    const ValueId value =
        type->isReferenceType() ? context_.values.AddressOf(PlaceOf(init)) : Evaluate(init);
    return Store(context_, state_, region, value != 0 ? value : Opaque(init));
  }
  if (type->isScalarType() && list->getNumInits() <= 1) {
    if (list->getNumInits() == 1) return Initialise(region, list->getInit(0), type);
    return Store(context_, state_, region, context_.values.Constant(0));
  }
  if (record == nullptr || record->isUnion()) {
    for (const clang::Expr* element : list->inits()) Evaluate(element);
    return Store(context_, state_, region, 0);
  }
  Store(context_, state_, region, 0);
  unsigned index = 0;
  for (const clang::FieldDecl* field : record->fields()) {
    if (field->isUnnamedBitField()) continue;
    if (index >= list->getNumInits()) break;
    Initialise(context_.values.Field(region, field), list->getInit(index++), field->getType());
  }
}

void Evaluator::Declare(const clang::DeclStmt* group) {
  for (const clang::Decl* decl : group->decls()) {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(decl);
    if (variable == nullptr || variable->isStaticLocal() || variable->hasExternalStorage())
      continue;
    const RegionId region = context_.values.Variable(variable);
    if (variable->getInit() != nullptr)
      Initialise(region, variable->getInit(), variable->getType());
    else
      Store(context_, state_, region, 0);
  }
}

// Outputs are new values; an assembler statement neither maps nor flushes.
void Evaluator::ExecuteAssembly(const clang::GCCAsmStmt* assembly) {
  for (unsigned i = 0; i < assembly->getNumInputs(); ++i) Evaluate(assembly->getInputExpr(i));
  for (unsigned i = 0; i < assembly->getNumOutputs(); ++i) {
    const clang::Expr* output = assembly->getOutputExpr(i);
    const RegionId place = PlaceOf(output);
    if (place != 0) Store(context_, state_, place, Opaque(output));
  }
}

void Evaluator::RunCleanup(const clang::CFGCleanupFunction& cleanup) {
  const RegionId region = context_.values.Variable(cleanup.getVarDecl());
  CallUnknown(cleanup.getFunctionDecl(), {context_.values.AddressOf(region)});
}

void Evaluator::RunDestructor(const clang::CFGImplicitDtor& destructor) {
  const clang::CXXDestructorDecl* callee = destructor.getDestructorDecl(context_.ast);
  ValueId object = 0;
  if (const auto variable = destructor.getAs<clang::CFGAutomaticObjDtor>())
    object = context_.values.AddressOf(context_.values.Variable(variable->getVarDecl()));
  else if (const auto deleted = destructor.getAs<clang::CFGDeleteDtor>())
    object = Evaluate(deleted->getDeleteExpr()->getArgument());
  CallUnknown(callee, {object});
}

}  // namespace flushdep::plugin
