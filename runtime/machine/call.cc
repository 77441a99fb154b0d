// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/call.h"

#include "checker/report/reporter.h"

namespace flushdep {

// Noinline, so that API functions stay small. Cost: two loads for each frame of the shim.
__attribute__((noinline)) uint64_t CallerOfTheShim(uint64_t site) {
  uint64_t caller;
  return CallersOf(site, &caller, 1) == 1 ? caller : site;
}

}  // namespace flushdep
