// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Analyses translation units, each in a process of its own: a unit that
// crashes Clang or the analysis costs that unit and no other, and units run in parallel
// although Clang is not made for it. Children are forked, so the program must
// have one thread.
#ifndef FLUSHDEP_CHECKER_TOOL_UNIT_H_
#define FLUSHDEP_CHECKER_TOOL_UNIT_H_

#include <string>
#include <vector>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace flushdep::tool {

struct Unit {
  std::string file;       // for people
  std::string directory;  // where the command runs
  std::vector<std::string> arguments;
  std::vector<std::string> plugin_arguments;
};

struct UnitResult {
  enum class End { kDone, kFailed, kCrashed } end = End::kCrashed;
  std::string crash;        // with kCrashed: how the process ended
  std::string diagnostics;  // text for people
  std::string records;      // JSON lines, header included; empty if there are none
  std::string summary;      // the unit's .fds
};

// Runs `units`, at most `jobs` at a time, and hands each result to `done` in the
// order of `units`. Returns an error of the host (no temporary folder, no
// process) or nothing.
std::string AnalyseUnits(llvm::ArrayRef<Unit> units, unsigned jobs,
                         llvm::function_ref<void(const Unit&, const UnitResult&)> done);

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_UNIT_H_
