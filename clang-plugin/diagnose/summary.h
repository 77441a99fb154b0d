// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What was looked at in a unit, and what was not: nothing is skipped silently.
#ifndef FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_SUMMARY_H_
#define FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_SUMMARY_H_

#include <string>
#include <vector>

namespace flushdep::plugin {

// Version of the summary file.
inline constexpr int kSummarySchema = 1;

struct Summary {
  struct GivenUp {
    std::string function;
    std::string reason;
  };
  struct Ignored {
    std::string rule;
    std::string why;
    std::string where;  // file:line
  };

  std::string unit;       // the main file
  unsigned seen = 0;      // function bodies of the unit
  unsigned relevant = 0;  // those in which a rule could fire
  unsigned analysed = 0;  // of the relevant ones, to the end
  std::vector<GivenUp> given_up;
  unsigned findings = 0;
  std::vector<Ignored> ignored;

  std::string FunctionsJson() const;  // the counts, as an object
  std::string ToJson() const;         // one object, with a newline
  std::string ToLine() const;         // for people, without a newline
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_SUMMARY_H_
