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
#include "llvm/Support/JSON.h"

namespace flushdep::tool {

class Coverage {
 public:
  // Adds the text of one unit's summary. False if it is none (empty, damaged,
  // of another schema); Text() then names the unit.
  bool Add(llvm::StringRef unit, llvm::StringRef summary);

  // A few lines for people, newline at the end.
  std::string Text() const;

 private:
  void AddFunctions(const llvm::json::Object& functions);

  uint64_t seen_ = 0, relevant_ = 0, analysed_ = 0, given_up_ = 0;
  std::map<std::string, std::vector<std::string>> reasons_;  // why given up -> functions
  std::vector<std::string> ignored_;                         // places where a rule was silenced
  std::vector<std::string> without_;                         // units without a readable summary
};

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_COVERAGE_H_
