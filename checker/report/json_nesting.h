// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A look at JSON before it is parsed: LLVM's parser calls itself for each level, so
// that a line of brackets alone would take the stack down. Does not judge whether the
// text is JSON. Cost: one pass, no allocation.
#ifndef FLUSHDEP_CHECKER_REPORT_JSON_NESTING_H_
#define FLUSHDEP_CHECKER_REPORT_JSON_NESTING_H_

#include <cstddef>
#include <string_view>

namespace flushdep {

// Levels of arrays and objects; a record has 5, the object of its line included.
inline constexpr size_t kMaxJsonNesting = 64;

// Brackets in strings do not count. Up to its first error, if any, a parser sees the
// text as this does, so that it cannot go deeper.
inline bool NestsTooDeep(std::string_view json) {
  size_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxJsonNesting) return true;
    } else if ((c == ']' || c == '}') && depth != 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_JSON_NESTING_H_
