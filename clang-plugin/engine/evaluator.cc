// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/evaluator.h"

#include "clang-plugin/engine/assume.h"
#include "clang-plugin/engine/atomics.h"
#include "clang-plugin/engine/effects.h"
#include "clang-plugin/engine/fault.h"
#include "clang-plugin/engine/memory.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/Builtins.h"

namespace flushdep::plugin {
namespace {

// Results of arithmetic beyond this are unknown, so that counting loops end.
constexpr int64_t kLargestCount = 8;
// The same for a pointer that walks over an array: nobody asks after its distance.
constexpr int64_t kLargestDistance = 2;
// Nesting of a value beyond which it becomes a symbol of its own.
constexpr int kMaxDepth = 4;
// Elements of an array that an initialiser sets one by one.
constexpr uint64_t kMaxInitialised = 16;

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

// What an object that is given to memcpy() and the like by its address is declared as.
clang::QualType ObjectType(const clang::Expr* address) {
  address = address->IgnoreParenCasts();
  const clang::QualType type = address->getType();
  return type->isPointerType() ? type->getPointeeType()
                               : (type->isArrayType() ? type : clang::QualType());
}

// Results that no loop makes ever larger.
bool IsBounded(const clang::Expr* site, clang::BinaryOperatorKind op,
               const clang::ASTContext& ast) {
  if (op == clang::BO_Div || op == clang::BO_Rem || op == kUnsignedDiv || op == kUnsignedRem ||
      op == clang::BO_And || op == clang::BO_Or || op == clang::BO_Shr)
    return true;
  const auto* binary = llvm::dyn_cast<clang::BinaryOperator>(site);
  return op == clang::BO_Shl && binary != nullptr && !binary->isAssignmentOp() &&
         !binary->getLHS()->isValueDependent() && binary->getLHS()->isIntegerConstantExpr(ast);
}

// Numbers, alone or as the array that a bitmap is.
bool PointsToBits(const clang::ParmVarDecl* parameter, bool is_const) {
  if (!parameter->getType()->isPointerType()) return false;
  const clang::QualType type = parameter->getType()->getPointeeType();
  if (type.isConstQualified() != is_const) return false;
  if (type->isIntegerType()) return true;
  const clang::RecordDecl* record = type->getAsRecordDecl();
  if (record == nullptr || !record->isCompleteDefinition() || record->field_empty()) return false;
  const clang::Type* element = record->field_begin()->getType()->getArrayElementTypeNoTypeQual();
  return element != nullptr && element->isIntegerType() &&
         std::next(record->field_begin()) == record->field_end();
}

bool IsArray(const Region& region) {
  const bool declared = region.kind == Region::Variable || region.kind == Region::Field;
  return declared && region.decl->getType()->isArrayType();
}

std::optional<MemoryOp> AtomicName(const clang::AtomicExpr* atomic) {
  using Atomic = clang::AtomicExpr;
  switch (atomic->getOp()) {
    case Atomic::AO__c11_atomic_load:
    case Atomic::AO__atomic_load:
    case Atomic::AO__atomic_load_n:
      return MemoryOp::Read;
    case Atomic::AO__c11_atomic_init:
    case Atomic::AO__c11_atomic_store:
    case Atomic::AO__atomic_store:
    case Atomic::AO__atomic_store_n:
      return MemoryOp::Set;
    case Atomic::AO__c11_atomic_exchange:
    case Atomic::AO__atomic_exchange:
    case Atomic::AO__atomic_exchange_n:
      return MemoryOp::Exchange;
    case Atomic::AO__c11_atomic_compare_exchange_strong:
    case Atomic::AO__c11_atomic_compare_exchange_weak:
    case Atomic::AO__atomic_compare_exchange:
    case Atomic::AO__atomic_compare_exchange_n:
      return MemoryOp::CompareExchange;
    case Atomic::AO__c11_atomic_fetch_add:
    case Atomic::AO__atomic_fetch_add:
    case Atomic::AO__atomic_add_fetch:
      return MemoryOp::Add;
    case Atomic::AO__c11_atomic_fetch_sub:
    case Atomic::AO__atomic_fetch_sub:
    case Atomic::AO__atomic_sub_fetch:
      return MemoryOp::Subtract;
    case Atomic::AO__c11_atomic_fetch_or:
    case Atomic::AO__atomic_fetch_or:
    case Atomic::AO__atomic_or_fetch:
      return MemoryOp::Or;
    case Atomic::AO__c11_atomic_fetch_and:
    case Atomic::AO__atomic_fetch_and:
    case Atomic::AO__atomic_and_fetch:
      return MemoryOp::And;
    case Atomic::AO__c11_atomic_fetch_xor:
    case Atomic::AO__atomic_fetch_xor:
    case Atomic::AO__atomic_xor_fetch:
      return MemoryOp::Xor;
    default:
      return std::nullopt;
  }
}

bool GivesNewValue(const clang::AtomicExpr* atomic) {
  using Atomic = clang::AtomicExpr;
  const Atomic::AtomicOp op = atomic->getOp();
  return op == Atomic::AO__atomic_add_fetch || op == Atomic::AO__atomic_sub_fetch ||
         op == Atomic::AO__atomic_or_fetch || op == Atomic::AO__atomic_and_fetch ||
         op == Atomic::AO__atomic_xor_fetch;
}

}  // namespace

void Evaluator::Execute(const clang::CFGElement& element) {
  if (const auto init = element.getAs<clang::CFGInitializer>())
    return InitialiseMember(init->getInitializer());
  const auto statement = element.getAs<clang::CFGStmt>();
  if (!statement) return EndScope(element);
  const clang::Stmt* stmt = statement->getStmt();
  if (const auto* group = llvm::dyn_cast<clang::DeclStmt>(stmt)) return Declare(group);
  if (const auto* assembly = llvm::dyn_cast<clang::GCCAsmStmt>(stmt))
    return ExecuteAssembly(assembly);
  if (const auto* returned = llvm::dyn_cast<clang::ReturnStmt>(stmt)) return Return(returned);
  const auto* expr = llvm::dyn_cast<clang::Expr>(stmt);
  if (expr == nullptr) return;
  const ValueId value = Compute(expr);
  state_.expressions.Set(context_.KeyOf(stmt), value);
}

ValueId Evaluator::Evaluate(const clang::Expr* expr) {
  if (expr == nullptr) return 0;
  if (!context_.info().IsElement(expr)) return Compute(expr);
  if (const ValueId* known = state_.expressions.Find(context_.KeyOf(expr))) return *known;
  // A call must not have its effects twice.
  return llvm::isa<clang::CallExpr, clang::CXXConstructExpr, clang::AtomicExpr>(expr)
             ? Opaque(expr)
             : Compute(expr);
}

// The value of a call in a callee is what its caller gets.
void Evaluator::Return(const clang::ReturnStmt* statement) {
  const clang::Expr* expr = statement->getRetValue();
  if (expr == nullptr) return;
  const bool called = context_.frames.size() > 1;
  const RegionId place =
      context_.values.Special(Region::Return, context_.function(), context_.frame().level);
  const clang::QualType type = context_.function()->getReturnType();
  if (type->isRecordType()) {
    const RegionId object = PlaceOfObject(expr);
    if (called) return CopyObject(context_, state_, object, place, type, expr);
    for (const auto& [region, value] : state_.memory)
      if (object != 0 && context_.values.IsInside(region, object))
        if (Handle* handle = state_.FindHandle(value)) handle->escaped = true;
    return;
  }
  const ValueId value = type->isReferenceType() ? ReferenceTo(expr) : Evaluate(expr);
  if (called && value != 0) state_.memory.Set(place, value);
  // What is returned is the caller's business.
  if (Handle* handle = state_.FindHandle(value); handle != nullptr && !called)
    handle->escaped = true;
}

ValueId Evaluator::Opaque(const clang::Expr* expr) {
  // What a call gives of which nothing is known is judged where the call is.
  if (!llvm::isa<clang::CallExpr, clang::CXXNewExpr, clang::UnaryOperator>(expr))
    NoteUnknownPointer(context_, state_, 0, expr->getType());
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
  if (const auto* atomic = llvm::dyn_cast<clang::AtomicExpr>(expr)) return ComputeAtomic(atomic);
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
  if (llvm::isa<clang::CXXThisExpr>(expr)) return ComputeThis();
  if (const auto* inherited = llvm::dyn_cast<clang::CXXInheritedCtorInitExpr>(expr))
    return ComputeInherited(inherited);
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(expr)) return ComputeLambda(lambda);
  if (const auto* allocation = llvm::dyn_cast<clang::CXXNewExpr>(expr))
    return ComputeNew(allocation);
  if (const auto* init = llvm::dyn_cast<clang::CXXDefaultInitExpr>(expr))
    return Evaluate(init->getExpr());
  if (const auto* argument = llvm::dyn_cast<clang::CXXDefaultArgExpr>(expr))
    return Evaluate(argument->getExpr());
  if (expr->isGLValue() && llvm::isa<clang::MemberExpr, clang::ArraySubscriptExpr>(expr))
    return ReferenceTo(expr);
  if (llvm::isa<clang::UnaryExprOrTypeTraitExpr>(expr)) {
    clang::Expr::EvalResult result;
    if (!expr->isValueDependent() && expr->EvaluateAsInt(result, context_.ast))
      return context_.values.Constant(result.Val.getInt().getExtValue());
  }
  if (llvm::isa<clang::MemberExpr>(expr))
    if (const RegionId place = PlaceOf(expr))
      return Load(context_, state_, place, expr, expr->getType());
  if (!llvm::isa<clang::InitListExpr, clang::CXXParenListInitExpr, clang::CompoundLiteralExpr,
                 clang::UnaryExprOrTypeTraitExpr>(expr))
    NoteOperands(expr);
  return Opaque(expr);
}

