// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bodies of a unit as the engine walks them, made once and on demand: most
// functions are never asked for.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_BODIES_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_BODIES_H_

#include <memory>

#include "clang-plugin/engine/function_info.h"
#include "clang/AST/Decl.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"

namespace flushdep::plugin {

struct Body {
  const clang::FunctionDecl* function = nullptr;  // the definition
  std::unique_ptr<clang::CFG> cfg;
  std::unique_ptr<FunctionInfo> info;
  bool has_loop = false;
  bool has_atomic = false;   // one of the compiler's, which a library's classes are made of
  llvm::StringRef obstacle;  // why it cannot be walked; empty if it can

  unsigned blocks() const { return cfg != nullptr ? cfg->getNumBlockIDs() : 0; }
};

class Bodies {
 public:
  // Of a function that has one in this unit.
  const Body& Of(const clang::FunctionDecl* function);

 private:
  llvm::DenseMap<const clang::FunctionDecl*, std::unique_ptr<Body>> bodies_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_BODIES_H_
