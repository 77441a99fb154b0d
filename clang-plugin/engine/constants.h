// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constant variables with an initialiser, such as tables of operations: what is in them is known
// everywhere.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_CONSTANTS_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_CONSTANTS_H_

#include "clang-plugin/engine/values.h"
#include "clang/AST/ASTContext.h"

namespace flushdep::plugin {

// The initialiser of a structure or pointer, or an array of such, of static storage that never
// changes; null of any other.
const clang::Expr* ConstantInitializer(const clang::VarDecl* variable);

// The function, variable or null that a place in such a variable points to; else 0.
ValueId ConstantPointer(clang::ASTContext& ast, ValueTable& values, RegionId region);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_CONSTANTS_H_
