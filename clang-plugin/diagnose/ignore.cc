// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/diagnose/ignore.h"

#include <optional>

#include "clang/AST/Expr.h"
#include "clang/Basic/SourceManager.h"

namespace flushdep::plugin {
namespace {

constexpr llvm::StringRef kMark = "flushdep-ignore:";

// The marked string inside a statement, if the statement is the macro's.
const clang::StringLiteral* FindMark(const clang::Stmt* stmt) {
  while (const auto* label = llvm::dyn_cast_or_null<clang::LabelStmt>(stmt))
    stmt = label->getSubStmt();
  while (const auto* label = llvm::dyn_cast_or_null<clang::SwitchCase>(stmt))
    stmt = label->getSubStmt();
  const auto* loop = llvm::dyn_cast_or_null<clang::DoStmt>(stmt);
  const auto* body =
      loop != nullptr ? llvm::dyn_cast<clang::CompoundStmt>(loop->getBody()) : nullptr;
  if (body == nullptr || body->size() != 1) return nullptr;
  const auto* expr = llvm::dyn_cast<clang::Expr>(body->body_front());
  const auto* size = expr != nullptr
                         ? llvm::dyn_cast<clang::UnaryExprOrTypeTraitExpr>(expr->IgnoreParenCasts())
                         : nullptr;
  if (size == nullptr || size->isArgumentType()) return nullptr;
  const auto* text = llvm::dyn_cast<clang::StringLiteral>(size->getArgumentExpr()->IgnoreParens());
  const bool marked =
      text != nullptr && text->getCharByteWidth() == 1 && text->getString().starts_with(kMark);
  return marked ? text : nullptr;
}

Ignore MakeIgnore(const clang::StringLiteral* mark, const clang::Stmt* next) {
  Ignore ignore;
  const auto [rule, why] = mark->getString().drop_front(kMark.size()).split(':');
  ignore.rule_text = rule.str();
  ignore.why = why.str();
  ignore.rule = FindRule({rule.data(), rule.size()});
  ignore.where = mark->getBeginLoc();
  if (next != nullptr) ignore.statement = next->getSourceRange();
  return ignore;
}

void Collect(const clang::Stmt* stmt, std::vector<Ignore>& ignores) {
  if (stmt == nullptr) return;
  const auto* block = llvm::dyn_cast<clang::CompoundStmt>(stmt);
  const clang::StringLiteral* mark = nullptr;
  for (const clang::Stmt* child : stmt->children()) {
    if (block != nullptr) {
      if (mark != nullptr && llvm::isa<clang::NullStmt>(child)) continue;
      if (mark != nullptr) ignores.push_back(MakeIgnore(mark, child));
      mark = FindMark(child);
      if (mark != nullptr) continue;
    }
    Collect(child, ignores);
  }
  if (mark != nullptr) ignores.push_back(MakeIgnore(mark, nullptr));
}

}  // namespace

std::vector<Ignore> FindIgnores(const clang::Stmt* body) {
  std::vector<Ignore> ignores;
  Collect(body, ignores);
  return ignores;
}

const Ignore* FindIgnore(const clang::ASTContext& ast, const std::vector<Ignore>& ignores,
                         Rule rule, clang::SourceLocation where) {
  const clang::SourceManager& sources = ast.getSourceManager();
  for (const Ignore& ignore : ignores) {
    if (ignore.rule == nullptr || ignore.rule->rule != rule || ignore.statement.isInvalid())
      continue;
    const clang::SourceLocation begin = sources.getExpansionLoc(ignore.statement.getBegin());
    const clang::SourceLocation end = sources.getExpansionRange(ignore.statement.getEnd()).getEnd();
    if (!sources.isBeforeInTranslationUnit(where, begin) &&
        !sources.isBeforeInTranslationUnit(end, where))
      return &ignore;
  }
  return nullptr;
}

}  // namespace flushdep::plugin