// What becomes of the operands of an expression that is not understood is not known.
void Evaluator::NoteOperands(const clang::Expr* expr) {
  for (const clang::Stmt* child : expr->children()) {
    const auto* operand = llvm::dyn_cast_or_null<clang::Expr>(child);
    if (operand == nullptr || !operand->isPRValue() || !operand->getType()->isPointerType())
      continue;
    if (Handle* handle = state_.FindHandle(Evaluate(operand))) handle->escaped = true;
  }
}

ValueId Evaluator::ComputeDeclared(const clang::DeclRefExpr* ref) {
  if (const auto* constant = llvm::dyn_cast<clang::EnumConstantDecl>(ref->getDecl()))
    return context_.values.Constant(constant->getInitVal().getExtValue());
  if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(ref->getDecl()))
    return context_.values.Function(function);
  return ref->isGLValue() ? context_.values.AddressOf(PlaceOf(ref)) : 0;
}

ValueId Evaluator::ComputeCast(const clang::CastExpr* cast) {
  const clang::Expr* operand = cast->getSubExpr();
  switch (cast->getCastKind()) {
    case clang::CK_LValueToRValue: {
      const RegionId place = PlaceOf(operand);
      NoteAccess(place, cast);
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
    case clang::CK_FunctionToPointerDecay:
    case clang::CK_DerivedToBase:
    case clang::CK_UncheckedDerivedToBase:
    case clang::CK_BaseToDerived:
    case clang::CK_NoOp:
    case clang::CK_AtomicToNonAtomic:
    case clang::CK_NonAtomicToAtomic:
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
  if (ref->refersToEnclosingVariableOrCapture())
    if (const RegionId captured = PlaceOfCapture(variable)) return captured;
  const RegionId place = context_.VariablePlace(variable);
  if (!variable->getType()->isReferenceType()) return place;
  const clang::QualType pointer =
      context_.ast.getPointerType(variable->getType().getNonReferenceType());
  return context_.values.Pointee(Load(context_, state_, place, ref, pointer));
}

RegionId Evaluator::PlaceBehind(ValueId pointer, clang::QualType type) {
  return pointer != 0 ? context_.values.PlaceBehind(pointer, 0, type) : 0;
}

RegionId Evaluator::PlaceOfMember(const clang::MemberExpr* member) {
  const clang::ValueDecl* decl = member->getMemberDecl();
  if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(decl))
    return context_.values.Variable(variable);
  const clang::Expr* object = member->getBase();
  const RegionId base = member->isArrow()
                            ? PlaceBehind(Evaluate(object), object->getType()->getPointeeType())
                            : PlaceOf(object);
  const RegionId place = context_.values.Field(base, decl);
  if (place == 0 || !decl->getType()->isReferenceType()) return place;
  const clang::QualType pointer =
      context_.ast.getPointerType(decl->getType().getNonReferenceType());
  return context_.values.Pointee(Load(context_, state_, place, member, pointer));
}

// What a lambda has of a variable outside of it: a copy of its own, or the variable.
RegionId Evaluator::PlaceOfCapture(const clang::ValueDecl* variable) {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(context_.function());
  if (method == nullptr || !method->getParent()->isLambda()) return 0;
  llvm::DenseMap<const clang::ValueDecl*, clang::FieldDecl*> fields;
  clang::FieldDecl* object = nullptr;
  method->getParent()->getCaptureFields(fields, object);
  const auto found = fields.find(variable);
  // Of a lambda that was not followed from where it was made only the names are known.
  if (found == fields.end() || state_.memory.Find(context_.ObjectPlace()) == nullptr) return 0;
  const RegionId place =
      context_.values.Field(context_.values.Pointee(context_.This(state_)), found->second);
  if (!found->second->getType()->isReferenceType()) return place;
  const ValueId* target = state_.memory.Find(place);
  return target != nullptr ? context_.values.Pointee(*target) : 0;
}

RegionId Evaluator::TemporaryPlace(const clang::Expr* expr) {
  expr = FunctionInfo::Stripped(expr);
  if (const clang::VarDecl* variable = context_.info().DestinationOf(expr);
      variable != nullptr && llvm::isa<clang::CXXConstructExpr>(expr) &&
      !variable->getType()->isReferenceType())
    return context_.VariablePlace(variable);
  if (const clang::CXXCtorInitializer* init = context_.info().InitializerOf(expr)) {
    const RegionId object = context_.values.Pointee(ComputeThis());
    return init->isAnyMemberInitializer() ? context_.values.Field(object, init->getAnyMember())
                                          : object;
  }
  return context_.values.Special(Region::Temporary, expr, context_.frame().level);
}

// Where the structure is that an expression gives.
RegionId Evaluator::PlaceOfObject(const clang::Expr* expr) {
  expr = FunctionInfo::Stripped(expr);
  if (expr->isGLValue()) return PlaceOf(expr);
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expr))
    return PlaceOfObject(cast->getSubExpr());
  if (const auto* inner = llvm::dyn_cast<clang::StmtExpr>(expr)) {
    const clang::Expr* result = FunctionInfo::ResultOf(inner);
    return result != nullptr ? PlaceOfObject(result) : 0;
  }
  const RegionId place = TemporaryPlace(expr);
  if (llvm::isa<clang::InitListExpr, clang::CXXParenListInitExpr>(expr))
    Initialise(place, expr, expr->getType());
  // The graph has these only as parts of what uses them.
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(expr);
      lambda != nullptr && !context_.info().IsElement(lambda))
    ComputeLambda(lambda);
  return place;
}

