// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The splat: a report for people, in the order that readers of lockdep know.
// What was about to happen; what is wrong; where each part came from, with its
// stack; what to do.
#ifndef FLUSHDEP_CHECKER_REPORT_TEXT_WRITER_H_
#define FLUSHDEP_CHECKER_REPORT_TEXT_WRITER_H_

#include <string_view>

#include "checker/report/report.h"

namespace flushdep {

struct TextContext {
  std::string_view program;  // name shown before the pid
  std::string_view version;
  std::string_view directory;    // paths below it are shown relative to it
  std::string_view doing;        // "free a page"
  std::string_view module = {};  // the program's file: frames elsewhere show their library
};

void WriteText(const Report& report, const TextContext& context, const Sink& sink);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_TEXT_WRITER_H_
