// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks the arguments of a subcommand. Options may stand between operands;
// "--" ends them. LLVM's cl:: is not used: it would offer the several hundred
// options that libLLVM registers for itself.
#ifndef FLUSHDEP_CHECKER_TOOL_ARGUMENTS_H_
#define FLUSHDEP_CHECKER_TOOL_ARGUMENTS_H_

#include <optional>
#include <string>

#include "checker/tool/command.h"

namespace flushdep::tool {

class ArgumentWalk {
 public:
  explicit ArgumentWalk(Arguments args) : rest_(args) {}

  // The next argument, or null at the end.
  const char* Next();

  // After Next() gave `arg`: is it the valued option `name` ("--jobs"), as
  // --jobs=V, --jobs V or (for one-letter names) -jV? Its value then; a missing
  // value is a problem() and gives an empty string.
  std::optional<llvm::StringRef> Value(llvm::StringRef arg, llvm::StringRef name);

  // Is `arg` an operand: not an option, or past "--"?
  bool IsOperand(llvm::StringRef arg) const;

  // Arguments not yet walked.
  Arguments rest() const { return rest_; }
  const std::string& problem() const { return problem_; }

 private:
  Arguments rest_;
  bool operands_only_ = false;
  std::string problem_;
};

// "error", "possible" or "advice"; nothing for anything else.
std::optional<Severity> ParseSeverity(llvm::StringRef text);

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_ARGUMENTS_H_
