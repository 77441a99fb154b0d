// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one function of the C++ runtime that our code still refers to: what
// std::string_view::substr() calls when it is out of range. Only in the prelinked archive, where
// it stays hidden; a program's own libstdc++ is not disturbed.
#include <cstddef>

#include "checker/report/reporter.h"

namespace std {

__attribute__((noreturn)) void __throw_out_of_range_fmt(const char*, ...) {
  flushdep::Die(4, "internal error: a text was cut out of range");
}

}  // namespace std