ValueId Evaluator::ReferenceTo(const clang::Expr* expr) {
  const RegionId place = expr->isGLValue() ? PlaceOf(expr) : PlaceOfObject(expr);
  return place != 0 ? context_.values.AddressOf(place) : Opaque(expr);
}

ValueId Evaluator::ComputeThis() {
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(context_.function());
  if (method == nullptr || !method->getParent()->isLambda()) return context_.This(state_);
  llvm::DenseMap<const clang::ValueDecl*, clang::FieldDecl*> fields;
  clang::FieldDecl* object = nullptr;
  method->getParent()->getCaptureFields(fields, object);
  if (object == nullptr) return context_.This(state_);
  const RegionId place =
      context_.values.Field(context_.values.Pointee(context_.This(state_)), object);
  const ValueId* known = state_.memory.Find(place);
  return known != nullptr ? *known : context_.values.Permanent(object);
}

ValueId Evaluator::ComputeLambda(const clang::LambdaExpr* lambda) {
  context_.unit.lambdas_made.insert(lambda->getCallOperator());
  const RegionId closure = TemporaryPlace(lambda);
  Clear(context_, state_, closure);
  auto init = lambda->capture_init_begin();
  for (const clang::FieldDecl* field : lambda->getLambdaClass()->fields()) {
    if (init == lambda->capture_init_end()) break;
    const clang::Expr* value = *init++;
    if (value == nullptr) continue;
    const RegionId place = context_.values.Field(closure, field);
    if (field->getType()->isReferenceType())
      state_.memory.Set(place, ReferenceTo(value));
    else
      Initialise(place, value, field->getType());
  }
  return Opaque(lambda);
}

ValueId Evaluator::ComputeNew(const clang::CXXNewExpr* allocation) {
  // Placement new gives the place that it got.
  const clang::FunctionDecl* allocator = allocation->getOperatorNew();
  const bool placed = allocator != nullptr && allocator->isReservedGlobalPlacementOperator() &&
                      allocation->getNumPlacementArgs() == 1;
  ValueId object = placed ? Evaluate(allocation->getPlacementArg(0)) : 0;
  if (object == 0) object = Opaque(allocation);
  AssumeCompare(context_, state_, clang::BO_GT, object, 0);
  const clang::Expr* init = allocation->getInitializer();
  if (init == nullptr) return object;
  const RegionId place = context_.values.Pointee(object);
  Initialise(place, init, allocation->getAllocatedType());
  return object;
}

