// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of the evaluator that is about calls into bodies of the unit: which are
// followed, what the callee gets, and what comes back.
#include "clang-plugin/engine/assume.h"
#include "clang-plugin/engine/evaluator.h"
#include "clang-plugin/engine/fault.h"
#include "clang-plugin/engine/memory.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"

namespace flushdep::plugin {
namespace {

// Activations of it that are walked now.
size_t ActivationsOf(const FunctionContext& context, const clang::FunctionDecl* function) {
  return static_cast<size_t>(llvm::count_if(
      context.frames, [&](const Activation& frame) { return frame.body->function == function; }));
}

}  // namespace

// Directly, through a pointer whose target is known, or virtually where the object's type is.
const clang::FunctionDecl* Evaluator::CalleeOf(const clang::CallExpr* call) {
  const clang::FunctionDecl* direct = call->getDirectCallee();
  if (direct == nullptr) {
    const clang::Expr* callee = call->getCallee();
    return callee->getType()->isDependentType() ? nullptr
                                                : context_.values.AsFunction(Evaluate(callee));
  }
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(direct);
  if (method == nullptr || !method->isVirtual()) return direct;
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(call->getCallee()->IgnoreParens());
  if (member == nullptr || member->hasQualifier()) return direct;
  const clang::CXXMethodDecl* exact =
      method->getDevirtualizedMethod(member->getBase(), /*IsAppleKext=*/false);
  return exact != nullptr ? exact : direct;
}

bool Evaluator::MayThrow(const clang::CallExpr* call) {
  const clang::FunctionDecl* callee = CalleeOf(call);
  return context_.protocol.Lookup(callee) == nullptr && (callee == nullptr || !callee->hasBody());
}

// Does the call get the address of something that is known here, and would be unknown after it?
bool Evaluator::Lends(const clang::CallExpr* call) {
  return llvm::any_of(call->arguments(), [&](const clang::Expr* argument) {
    return argument->getType()->isPointerType() &&
           context_.values[Evaluate(argument)].kind == Value::AddressOf;
  });
}

bool Evaluator::ShouldFollow(const clang::FunctionDecl* callee, const clang::CallExpr* call) {
  if (callee == nullptr || context_.protocol.Lookup(callee) != nullptr) return false;
  const clang::FunctionDecl* definition = nullptr;
  if (!callee->hasBody(definition) || definition->isDependentContext()) return false;
  if (callee->isVirtualAsWritten() && callee->isPureVirtual()) return false;
  const Body& body = context_.unit.bodies.Of(definition);
  if (!body.obstacle.empty() || context_.unit.given_up.contains(definition)) return false;
  if (context_.frames.size() > context_.limits.depth) return false;
  if (context_.index.Matters(definition)) return true;
  // Recursion without effects that goes deeper is any other unknown call.
  if (ActivationsOf(context_, definition) >= context_.limits.recursion) return false;
  // A lambda is a part of the function that it stands in.
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(definition);
  if (method != nullptr && method->getParent()->isLambda()) return true;
  const clang::SourceManager& sources = context_.ast.getSourceManager();
  const bool ours = sources.isInMainFile(sources.getExpansionLoc(definition->getLocation()));
  if (body.has_atomic && body.blocks() <= kMaxLentBlocks) return true;
  // What only hands on to such a one.
  if (definition->getEnclosingNamespaceContext()->isStdNamespace() && !body.has_loop &&
      body.blocks() <= kMaxHandOnBlocks)
    return true;
  if (!body.has_loop && body.blocks() <= (ours ? kMaxSmallBlocks : kMaxHeaderBlocks)) return true;
  return ours && call != nullptr && body.blocks() <= kMaxLentBlocks && Lends(call);
}

void Evaluator::AddArguments(PendingCall& call, const clang::FunctionDecl* callee,
                             llvm::ArrayRef<const clang::Expr*> arguments) {
  const clang::FunctionDecl* definition = call.body->function;
  for (unsigned i = 0; i < arguments.size() && i < definition->getNumParams(); ++i) {
    PendingCall::Argument argument;
    argument.parameter = definition->getParamDecl(i);
    argument.site = arguments[i];
    if (argument.parameter->getType()->isRecordType())
      argument.object = PlaceOfObject(arguments[i]);
    else
      argument.value = ArgumentValue(callee, i, arguments[i]);
    call.arguments.push_back(argument);
  }
}

std::optional<PendingCall> Evaluator::PrepareCall(const clang::CallExpr* call) {
  const clang::FunctionDecl* callee = CalleeOf(call);
  const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(callee);
  if (method != nullptr && method->isTrivial()) return std::nullopt;
  if (!ShouldFollow(callee, call)) return std::nullopt;
  PendingCall pending;
  pending.body = &context_.unit.bodies.Of(callee);
  pending.site = pending.result = call;
  llvm::ArrayRef<const clang::Expr*> arguments(call->getArgs(), call->getNumArgs());
  if (llvm::isa<clang::CXXOperatorCallExpr>(call) && method != nullptr && method->isInstance()) {
    pending.object = ReferenceTo(arguments[0]);
    arguments = arguments.drop_front();
  } else if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call)) {
    const clang::Expr* object = member->getImplicitObjectArgument();
    pending.object = object->isGLValue() || !object->getType()->isPointerType()
                         ? ReferenceTo(object)
                         : Evaluate(object);
  }
  if (call->getType()->isRecordType()) pending.place = TemporaryPlace(call);
  AddArguments(pending, callee, arguments);
  return pending;
}

