// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is believed of functions: effects by name, from protocol files, and by
// declaration, from attributes. An attribute wins over a file, a later file
// over an earlier one. A function with an entry is opaque: its body is not
// looked at, and an entry without effects says "does nothing that matters".
//
// Not thread safe; one Protocol per compile.
#ifndef FLUSHDEP_CLANG_PLUGIN_PROTOCOL_PROTOCOL_H_
#define FLUSHDEP_CLANG_PLUGIN_PROTOCOL_PROTOCOL_H_

#include <map>
#include <string>
#include <vector>

#include "clang-plugin/protocol/effect.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace flushdep::plugin {

struct FunctionProtocol {
  std::vector<Effect> effects;
  std::string source;  // "file:line" of the definition, or "attribute"
};

// An attribute that is not understood; reported once, at the attribute.
struct AttributeProblem {
  clang::SourceLocation where;
  std::string message;
};

class Protocol {
 public:
  // Later definitions of a name replace earlier ones.
  void Define(llvm::StringRef name, FunctionProtocol function);

  // What `function` does, or null if nothing is declared. O(1) after the first
  // question about a declaration.
  const FunctionProtocol* Lookup(const clang::FunctionDecl* function);

  // Names of functions in protocol files that flush with one of two scopes,
  // sorted; for advice.
  std::vector<std::string> Flushers(FlushScope scope) const;

  // By name only, for tests and `explain`.
  const FunctionProtocol* Find(llvm::StringRef name) const;

  std::vector<AttributeProblem> TakeProblems();

 private:
  const FunctionProtocol* Resolve(const clang::FunctionDecl* function);

  std::map<std::string, FunctionProtocol> by_name_;
  llvm::DenseMap<const clang::FunctionDecl*, const FunctionProtocol*> cache_;
  // std::map: entries must not move once their address was handed out.
  std::map<const clang::FunctionDecl*, FunctionProtocol> attributed_;
  std::vector<AttributeProblem> problems_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_PROTOCOL_PROTOCOL_H_