RegionId Evaluator::PlaceOf(const clang::Expr* expr) {
  if (const auto* paren = llvm::dyn_cast<clang::ParenExpr>(expr))
    return PlaceOf(paren->getSubExpr());
  if (const auto* ref = llvm::dyn_cast<clang::DeclRefExpr>(expr)) return PlaceOfReference(ref);
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expr)) return PlaceOfMember(member);
  if (const auto* element = llvm::dyn_cast<clang::ArraySubscriptExpr>(expr)) {
    const ValueId index = Evaluate(element->getIdx());
    const ValueId base = Evaluate(element->getBase());
    return base != 0 && index != 0 ? context_.values.PlaceBehind(base, index, element->getType())
                                   : 0;
  }
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(expr)) {
    if (unary->getOpcode() == clang::UO_Deref)
      return PlaceBehind(Evaluate(unary->getSubExpr()), unary->getType());
    if (unary->getOpcode() == clang::UO_Extension || unary->getOpcode() == clang::UO_Real)
      return PlaceOf(unary->getSubExpr());
    Evaluate(unary);
    return unary->isIncrementDecrementOp() ? PlaceOf(unary->getSubExpr()) : 0;
  }
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expr)) {
    const bool same = cast->getCastKind() == clang::CK_NoOp ||
                      cast->getCastKind() == clang::CK_LValueBitCast ||
                      cast->getCastKind() == clang::CK_DerivedToBase ||
                      cast->getCastKind() == clang::CK_UncheckedDerivedToBase ||
                      cast->getCastKind() == clang::CK_BaseToDerived;
    return same ? PlaceOf(cast->getSubExpr()) : 0;
  }
  if (const auto* full = llvm::dyn_cast<clang::FullExpr>(expr)) return PlaceOf(full->getSubExpr());
  if (const auto* literal = llvm::dyn_cast<clang::CompoundLiteralExpr>(expr)) {
    const RegionId place =
        context_.values.Special(Region::Temporary, literal, context_.frame().level);
    Initialise(place, literal->getInitializer(), literal->getType());
    return place;
  }
  if (const auto* temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(expr)) {
    if (temporary->getType()->isRecordType()) return PlaceOfObject(temporary->getSubExpr());
    const RegionId place = TemporaryPlace(temporary->getSubExpr());
    Store(context_, state_, place, Evaluate(temporary->getSubExpr()));
    return place;
  }
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(expr);
      call != nullptr && call->isGLValue())
    return context_.values.Pointee(Evaluate(call));
  if (const auto* opaque = llvm::dyn_cast<clang::OpaqueValueExpr>(expr);
      opaque != nullptr && opaque->getSourceExpr() != nullptr)
    return PlaceOf(opaque->getSourceExpr());
  if (const auto* conditional = llvm::dyn_cast<clang::AbstractConditionalOperator>(expr);
      conditional != nullptr && conditional->isGLValue())
    return context_.values.Pointee(Evaluate(conditional));
  if (expr->isPRValue() && expr->getType()->isRecordType()) return PlaceOfObject(expr);
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
      if (operand->getType()->isFunctionType()) return Evaluate(operand);
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
      if (const ValueId inverse = context_.values.Binary(clang::BO_Xor, Evaluate(operand),
                                                         context_.values.Constant(-1));
          inverse != 0 && Depth(context_.values, inverse) <= kMaxDepth)
        return inverse;
      return Opaque(unary);
    case clang::UO_PreInc:
    case clang::UO_PreDec:
    case clang::UO_PostInc:
    case clang::UO_PostDec:
      return ComputeStep(unary);
    case clang::UO_Deref:
      if (unary->getType()->isFunctionType()) return Evaluate(operand);
      [[fallthrough]];
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
  return unary->isPrefix() || Planted(Fault::PostfixIsPrefix) ? after : old;
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
  if (site->getType()->isUnsignedIntegerType()) {
    if (op == clang::BO_Div) op = kUnsignedDiv;
    if (op == clang::BO_Rem) op = kUnsignedRem;
  }
  const ValueId value = context_.values.Binary(op, left, right);
  if (value == 0) return Opaque(site);
  int64_t constant = 0;
  if (context_.values.IsConstant(value, &constant)) {
    if (constant >= -kLargestCount && constant <= kLargestCount) return value;
    // An error number that a little is added to: no loop counts up from there for long.
    int64_t before = 0;
    if (context_.values.IsConstant(left, &before) && before >= kMinError && before < 0 &&
        constant >= before && constant < 0)
      return value;
    if (IsFlagChange(site, context_.ast) || IsBounded(site, op, context_.ast)) return value;
    return site->isIntegerConstantExpr(context_.ast) ? value : Count(site, op, left, right);
  }
  const bool counts = op == clang::BO_Add || op == clang::BO_Sub;
  // x + 1 + 1 is x + 2, up to where counting is given up.
  const Value inner = context_.values[left];
  int64_t first = 0, second = 0;
  const int64_t largest = site->getType()->isPointerType() ? kLargestDistance : kLargestCount;
  if (counts && inner.kind == Value::Binary && inner.op == op &&
      context_.values.IsConstant(inner.right, &first) &&
      context_.values.IsConstant(right, &second) && first >= 0 && second >= 0 &&
      first + second <= largest)
    return context_.values.Binary(op, inner.left, context_.values.Constant(first + second));
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
  int64_t first = 0, second = 0;
  if (ordered && (type->isUnsignedIntegerType() || type->isPointerType()) &&
      context_.values.IsConstant(left, &first) && context_.values.IsConstant(right, &second)) {
    // In the order of unsigned numbers: both halves change places.
    constexpr uint64_t kTop = uint64_t{1} << 63;
    const auto flipped = [](int64_t number) {
      return static_cast<int64_t>(static_cast<uint64_t>(number) ^ kTop);
    };
    return context_.values.Constant(
        FoldConstants(binary->getOpcode(), flipped(first), flipped(second)).value_or(0));
  }
  const bool negative = (context_.values.IsConstant(right, &constant) ||
                         context_.values.IsConstant(left, &constant)) &&
                        constant < 0;
  if (!ordered || !negative || !(type->isUnsignedIntegerType() || type->isPointerType()))
    return context_.values.Binary(binary->getOpcode(), left, right);
  // Nothing is above the largest one: where a range that is gathered begins.
  if (context_.values.IsConstant(right) && constant == -1) {
    const auto op = binary->getOpcode();
    if (op == clang::BO_GT || op == clang::BO_LE)
      return context_.values.Constant(op == clang::BO_LE);
    return context_.values.Binary(op == clang::BO_LT ? clang::BO_NE : clang::BO_EQ, left, right);
  }
  if (context_.values.IsConstant(left) && constant == -1) {
    const auto op = binary->getOpcode();
    if (op == clang::BO_LT || op == clang::BO_GE)
      return context_.values.Constant(op == clang::BO_GE);
    return context_.values.Binary(op == clang::BO_GT ? clang::BO_NE : clang::BO_EQ, right, left);
  }
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
  // A handle with bits of its own, which is not told from the handle.
  for (const ValueId operand : {left, right})
    if (Handle* handle = state_.FindHandle(operand)) handle->escaped = true;
  return ComputeArithmetic(binary, binary->getOpcode(), left, right);
}

ValueId Evaluator::ComputeAssignment(const clang::BinaryOperator* binary) {
  if (binary->getType()->isRecordType()) {
    const RegionId from = PlaceOfObject(binary->getRHS());
    CopyObject(context_, state_, from, PlaceOf(binary->getLHS()), binary->getType(), binary);
    return Opaque(binary);
  }
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
  NoteAccess(place, binary);
  if (place != 0)
    Store(context_, state_, place, value);
  else if (Handle* handle = state_.FindHandle(value))
    handle->escaped = true;
  return value;
}

// A load or store; the rules look at those that go through a pointer.
void Evaluator::NoteAccess(RegionId place, const clang::Expr* site) {
  if (place == 0 || state_.handles.empty()) return;
  const Region& root = context_.values.region(context_.values.Root(place));
  if (root.kind != Region::Pointee) return;
  for (const Verdict& verdict : JudgeAccess({state_, context_.values, root.value, site}))
    context_.sink.OnVerdict(verdict, state_, 0, context_.function());
}

// The edges of the short circuit left their mark; without one the right side decides.
ValueId Evaluator::ComputeLogical(const clang::BinaryOperator* binary) {
  if (const ValueId* mark = state_.expressions.Find(context_.KeyOf(binary))) return *mark;
  const ValueId right = Evaluate(binary->getRHS());
  return right != 0 ? context_.values.Truth(right) : Opaque(binary);
}

ValueId Evaluator::ComputeConditional(const clang::AbstractConditionalOperator* conditional) {
  const ValueId* mark = state_.expressions.Find(context_.KeyOf(conditional));
  int64_t chosen = 0;
  if (mark == nullptr || !context_.values.IsConstant(*mark, &chosen)) {
    int64_t constant = 0;
    if (!context_.values.IsConstant(Evaluate(conditional->getCond()), &constant))
      return Opaque(conditional);
    chosen = constant != 0 ? 1 : 0;
  }
  const clang::Expr* side = chosen != 0 ? conditional->getTrueExpr() : conditional->getFalseExpr();
  const ValueId value = conditional->isGLValue() ? ReferenceTo(side) : Evaluate(side);
  return value != 0 ? value : Opaque(conditional);
}

// Arguments that a parameter takes by reference are given by their places.
ValueId Evaluator::ArgumentValue(const clang::FunctionDecl* callee, unsigned index,
                                 const clang::Expr* argument) {
  const bool known = callee != nullptr && index < callee->getNumParams();
  // A structure by value is known by the place it comes from.
  if (argument->getType()->isRecordType() && !argument->isGLValue()) return ReferenceTo(argument);
  const bool reference =
      known ? callee->getParamDecl(index)->getType()->isReferenceType() : argument->isGLValue();
  return reference ? ReferenceTo(argument) : Evaluate(argument);
}

