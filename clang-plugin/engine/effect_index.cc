// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/effect_index.h"

#include "clang-plugin/engine/constants.h"
#include "clang-plugin/engine/values.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseSet.h"

namespace flushdep::plugin {
namespace {

using Callees = std::vector<const clang::FunctionDecl*>;

void AddDestructor(clang::QualType type, Callees& callees) {
  const clang::CXXRecordDecl* record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  if (record != nullptr && record->hasDefinition() && record->getDestructor() != nullptr)
    callees.push_back(record->getDestructor());
}

// Destructors and cleanup functions run at scope ends.
void CollectFromVariable(const clang::VarDecl* variable, Callees& callees) {
  if (const auto* cleanup = variable->getAttr<clang::CleanupAttr>())
    callees.push_back(cleanup->getFunctionDecl());
  AddDestructor(variable->getType(), callees);
}

using MemberSet = llvm::DenseSet<const clang::ValueDecl*>;

void CollectCallees(const clang::Stmt* body, Callees& callees, MemberSet& members, Callees& taken) {
  std::vector<const clang::Stmt*> pending = {body};
  llvm::DenseSet<const clang::VarDecl*> tables;
  while (!pending.empty()) {
    const clang::Stmt* stmt = pending.back();
    pending.pop_back();
    if (stmt == nullptr) continue;
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(stmt)) {
      if (call->getDirectCallee() != nullptr) {
        callees.push_back(call->getDirectCallee());
        // The callee itself is no use of its address; what a method is called on is looked at.
        const clang::Expr* named = call->getCallee()->IgnoreParenImpCasts();
        if (!llvm::isa<clang::DeclRefExpr>(named)) pending.push_back(named);
        for (const clang::Expr* argument : call->arguments()) pending.push_back(argument);
        continue;
      }
    } else if (const auto* ref = llvm::dyn_cast<clang::DeclRefExpr>(stmt)) {
      // A function whose address is taken may be called by whoever gets it.
      if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(ref->getDecl())) {
        callees.push_back(function);
        taken.push_back(function);
      }
      // A constant table of functions: its entries are called through it.
      const auto* variable = llvm::dyn_cast<clang::VarDecl>(ref->getDecl());
      const clang::Expr* table = variable != nullptr ? ConstantInitializer(variable) : nullptr;
      if (table != nullptr && tables.insert(variable->getCanonicalDecl()).second)
        pending.push_back(table);
    } else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(stmt)) {
      members.insert(PlaceDecl(member->getMemberDecl()));
    } else if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(stmt)) {
      if (lambda->getDependentCallOperator() == nullptr)
        callees.push_back(lambda->getCallOperator());
      for (const clang::Expr* init : lambda->capture_inits()) pending.push_back(init);
      continue;
    } else if (const auto* construct = llvm::dyn_cast<clang::CXXConstructExpr>(stmt)) {
      callees.push_back(construct->getConstructor());
    } else if (const auto* inherited = llvm::dyn_cast<clang::CXXInheritedCtorInitExpr>(stmt)) {
      callees.push_back(inherited->getConstructor());
    } else if (const auto* temporary = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(stmt)) {
      AddDestructor(temporary->getType(), callees);
    } else if (const auto* deletion = llvm::dyn_cast<clang::CXXDeleteExpr>(stmt)) {
      AddDestructor(deletion->getDestroyedType(), callees);
    } else if (const auto* group = llvm::dyn_cast<clang::DeclStmt>(stmt)) {
      for (const clang::Decl* decl : group->decls())
        if (const auto* variable = llvm::dyn_cast<clang::VarDecl>(decl)) {
          CollectFromVariable(variable, callees);
          // Structured bindings of a tuple are variables that no statement declares.
          if (const auto* bound = llvm::dyn_cast<clang::DecompositionDecl>(variable))
            for (const clang::BindingDecl* binding : bound->bindings())
              if (const clang::VarDecl* holder = binding->getHoldingVar())
                pending.push_back(holder->getInit());
        }
    }
    for (const clang::Stmt* child : stmt->children()) pending.push_back(child);
  }
}

// What a constructor and a destructor do outside of their braces.
void CollectFromMembers(const clang::FunctionDecl* function, Callees& callees, MemberSet& members,
                        Callees& taken) {
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(function))
    for (const clang::CXXCtorInitializer* member : constructor->inits())
      CollectCallees(member->getInit(), callees, members, taken);
  if (const auto* destructor = llvm::dyn_cast<clang::CXXDestructorDecl>(function)) {
    for (const clang::FieldDecl* field : destructor->getParent()->fields())
      AddDestructor(field->getType(), callees);
    for (const clang::CXXBaseSpecifier& base : destructor->getParent()->bases())
      AddDestructor(base.getType(), callees);
  }
}

}  // namespace

