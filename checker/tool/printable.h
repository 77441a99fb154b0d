// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text out of files, for a terminal: it may be anything, and must neither steer the
// terminal nor look like lines of ours.
#ifndef FLUSHDEP_CHECKER_TOOL_PRINTABLE_H_
#define FLUSHDEP_CHECKER_TOOL_PRINTABLE_H_

#include <string>

#include "llvm/ADT/StringRef.h"

namespace flushdep::tool {

// Control characters as \n, \r, \t, \xNN and \u00NN; all else as it is. Expects UTF-8.
std::string Printable(llvm::StringRef text);

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_PRINTABLE_H_