ValueId Evaluator::ComputeCall(const clang::CallExpr* call) {
  const clang::FunctionDecl* callee = CalleeOf(call);
  const unsigned builtin = callee != nullptr ? callee->getBuiltinID() : 0;
  if (builtin == clang::Builtin::BI__builtin_expect ||
      builtin == clang::Builtin::BI__builtin_expect_with_probability)
    return Evaluate(call->getArg(0));
  if (builtin == clang::Builtin::BI__builtin_is_constant_evaluated)
    return context_.values.Constant(0);
  const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(callee);
  const bool hidden_object =
      llvm::isa<clang::CXXOperatorCallExpr>(call) && method != nullptr && method->isInstance();
  if (hidden_object && method->isTrivial() &&
      (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator())) {
    const RegionId to = PlaceOf(call->getArg(0));
    CopyObject(context_, state_, PlaceOfObject(call->getArg(1)), to, call->getArg(0)->getType(),
               call);
    return to != 0 ? context_.values.AddressOf(to) : Opaque(call);
  }
  const clang::QualType type =
      call->isGLValue() ? context_.ast.getPointerType(call->getType()) : call->getType();
  const ValueId result =
      call->getType()->isVoidType() ? 0 : NewSymbol(context_, state_, call, 0, type);
  std::vector<ValueId> arguments;
  for (unsigned i = hidden_object ? 1 : 0; i < call->getNumArgs(); ++i)
    arguments.push_back(ArgumentValue(callee, hidden_object ? i - 1 : i, call->getArg(i)));
  const FunctionProtocol* declared = context_.protocol.Lookup(callee);
  // memcpy() and the like are declared for their accesses only.
  const bool moves = builtin != 0 && !callee->hasBody();
  if (declared != nullptr) {
    const ValueId value = ApplyEffects(context_, state_, *declared, call, arguments, result);
    // Who takes a lock finds what others left there.
    const bool locks =
        !arguments.empty() && llvm::any_of(declared->effects, [](const Effect& effect) {
          return effect.kind == EffectKind::Enter;
        });
    if (locks) ForgetShared(context_, state_);
    return moves ? CallBuiltin(call, builtin, arguments, value) : value;
  }
  if (moves) {
    if (const std::optional<ValueId> known = ComputeSync(call, callee))
      return *known != 0 ? *known : result;
    return CallBuiltin(call, builtin, arguments, result);
  }
  if (hidden_object) arguments.push_back(ReferenceTo(call->getArg(0)));
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call))
    arguments.push_back(Evaluate(member->getImplicitObjectArgument()));
  if (call->getType()->isRecordType()) Clear(context_, state_, TemporaryPlace(call));
  const bool inspects = call->getType()->isIntegerType() && Inspects(callee, arguments);
  CallUnknown(callee, arguments);
  for (unsigned i = 0; callee != nullptr && i < callee->getNumParams() && i < arguments.size(); ++i)
    if (PointsToBits(callee->getParamDecl(i), /*is_const=*/false) &&
        IsArray(context_.values.region(context_.values.Pointee(arguments[i]))))
      Scramble(context_, state_, context_.values.Pointee(arguments[i]), call);
  return inspects ? Uncertain(context_, state_, call, type) : result;
}

// Is the call given numbers to look at, of which some were written on this way?
bool Evaluator::Inspects(const clang::FunctionDecl* callee, llvm::ArrayRef<ValueId> arguments) {
  if (callee == nullptr) return false;
  for (unsigned i = 0; i < callee->getNumParams() && i < arguments.size(); ++i) {
    if (!PointsToBits(callee->getParamDecl(i), /*is_const=*/true)) continue;
    if (const RegionId place = context_.values.Pointee(arguments[i]);
        place != 0 && IsWritten(context_, state_, place))
      return true;
  }
  return false;
}

ValueId Evaluator::ComputeAtomic(const clang::AtomicExpr* atomic) {
  const clang::QualType type = atomic->getValueType();
  ValueTable& values = context_.values;
  const RegionId place = values.Pointee(Evaluate(atomic->getPtr()));
  if (!type->isScalarType() && !type->isAtomicType()) {
    Scramble(context_, state_, place, atomic);
    return Opaque(atomic);
  }
  const clang::AtomicExpr::AtomicOp op = atomic->getOp();
  const auto name = AtomicName(atomic);
  if (!name) {
    Scramble(context_, state_, place, atomic);
    return Opaque(atomic);
  }
  using Atomic = clang::AtomicExpr;
  // Forms that give and take values by pointers.
  const bool generic = op == Atomic::AO__atomic_load || op == Atomic::AO__atomic_store ||
                       op == Atomic::AO__atomic_exchange ||
                       op == Atomic::AO__atomic_compare_exchange;
  const auto value_of = [&](const clang::Expr* expr) {
    return generic ? Load(context_, state_, values.Pointee(Evaluate(expr)), expr, type)
                   : Evaluate(expr);
  };
  switch (*name) {
    case MemoryOp::Read: {
      const ValueId value = Modify(context_, state_, *name, place, type, 0, 0, atomic);
      if (generic) Store(context_, state_, values.Pointee(Evaluate(atomic->getVal1())), value);
      return value;
    }
    case MemoryOp::CompareExchange: {
      const RegionId expected = values.Pointee(Evaluate(atomic->getVal1()));
      const ValueId other = Load(context_, state_, expected, atomic->getVal1(), type);
      const ValueId wanted = value_of(atomic->getVal2());
      const ValueId before = Modify(context_, state_, *name, place, type, wanted, other, atomic);
      const ValueId equal = values.Binary(clang::BO_EQ, before, other);
      const Range range = RangeOf(context_, state_, equal);
      if (!range.Has(1)) Store(context_, state_, expected, before);
      if (range.Has(0) && range.Has(1))
        Store(context_, state_, expected, Uncertain(context_, state_, atomic->getVal1(), type));
      return equal != 0 ? equal : Opaque(atomic);
    }
    default: {
      const ValueId operand = value_of(atomic->getVal1());
      const ValueId before = Modify(context_, state_, *name, place, type, operand, 0, atomic);
      if (op == Atomic::AO__atomic_exchange)
        Store(context_, state_, values.Pointee(Evaluate(atomic->getVal2())), before);
      if (!GivesNewValue(atomic)) return before != 0 ? before : Opaque(atomic);
      const ValueId* after = state_.memory.Find(place);
      return after != nullptr ? *after : Opaque(atomic);
    }
  }
}

