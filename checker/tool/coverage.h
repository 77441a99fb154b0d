// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much of the code was looked at: the sum of the units' summaries (.fds).
#ifndef FLUSHDEP_CHECKER_TOOL_COVERAGE_H_
#define FLUSHDEP_CHECKER_TOOL_COVERAGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "llvm/ADT/StringRef.h"

namespace flushdep::tool {

class Coverage {
 public:
  // Adds the text of one unit's summary. Empty: the unit has none, and is counted so.
  void Add(llvm::StringRef unit, llvm::StringRef summary);

  // A few lines for people, newline at the end.
  std::string Text() const;

 private:
  uint64_t seen_ = 0, relevant_ = 0, analysed_ = 0, given_up_ = 0;
  std::map<std::string, uint64_t> reasons_;  // why given up -> functions
  std::vector<std::string> without_;         // units without a readable summary
};

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_COVERAGE_H_
