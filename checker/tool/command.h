// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The `flushdep` command is a list of subcommands, one file each. This is what
// they share: their shape, their exit status and how they complain.
#ifndef FLUSHDEP_CHECKER_TOOL_COMMAND_H_
#define FLUSHDEP_CHECKER_TOOL_COMMAND_H_

#include "checker/rules/catalogue.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

namespace flushdep::tool {

// Exit status of `flushdep` (docs/contract.md).
enum Status : int {
  kClean = 0,
  kFindings = 1,  // at or above --fail-on
  kUsage = 2,
  kBadInput = 3,  // bad or incomplete
  kInternal = 4,
};

using Arguments = llvm::ArrayRef<const char*>;

struct Command {
  llvm::StringRef name;
  llvm::StringRef summary;  // one line for `flushdep --help`
  llvm::StringRef help;     // text of `flushdep NAME --help`
  int (*run)(Arguments args);
};

extern const Command kCheckCommand;
extern const Command kExplainCommand;
extern const Command kReportCommand;
extern const Command kRunCommand;

// "flushdep NAME: error: MESSAGE" on stderr; returns `status`.
int Fail(const Command& command, Status status, const llvm::Twine& message);

// Like Fail() with kUsage, and says where help is.
int WrongUsage(const Command& command, const llvm::Twine& message);

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_COMMAND_H_