// __sync_fetch_and_or() and the like; nothing if it is none of them.
std::optional<ValueId> Evaluator::ComputeSync(const clang::CallExpr* call,
                                              const clang::FunctionDecl* callee) {
  llvm::StringRef name = callee->getName();
  const bool is_flag = name == "__atomic_test_and_set" || name == "__atomic_clear";
  if ((!is_flag && !name.consume_front("__sync_")) || call->getNumArgs() == 0) return std::nullopt;
  ValueTable& values = context_.values;
  const clang::Expr* pointer = call->getArg(0)->IgnoreParenImpCasts();
  if (!pointer->getType()->isPointerType()) return std::nullopt;
  clang::QualType type = pointer->getType()->getPointeeType();
  const RegionId place = values.Pointee(Evaluate(call->getArg(0)));
  if (is_flag) {
    if (!type->isScalarType()) type = context_.ast.BoolTy;
    const ValueId flag = values.Constant(name == "__atomic_clear" ? 0 : 1);
    return values.Truth(Modify(context_, state_, MemoryOp::Exchange, place, type, flag, 0, call));
  }
  // The size that the compiler appends.
  name = name.rtrim("0123456789").rtrim('_');
  const auto operand = [&](unsigned i) {
    return i < call->getNumArgs() ? Evaluate(call->getArg(i)) : 0;
  };
  if (name == "lock_release")
    return Modify(context_, state_, MemoryOp::Set, place, type, values.Constant(0), 0, call);
  if (name == "lock_test_and_set" || name == "swap")
    return Modify(context_, state_, MemoryOp::Exchange, place, type, operand(1), 0, call);
  if (name.ends_with("compare_and_swap")) {
    const ValueId before = Modify(context_, state_, MemoryOp::CompareExchange, place, type,
                                  operand(2), operand(1), call);
    return name.starts_with("bool") ? values.Binary(clang::BO_EQ, before, operand(1)) : before;
  }
  const bool gives_new = name.consume_back("_and_fetch");
  if (!gives_new && !name.consume_front("fetch_and_")) return std::nullopt;
  const int kind = llvm::StringSwitch<int>(name)
                       .Case("add", static_cast<int>(MemoryOp::Add))
                       .Case("sub", static_cast<int>(MemoryOp::Subtract))
                       .Case("or", static_cast<int>(MemoryOp::Or))
                       .Case("and", static_cast<int>(MemoryOp::And))
                       .Case("xor", static_cast<int>(MemoryOp::Xor))
                       .Default(static_cast<int>(MemoryOp::AddUnless));
  const ValueId before =
      Modify(context_, state_, static_cast<MemoryOp>(kind), place, type, operand(1), 0, call);
  if (!gives_new) return before;
  const ValueId* after = state_.memory.Find(place);
  return after != nullptr ? *after : Opaque(call);
}

ValueId Evaluator::ComputeConstruct(const clang::CXXConstructExpr* construct) {
  const clang::CXXConstructorDecl* constructor = construct->getConstructor();
  const RegionId place = TemporaryPlace(construct);
  if (construct->isElidable() && construct->getNumArgs() == 1) return Opaque(construct);
  if (constructor->isTrivial() && construct->getNumArgs() == 1 &&
      constructor->isCopyOrMoveConstructor()) {
    const clang::Expr* from = construct->getArg(0);
    CopyObject(context_, state_, PlaceOfObject(from), place, construct->getType(), construct);
    return Opaque(construct);
  }
  std::vector<ValueId> arguments;
  for (unsigned i = 0; i < construct->getNumArgs(); ++i)
    arguments.push_back(ArgumentValue(constructor, i, construct->getArg(i)));
  // A base is at the place of the whole object, in which there may be others by now.
  const clang::CXXCtorInitializer* init = context_.info().InitializerOf(construct);
  if (init == nullptr || init->isAnyMemberInitializer()) Clear(context_, state_, place);
  if (!constructor->isTrivial()) CallUnknown(constructor, arguments);
  return Opaque(construct);
}

bool Evaluator::IsSizeOf(const clang::Expr* size, clang::QualType type) const {
  clang::Expr::EvalResult result;
  if (type.isNull() || type->isDependentType() || type->isIncompleteType() ||
      type->isFunctionType() || type->isVariableArrayType() || size->isValueDependent() ||
      !size->EvaluateAsInt(result, context_.ast))
    return false;
  const auto bytes = static_cast<uint64_t>(context_.ast.getTypeSizeInChars(type).getQuantity());
  return result.Val.getInt().getLimitedValue() == bytes;
}

// One object becomes equal to another one; otherwise it is not known what is where.
void Evaluator::CopyBytes(const clang::CallExpr* call, RegionId from, RegionId to) {
  const clang::QualType type = ObjectType(call->getArg(1));
  const clang::Expr* size = call->getArg(2);
  const bool same = !type.isNull() && !ObjectType(call->getArg(0)).isNull() &&
                    context_.ast.hasSameUnqualifiedType(type, ObjectType(call->getArg(0)));
  if (from == 0 || to == 0 || !same || !IsSizeOf(size, type)) {
    NoteCopies(context_, state_, from);
    return ForgetPlace(context_, state_, to);
  }
  if (!type->isScalarType()) return CopyObject(context_, state_, from, to, type, call);
  Store(context_, state_, to, Load(context_, state_, from, call, type));
}

void Evaluator::FillBytes(const clang::CallExpr* call, ValueId byte, RegionId to) {
  ForgetPlace(context_, state_, to);
  const clang::QualType type = ObjectType(call->getArg(0));
  int64_t constant = 0;
  if (to == 0 || !context_.values.IsConstant(byte, &constant) || constant != 0 ||
      !IsSizeOf(call->getArg(2), type))
    return;
  const clang::RecordDecl* record = type->getAsRecordDecl();
  if (type->isScalarType()) return Store(context_, state_, to, byte);
  if (record == nullptr || record->isUnion()) return;
  for (const clang::FieldDecl* field : record->fields())
    if (field->getType()->isScalarType() && !field->isUnnamedBitField())
      Store(context_, state_, context_.values.Field(to, field), byte);
}

