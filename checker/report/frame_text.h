// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Frames as people read them: C++ names without what the compiler adds, and without the frames
// that no program writes. C names and stacks stay as they are.
#ifndef FLUSHDEP_CHECKER_REPORT_FRAME_TEXT_H_
#define FLUSHDEP_CHECKER_REPORT_FRAME_TEXT_H_

#include <string_view>

#include "checker/report/format.h"
#include "checker/report/report.h"

namespace flushdep {

// A demangled name without return type, template arguments and parameters:
//   void ns::Box<int>::Put<long>(long) const   ->   ns::Box::Put
// Puts it in pieces, since nothing here allocates.
void PutPlainName(std::string_view name, const Sink& sink);

// Plumbing of the C++ library (std::function, std::invoke), or what started the thread or process.
bool IsPlumbing(const Frame& frame);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_FRAME_TEXT_H_