const EffectIndex::Body& EffectIndex::BodyOf(const clang::FunctionDecl* definition) {
  const auto found = bodies_.find(definition);
  if (found != bodies_.end()) return found->second;
  Callees all;
  Body body;
  CollectCallees(definition->getBody(), all, body.members, body.taken);
  CollectFromMembers(definition, all, body.members, body.taken);
  for (const clang::FunctionDecl* callee : all) {
    const FunctionProtocol* declared = protocol_.Lookup(callee);
    if (declared == nullptr)
      body.callees.push_back(callee);
    else
      for (const Effect& effect : declared->effects) body.effects.Add(effect.kind);
  }
  return bodies_[definition] = std::move(body);
}

EffectSet EffectIndex::Direct(const clang::FunctionDecl* function) {
  const clang::FunctionDecl* definition = nullptr;
  return function->hasBody(definition) ? BodyOf(definition).effects : EffectSet();
}

EffectSet EffectIndex::Reachable(const clang::FunctionDecl* function) {
  const clang::FunctionDecl* start = nullptr;
  if (!function->hasBody(start)) return {};
  const auto known = reachable_.find(start);
  if (known != reachable_.end()) return known->second;
  EffectSet effects;
  llvm::DenseSet<const clang::FunctionDecl*> seen = {start};
  std::vector<const clang::FunctionDecl*> pending = {start};
  while (!pending.empty()) {
    const Body body = BodyOf(pending.back());
    pending.pop_back();
    effects.Add(body.effects);
    for (const clang::FunctionDecl* callee : body.callees) {
      const clang::FunctionDecl* definition = nullptr;
      if (callee->hasBody(definition) && seen.insert(definition).second)
        pending.push_back(definition);
    }
  }
  return reachable_[start] = effects;
}

void EffectIndex::AddAddressTaken(const clang::FunctionDecl* function,
                                  llvm::DenseSet<const clang::FunctionDecl*>& taken) {
  for (const clang::FunctionDecl* other : BodyOf(function).taken)
    taken.insert(other->getCanonicalDecl());
}

bool EffectIndex::CalleesRead(const clang::FunctionDecl* function, const clang::ValueDecl* member) {
  const clang::FunctionDecl* start = nullptr;
  if (!function->hasBody(start)) return false;
  const auto known = members_below_.find(start);
  if (known != members_below_.end()) return known->second.contains(member);
  Members members;
  llvm::DenseSet<const clang::FunctionDecl*> seen = {start};
  std::vector<const clang::FunctionDecl*> pending = {start};
  while (!pending.empty()) {
    const clang::FunctionDecl* at = pending.back();
    pending.pop_back();
    const Body body = BodyOf(at);
    // Of a function that calls itself, also its own.
    if (at != start || llvm::is_contained(body.callees, start))
      members.insert(body.members.begin(), body.members.end());
    for (const clang::FunctionDecl* callee : body.callees) {
      const clang::FunctionDecl* definition = nullptr;
      if (callee->hasBody(definition) && seen.insert(definition).second)
        pending.push_back(definition);
    }
  }
  return (members_below_[start] = std::move(members)).contains(member);
}

bool EffectIndex::Matters(const clang::FunctionDecl* function) {
  const EffectSet effects = Reachable(function);
  for (EffectKind kind : {EffectKind::Map, EffectKind::Allocate, EffectKind::Ref, EffectKind::Table,
                          EffectKind::Access, EffectKind::Publish, EffectKind::AssertFlushed,
                          EffectKind::AssertUnmapped})
    if (effects.Has(kind)) return true;
  return MayDisturb(function);
}

bool EffectIndex::MayDisturb(const clang::FunctionDecl* function) {
  const EffectSet effects = Reachable(function);
  for (EffectKind kind :
       {EffectKind::Unmap, EffectKind::Flush, EffectKind::Free, EffectKind::Drop,
        EffectKind::Remove, EffectKind::Restore, EffectKind::Clear, EffectKind::Enter,
        EffectKind::Leave, EffectKind::HandOver, EffectKind::FreeAll, EffectKind::DropAll})
    if (effects.Has(kind)) return true;
  return false;
}

}  // namespace flushdep::plugin