std::optional<PendingCall> Evaluator::PrepareConstruct(const clang::CXXConstructExpr* construct) {
  const clang::CXXConstructorDecl* constructor = construct->getConstructor();
  if (constructor->isTrivial() || (construct->isElidable() && construct->getNumArgs() == 1) ||
      !ShouldFollow(constructor))
    return std::nullopt;
  PendingCall pending;
  pending.body = &context_.unit.bodies.Of(constructor);
  pending.site = construct;
  const RegionId place = TemporaryPlace(construct);
  pending.object = context_.values.AddressOf(place);
  AddArguments(pending, constructor,
               llvm::ArrayRef<const clang::Expr*>(construct->getArgs(), construct->getNumArgs()));
  // An object that was at the same place before, in an earlier round of a loop.
  const clang::CXXCtorInitializer* init = context_.info().InitializerOf(construct);
  if (init == nullptr || init->isAnyMemberInitializer()) Clear(context_, state_, place);
  return pending;
}

std::optional<PendingCall> Evaluator::PrepareScopeEnd(const clang::FunctionDecl* callee,
                                                      ValueId object, const clang::Stmt* site) {
  if (!ShouldFollow(callee)) return std::nullopt;
  PendingCall pending;
  pending.body = &context_.unit.bodies.Of(callee);
  pending.site = site;
  if (llvm::isa<clang::CXXDestructorDecl>(callee)) {
    pending.object = object;
    return pending;
  }
  if (pending.body->function->getNumParams() == 0) return std::nullopt;
  PendingCall::Argument argument;
  argument.parameter = pending.body->function->getParamDecl(0);
  argument.value = object;
  pending.arguments.push_back(argument);
  return pending;
}

std::optional<PendingCall> Evaluator::PrepareUnwind(const clang::VarDecl* variable) {
  const clang::CXXRecordDecl* record =
      variable->getType().getNonReferenceType()->getAsCXXRecordDecl();
  const clang::FunctionDecl* callee = record != nullptr ? record->getDestructor() : nullptr;
  if (callee == nullptr) return std::nullopt;
  return PrepareScopeEnd(callee, context_.values.AddressOf(context_.VariablePlace(variable)),
                         nullptr);
}

std::optional<PendingCall> Evaluator::Prepare(const clang::CFGElement& element) {
  if (const auto cleanup = element.getAs<clang::CFGCleanupFunction>()) {
    const RegionId place = context_.VariablePlace(cleanup->getVarDecl());
    return PrepareScopeEnd(cleanup->getFunctionDecl(), context_.values.AddressOf(place), nullptr);
  }
  if (const auto destructor = element.getAs<clang::CFGImplicitDtor>()) {
    const clang::FunctionDecl* callee = destructor->getDestructorDecl(context_.ast);
    if (!ShouldFollow(callee)) return std::nullopt;
    if (const auto variable = element.getAs<clang::CFGAutomaticObjDtor>())
      std::erase_if(state_.scopes, [&](const Scope& scope) {
        return scope.variable == variable->getVarDecl() && scope.level == context_.frame().level;
      });
    return PrepareScopeEnd(callee, DestroyedObject(*destructor), nullptr);
  }
  if (const auto init = element.getAs<clang::CFGInitializer>()) {
    const auto* inherited = llvm::dyn_cast<clang::CXXInheritedCtorInitExpr>(
        init->getInitializer()->getInit()->IgnoreImplicit());
    PendingCall pending;
    if (inherited != nullptr && !context_.info().IsElement(inherited) &&
        PrepareInherited(inherited, pending))
      return pending;
  }
  const auto statement = element.getAs<clang::CFGStmt>();
  if (!statement) return std::nullopt;
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(statement->getStmt()))
    return PrepareCall(call);
  if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(statement->getStmt()))
    return PrepareConstruct(construct);
  if (const auto* init = llvm::dyn_cast<clang::CXXInheritedCtorInitExpr>(statement->getStmt())) {
    PendingCall pending;
    if (PrepareInherited(init, pending)) return pending;
  }
  return std::nullopt;
}

void Evaluator::Begin(const PendingCall& call) {
  context_.AddStep(state_, StepKind::Enter, call.site, false, call.body->function);
  if (call.object != 0) state_.memory.Set(context_.ObjectPlace(), call.object);
  for (const PendingCall::Argument& argument : call.arguments) {
    const RegionId place = context_.values.Variable(argument.parameter, context_.frame().level);
    if (Planted(Fault::ArgumentLost) && &argument == &call.arguments.front()) continue;
    if (argument.object != 0)
      CopyObject(context_, state_, argument.object, place, argument.parameter->getType(),
                 argument.site);
    else
      Store(context_, state_, place, argument.value);
  }
}

// The callee's frame is gone; what it left is brought to where the caller looks for it.
void Evaluator::Finish(const PendingCall& call, const Activation& callee) {
  const RegionId returned =
      context_.values.Special(Region::Return, callee.body->function, callee.level);
  context_.AddStep(state_, StepKind::Return, call.site);
  if (call.result != nullptr) {
    ValueId value = 0;
    if (call.place != 0) {
      CopyObject(context_, state_, returned, call.place, call.result->getType(), call.result);
    } else if (const ValueId* known = state_.memory.Find(returned);
               known != nullptr && !Planted(Fault::ReturnValueLost)) {
      value = *known;
    }
    if (value == 0 && !call.result->getType()->isVoidType()) value = Opaque(call.result);
    state_.expressions.Set(context_.KeyOf(call.result), value);
  }
  Clear(context_, state_, returned);
}

}  // namespace flushdep::plugin
