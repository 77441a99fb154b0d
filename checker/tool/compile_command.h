// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns a command of a compilation database into one that clang 19 can parse
// for analysis: whatever compiler it was meant for, nothing is written, and options
// that only gcc knows are left out. Commands of flushdep-clang keep their meaning.
#ifndef FLUSHDEP_CHECKER_TOOL_COMPILE_COMMAND_H_
#define FLUSHDEP_CHECKER_TOOL_COMPILE_COMMAND_H_

#include <string>
#include <vector>

#include "clang-plugin/driver/installation.h"
#include "llvm/ADT/ArrayRef.h"

namespace flushdep::tool {

struct AnalysisCommand {
  std::vector<std::string> arguments;         // with the compiler in front
  std::vector<std::string> plugin_arguments;  // from options of flushdep-clang
  bool c_family = false;                      // compiles C or C++ at all
  std::string problem;                        // not empty: the command cannot be understood
};

AnalysisCommand ForAnalysis(llvm::ArrayRef<std::string> command,
                            const driver::Installation& installation);

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_COMPILE_COMMAND_H_
