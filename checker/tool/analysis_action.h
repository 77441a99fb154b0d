// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One parse under the plugin's consumer, in this process.
#ifndef FLUSHDEP_CHECKER_TOOL_ANALYSIS_ACTION_H_
#define FLUSHDEP_CHECKER_TOOL_ANALYSIS_ACTION_H_

#include <string>
#include <vector>

#include "llvm/ADT/ArrayRef.h"

namespace flushdep::tool {

struct AnalysisOutputs {
  std::string records;
  std::string summary;
};

// Runs the command `arguments` with the same engine as FlushdepPlugin.so. Findings
// and errors go to stderr, Clang's own warnings nowhere. False if it does not compile,
// or if a plugin argument or protocol is wrong (said on stderr).
bool AnalyseHere(const std::vector<std::string>& arguments,
                 llvm::ArrayRef<std::string> plugin_arguments, const AnalysisOutputs& outputs);

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_ANALYSIS_ACTION_H_
