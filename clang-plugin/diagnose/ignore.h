// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FLUSHDEP_IGNORE("FD001", "why"): the places in a function where a rule is
// silenced. The macro leaves a string behind (annotations.h); the rule named in
// it is silent in the statement that follows in the same block.
#ifndef FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_IGNORE_H_
#define FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_IGNORE_H_

#include <string>
#include <vector>

#include "checker/rules/catalogue.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Stmt.h"

namespace flushdep::plugin {

struct Ignore {
  const RuleInfo* rule = nullptr;  // null: no rule has that name
  std::string rule_text;
  std::string why;
  clang::SourceLocation where;
  clang::SourceRange statement;  // invalid if nothing follows
};

// All of them in `body`, in source order.
std::vector<Ignore> FindIgnores(const clang::Stmt* body);

// The one that silences `rule` at `where`, or null.
const Ignore* FindIgnore(const clang::ASTContext& ast, const std::vector<Ignore>& ignores,
                         Rule rule, clang::SourceLocation where);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_IGNORE_H_
