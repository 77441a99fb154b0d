// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the user does not want to see, in the sanitizers' file format: a line is
// TYPE:PATTERN, # begins a comment.
//
//   FD001:flush_later        this rule, where a function, file, module or class matches
//   unflushed-free:pool.c    the same by name
//   rule:FD004               a rule altogether
//   function:^put_page$      any rule, by function
//   file:drivers/old/        any rule, by source file or module
//   class:page_pool          any rule, by class
//
// A pattern matches anywhere in a name unless ^ or $ ties it to an end; * is any text. Frames of
// all stacks of a report count, as in ThreadSanitizer.
//
// Not thread safe, no heap; the text must outlive the object.
#ifndef FLUSHDEP_CHECKER_REPORT_SUPPRESSIONS_H_
#define FLUSHDEP_CHECKER_REPORT_SUPPRESSIONS_H_

#include <cstdint>
#include <string_view>

#include "checker/model/limits.h"
#include "checker/report/report.h"

namespace flushdep {

class Suppressions {
 public:
  // What is wrong with a line, and which; empty if all is well.
  struct Problem {
    std::string_view text;
    std::string_view line;
  };
  Problem Parse(std::string_view text);

  // True if some line asks for it; counts it there.
  bool Match(const Report& report);

  struct Line {
    std::string_view type;
    std::string_view pattern;
    uint64_t count = 0;
  };
  uint32_t size() const { return size_; }
  const Line& operator[](uint32_t i) const { return lines_[i]; }

 private:
  uint32_t size_ = 0;
  Line lines_[kLargestSuppressions];
};

// The pattern language alone, for tests.
bool MatchesPattern(std::string_view pattern, std::string_view text);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_SUPPRESSIONS_H_
