// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which accesses were told already, by place in the source. The checker tells problems apart
// by instruction; where the compiler made several loads or stores of one place (unrolled
// loops, inlined functions, a vector's scalar rest), each would be a report of its own.
#ifndef FLUSHDEP_CHECKER_REPORT_TOLD_H_
#define FLUSHDEP_CHECKER_REPORT_TOLD_H_

#include <cstdint>
#include <string_view>

#include "checker/report/report.h"

namespace flushdep {

class Told {
 public:
  // Is this an access of which a report was told before: the same rule and doing ("load ...",
  // "store ...") at the same line and column of the same function, about a put (or map) at the
  // same place? Notes it if not. False where the source is not known, for what comes after the
  // table is full, and for all but accesses: calls are as many as the program has.
  // Locking: the caller's. Cost: O(different reports told).
  bool Before(const Report& report, std::string_view doing);

 private:
  static constexpr uint32_t kMax = 1024;
  uint64_t keys_[kMax];
  uint32_t size_ = 0;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_TOLD_H_