// Those without a body write at most what they get the address of.
ValueId Evaluator::CallBuiltin(const clang::CallExpr* call, unsigned builtin,
                               llvm::ArrayRef<ValueId> arguments, ValueId result) {
  const auto pointee = [&](size_t i) {
    return i < arguments.size() ? context_.values.Pointee(arguments[i]) : 0;
  };
  switch (builtin) {
    case clang::Builtin::BImove:
    case clang::Builtin::BImove_if_noexcept:
    case clang::Builtin::BIforward:
    case clang::Builtin::BIas_const:
    case clang::Builtin::BIaddressof:
    case clang::Builtin::BI__addressof:
    case clang::Builtin::BI__builtin_addressof:
    case clang::Builtin::BI__builtin_launder:
    case clang::Builtin::BI__builtin_assume_aligned:
      return !arguments.empty() && arguments[0] != 0 ? arguments[0] : result;
    case clang::Builtin::BImemcpy:
    case clang::Builtin::BImemmove:
    case clang::Builtin::BI__builtin_memcpy:
    case clang::Builtin::BI__builtin_memcpy_inline:
    case clang::Builtin::BI__builtin_memmove:
    case clang::Builtin::BI__builtin___memcpy_chk:
    case clang::Builtin::BI__builtin___memmove_chk:
      CopyBytes(call, pointee(1), pointee(0));
      return arguments[0] != 0 ? arguments[0] : result;
    case clang::Builtin::BImempcpy:
    case clang::Builtin::BI__builtin_mempcpy:
      CopyBytes(call, pointee(1), pointee(0));
      return result;
    case clang::Builtin::BImemset:
    case clang::Builtin::BI__builtin_memset:
    case clang::Builtin::BI__builtin_memset_inline:
    case clang::Builtin::BI__builtin___memset_chk:
      FillBytes(call, arguments[1], pointee(0));
      return arguments[0] != 0 ? arguments[0] : result;
    default:
      break;
  }
  for (unsigned i = 0; i < call->getNumArgs() && i < arguments.size(); ++i) {
    const clang::QualType type = call->getArg(i)->IgnoreParenImpCasts()->getType();
    const clang::QualType target = type->isPointerType() ? type->getPointeeType() : type;
    if ((type->isPointerType() || type->isArrayType()) && !target.isConstQualified() &&
        call->getDirectCallee() != nullptr && i < call->getDirectCallee()->getNumParams() &&
        !call->getDirectCallee()->getParamDecl(i)->getType()->getPointeeType().isConstQualified())
      ForgetPlace(context_, state_, pointee(i));
  }
  return result;
}

// A constructor that a base has and the class takes over: called with the same arguments.
bool Evaluator::PrepareInherited(const clang::CXXInheritedCtorInitExpr* init,
                                 PendingCall& pending) {
  const clang::CXXConstructorDecl* constructor = init->getConstructor();
  if (!ShouldFollow(constructor)) return false;
  pending.body = &context_.unit.bodies.Of(constructor);
  pending.site = init;
  pending.object = ComputeThis();
  const clang::FunctionDecl* definition = pending.body->function;
  const clang::FunctionDecl* outer = context_.function();
  for (unsigned i = 0; i < definition->getNumParams() && i < outer->getNumParams(); ++i) {
    PendingCall::Argument argument;
    argument.parameter = definition->getParamDecl(i);
    argument.site = init;
    const RegionId place = context_.VariablePlace(outer->getParamDecl(i));
    if (argument.parameter->getType()->isRecordType())
      argument.object = place;
    else if (const ValueId* known = state_.memory.Find(place))
      argument.value = *known;
    pending.arguments.push_back(argument);
  }
  return true;
}

ValueId Evaluator::ComputeInherited(const clang::CXXInheritedCtorInitExpr* init) {
  std::vector<ValueId> arguments = {ComputeThis()};
  for (const clang::ParmVarDecl* parameter : context_.function()->parameters()) {
    const RegionId place = context_.VariablePlace(parameter);
    const ValueId* known = state_.memory.Find(place);
    arguments.push_back(parameter->getType()->isRecordType() ? context_.values.AddressOf(place)
                        : known != nullptr                   ? *known
                                                             : 0);
  }
  CallUnknown(init->getConstructor(), arguments);
  return Opaque(init);
}

void Evaluator::CallUnknown(const clang::FunctionDecl* callee, llvm::ArrayRef<ValueId> arguments) {
  if (callee != nullptr && context_.index.MayDisturb(callee)) {
    context_.unit.not_followed.insert(callee->getDefinition());
    ForgetTypestate(state_);
  }
  // It may have disabled preemption.
  state_.task = nullptr;
  ForgetAfterCall(context_, state_, arguments);
}

void Evaluator::Initialise(RegionId region, const clang::Expr* init, clang::QualType type) {
  const clang::Expr* inner = init->IgnoreImplicit();
  const auto* list = llvm::dyn_cast<clang::InitListExpr>(inner);
  const auto* parens = llvm::dyn_cast<clang::CXXParenListInitExpr>(inner);
  if (list == nullptr && parens == nullptr) {
    if (type->getAsRecordDecl() != nullptr && !type->isReferenceType())
      return InitialiseObject(region, init, type);
    const ValueId value = type->isReferenceType() ? ReferenceTo(init) : Evaluate(init);
    return Store(context_, state_, region, value != 0 ? value : Opaque(init));
  }
  const llvm::ArrayRef<clang::Expr*> parts =
      list != nullptr ? list->inits() : parens->getInitExprs();
  if (type->isReferenceType()) {
    if (parts.size() == 1) return Initialise(region, parts[0], type);
    return Store(context_, state_, region, ReferenceTo(init));
  }
  if (type->isScalarType() && parts.size() <= 1) {
    if (parts.size() == 1) return Initialise(region, parts[0], type);
    return Store(context_, state_, region, context_.values.Constant(0));
  }
  if (type->isArrayType()) return InitialiseArray(region, parts, type);
  const clang::RecordDecl* record = type->getAsRecordDecl();
  Store(context_, state_, region, 0);
  if (record == nullptr) {
    for (const clang::Expr* part : parts) Evaluate(part);
    return;
  }
  // The same list of braces around a whole object of the type.
  if (parts.size() == 1 && list != nullptr && list->isTransparent())
    return InitialiseObject(region, parts[0], type);
  const clang::FieldDecl* named =
      list != nullptr ? list->getInitializedFieldInUnion() : parens->getInitializedFieldInUnion();
  if (record->isUnion()) {
    if (named != nullptr && parts.size() == 1)
      Initialise(context_.values.Field(region, named), parts[0], named->getType());
    return;
  }
  InitialiseParts(region, parts, record);
}

// Bases first, then members.
void Evaluator::InitialiseParts(RegionId region, llvm::ArrayRef<clang::Expr*> parts,
                                const clang::RecordDecl* record) {
  size_t next = 0;
  if (const auto* derived = llvm::dyn_cast<clang::CXXRecordDecl>(record))
    for (const clang::CXXBaseSpecifier& base : derived->bases())
      if (next < parts.size()) InitialiseBase(region, parts[next++], base.getType());
  for (const clang::FieldDecl* field : record->fields()) {
    if (field->isUnnamedBitField()) continue;
    if (next >= parts.size()) break;
    const clang::Expr* part = parts[next++];
    if (part != nullptr) Initialise(context_.values.Field(region, field), part, field->getType());
  }
}

// A base is at the place of the object that it is a part of; there may be more in it by now.
void Evaluator::InitialiseBase(RegionId region, const clang::Expr* init, clang::QualType type) {
  const clang::Expr* inner = init->IgnoreImplicit();
  const clang::RecordDecl* record = type->getAsRecordDecl();
  if (record == nullptr || record->isUnion()) return;
  if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(inner);
      list != nullptr && !list->isTransparent())
    return InitialiseParts(region, list->inits(), record);
  if (const auto* parens = llvm::dyn_cast<clang::CXXParenListInitExpr>(inner))
    return InitialiseParts(region, parens->getInitExprs(), record);
  InitialiseObject(region, init, type);
}

