// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/engine/constants.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"

namespace flushdep::plugin {
namespace {

bool SameRecord(const clang::Decl* a, const clang::Decl* b) {
  return a->getCanonicalDecl() == b->getCanonicalDecl();
}

// The part of a list that initialises `member`. A structure that comes first in another one is at
// its place, so that the way there may lead through several.
const clang::Expr* PartOf(const clang::InitListExpr* list, const clang::FieldDecl* member) {
  for (unsigned depth = 0; list != nullptr && depth < 8; ++depth) {
    const clang::RecordDecl* record = list->getType()->getAsRecordDecl();
    if (record == nullptr) return nullptr;
    const auto* cxx = llvm::dyn_cast<clang::CXXRecordDecl>(record);
    if (cxx != nullptr && cxx->getNumBases() != 0) return nullptr;
    if (record->isUnion()) {
      const clang::FieldDecl* named = list->getInitializedFieldInUnion();
      if (named == nullptr || list->getNumInits() != 1) return nullptr;
      if (SameRecord(record, member->getParent()))
        return PlaceDecl(named) == PlaceDecl(member) ? list->getInit(0) : nullptr;
      list = llvm::dyn_cast_or_null<clang::InitListExpr>(list->getInit(0));
      continue;
    }
    const clang::Expr* first = nullptr;
    unsigned index = 0;
    for (const clang::FieldDecl* field : record->fields()) {
      if (field->isUnnamedBitField()) continue;
      const clang::Expr* init = index < list->getNumInits() ? list->getInit(index) : nullptr;
      if (field->getCanonicalDecl() == member->getCanonicalDecl())
        return field->isMutable() ? nullptr : init;
      if (index++ == 0) first = init;
    }
    list = llvm::dyn_cast_or_null<clang::InitListExpr>(first);
  }
  return nullptr;
}

const clang::Expr* InitialValueOf(const ValueTable& values, RegionId region) {
  const Region& place = values.region(region);
  if (place.kind == Region::Variable) {
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(place.decl);
    return variable != nullptr ? ConstantInitializer(variable) : nullptr;
  }
  if (place.kind != Region::Field && place.kind != Region::Element) return nullptr;
  const auto* list =
      llvm::dyn_cast_or_null<clang::InitListExpr>(InitialValueOf(values, place.parent));
  if (list == nullptr) return nullptr;
  if (place.kind == Region::Field) {
    const auto* field = llvm::dyn_cast<clang::FieldDecl>(place.decl);
    return field != nullptr ? PartOf(list, field) : nullptr;
  }
  int64_t index = 0;
  if (!list->getType()->isArrayType() || !values.IsConstant(place.value, &index) || index < 0)
    return nullptr;
  return index < list->getNumInits() ? list->getInit(static_cast<unsigned>(index)) : nullptr;
}

}  // namespace

const clang::Expr* ConstantInitializer(const clang::VarDecl* variable) {
  const clang::VarDecl* definition = nullptr;
  const clang::Expr* init = variable->getAnyInitializer(definition);
  if (init == nullptr || !variable->hasGlobalStorage() || definition->hasAttr<clang::WeakAttr>())
    return nullptr;
  const clang::ASTContext& ast = variable->getASTContext();
  const clang::QualType type = ast.getBaseElementType(definition->getType());
  const bool fixed = type.isConstQualified() && !type.isVolatileQualified() &&
                     (type->isRecordType() || type->isPointerType());
  return fixed && !type->isDependentType() && !init->isValueDependent() ? init->IgnoreImplicit()
                                                                        : nullptr;
}

ValueId ConstantPointer(clang::ASTContext& ast, ValueTable& values, RegionId region) {
  const clang::Expr* init = InitialValueOf(values, region);
  if (init == nullptr || !init->getType()->isPointerType()) return 0;
  if (init->isNullPointerConstant(ast, clang::Expr::NPC_ValueDependentIsNotNull) !=
      clang::Expr::NPCK_NotNull)
    return values.Constant(0);
  init = init->IgnoreParenCasts();
  if (llvm::isa<clang::ImplicitValueInitExpr, clang::CXXNullPtrLiteralExpr>(init))
    return values.Constant(0);
  bool address = false;
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(init);
      unary != nullptr && unary->getOpcode() == clang::UO_AddrOf) {
    init = unary->getSubExpr()->IgnoreParens();
    address = true;
  }
  const auto* ref = llvm::dyn_cast<clang::DeclRefExpr>(init);
  if (ref == nullptr) return 0;
  if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(ref->getDecl()))
    return values.Function(function);
  const auto* variable = llvm::dyn_cast<clang::VarDecl>(ref->getDecl());
  return address && variable != nullptr && !variable->getType()->isReferenceType()
             ? values.AddressOf(values.Variable(variable))
             : 0;
}

}  // namespace flushdep::plugin