void Evaluator::InitialiseObject(RegionId region, const clang::Expr* init, clang::QualType type) {
  const RegionId from = PlaceOfObject(init);
  // What was constructed in its place is there already.
  if (from == region) return;
  if (from == 0) return Clear(context_, state_, region);
  CopyObject(context_, state_, from, region, type, init);
}

// The first elements of it; what is not named is zero.
void Evaluator::InitialiseArray(RegionId region, llvm::ArrayRef<clang::Expr*> parts,
                                clang::QualType type) {
  Store(context_, state_, region, 0);
  const auto* array = context_.ast.getAsConstantArrayType(type);
  const uint64_t size = array != nullptr ? array->getZExtSize() : parts.size();
  for (uint64_t i = 0; i < size && i < kMaxInitialised; ++i) {
    const RegionId element =
        context_.values.Element(region, context_.values.Constant(static_cast<int64_t>(i)));
    if (i < parts.size())
      Initialise(element, parts[i], parts[i]->getType());
    else if (array != nullptr && array->getElementType()->isScalarType())
      Store(context_, state_, element, context_.values.Constant(0));
  }
}

void Evaluator::Declare(const clang::DeclStmt* group) {
  for (const clang::Decl* decl : group->decls()) {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(decl);
    if (variable == nullptr || variable->isStaticLocal() || variable->hasExternalStorage())
      continue;
    const RegionId region = context_.VariablePlace(variable);
    if (variable->getInit() != nullptr)
      Initialise(region, variable->getInit(), variable->getType());
    else
      Store(context_, state_, region, 0);
    if (variable->needsDestruction(context_.ast) != clang::QualType::DK_none)
      state_.scopes.push_back({variable, context_.frame().level});
  }
}

// Outputs are new values; an assembler statement neither maps nor flushes. What it does to memory,
// and tells of memory that this way wrote, is uncertain.
void Evaluator::ExecuteAssembly(const clang::GCCAsmStmt* assembly) {
  bool clobbers = false;
  for (unsigned i = 0; i < assembly->getNumClobbers(); ++i)
    clobbers |= assembly->getClobber(i) == "memory";
  bool reads_written = false;
  std::vector<std::pair<RegionId, const clang::Expr*>> written;
  const auto operand = [&](const clang::Expr* expr, llvm::StringRef constraint, bool is_output) {
    if (!expr->isGLValue() || !constraint.contains('m') || constraint.contains('r')) return false;
    const RegionId place = AssemblyOperand(expr);
    if (place == 0) return false;
    reads_written |= !constraint.contains('=') && IsWritten(context_, state_, place);
    if (is_output || (clobbers && !expr->getType().isConstQualified()))
      written.emplace_back(place, expr);
    return true;
  };
  for (unsigned i = 0; i < assembly->getNumInputs(); ++i)
    if (!operand(assembly->getInputExpr(i), assembly->getInputConstraint(i), false))
      Evaluate(assembly->getInputExpr(i));
  std::vector<const clang::Expr*> results;
  for (unsigned i = 0; i < assembly->getNumOutputs(); ++i)
    if (!operand(assembly->getOutputExpr(i), assembly->getOutputConstraint(i), true))
      results.push_back(assembly->getOutputExpr(i));
  for (const auto& [place, expr] : written) Scramble(context_, state_, place, expr);
  for (const clang::Expr* output : results)
    if (const RegionId place = PlaceOf(output))
      Store(
          context_, state_, place,
          reads_written ? Uncertain(context_, state_, output, output->getType()) : Opaque(output));
}

// The object that a memory operand is a part of, whatever it is cast to and counted on from.
RegionId Evaluator::AssemblyOperand(const clang::Expr* expr) {
  RegionId place = PlaceOf(expr);
  for (;;) {
    const Region region = context_.values.region(place);
    if (region.kind == Region::Element) {
      place = region.parent;
    } else if (region.kind == Region::Pointee) {
      const RegionId base = context_.values.Pointee(context_.values.Base(region.value));
      if (base == place) return place;
      place = base;
    } else {
      return place;
    }
  }
}

void Evaluator::InitialiseMember(const clang::CXXCtorInitializer* init) {
  const RegionId object = context_.values.Pointee(ComputeThis());
  if (!init->isAnyMemberInitializer()) {
    if (const auto* inherited =
            llvm::dyn_cast<clang::CXXInheritedCtorInitExpr>(init->getInit()->IgnoreImplicit());
        inherited != nullptr && !context_.info().IsElement(inherited))
      ComputeInherited(inherited);
    // The constructor of a base was called; what has none is given its members here.
    const clang::Expr* inner = init->getInit()->IgnoreImplicit();
    if (init->isBaseInitializer() &&
        llvm::isa<clang::InitListExpr, clang::CXXParenListInitExpr>(inner))
      InitialiseBase(object, inner, clang::QualType(init->getBaseClass(), 0));
    return;
  }
  const clang::FieldDecl* member = init->getAnyMember();
  Initialise(context_.values.Field(object, member), init->getInit(), member->getType());
}

ValueId Evaluator::DestroyedObject(const clang::CFGImplicitDtor& destructor) {
  ValueTable& values = context_.values;
  if (const auto variable = destructor.getAs<clang::CFGAutomaticObjDtor>()) {
    const RegionId place = context_.VariablePlace(variable->getVarDecl());
    if (!variable->getVarDecl()->getType()->isReferenceType()) return values.AddressOf(place);
    const ValueId* bound = state_.memory.Find(place);
    return bound != nullptr ? *bound : 0;
  }
  if (const auto deleted = destructor.getAs<clang::CFGDeleteDtor>())
    return Evaluate(deleted->getDeleteExpr()->getArgument());
  if (destructor.getAs<clang::CFGBaseDtor>()) return ComputeThis();
  if (const auto member = destructor.getAs<clang::CFGMemberDtor>())
    return values.AddressOf(values.Field(values.Pointee(ComputeThis()), member->getFieldDecl()));
  if (const auto temporary = destructor.getAs<clang::CFGTemporaryDtor>())
    return values.AddressOf(TemporaryPlace(temporary->getBindTemporaryExpr()->getSubExpr()));
  return 0;
}

// A cleanup function or destructor that is not followed.
void Evaluator::EndScope(const clang::CFGElement& element) {
  if (const auto cleanup = element.getAs<clang::CFGCleanupFunction>()) {
    const RegionId place = context_.VariablePlace(cleanup->getVarDecl());
    return CallUnknown(cleanup->getFunctionDecl(), {context_.values.AddressOf(place)});
  }
  if (const auto destructor = element.getAs<clang::CFGImplicitDtor>()) {
    if (const auto variable = element.getAs<clang::CFGAutomaticObjDtor>())
      std::erase_if(state_.scopes, [&](const Scope& scope) {
        return scope.variable == variable->getVarDecl() && scope.level == context_.frame().level;
      });
    CallUnknown(destructor->getDestructorDecl(context_.ast), {DestroyedObject(*destructor)});
  }
}

}  // namespace flushdep::plugin
