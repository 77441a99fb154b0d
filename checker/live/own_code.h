// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The section that holds all of flushdep's code in a user's program (runtime, checker,
// kernel shim); absent in our unit tests.
#ifndef FLUSHDEP_CHECKER_LIVE_OWN_CODE_H_
#define FLUSHDEP_CHECKER_LIVE_OWN_CODE_H_

#include <cstdint>

extern "C" {
extern const char __start_flushdep_text[] __attribute__((weak, visibility("hidden")));
extern const char __stop_flushdep_text[] __attribute__((weak, visibility("hidden")));
}

namespace flushdep {

// Is this address in it? False in unit tests. Async-signal-safe. Cost: two compares.
inline bool InOurCode(uint64_t pc) {
  const uint64_t start = reinterpret_cast<uint64_t>(__start_flushdep_text);
  const uint64_t stop = reinterpret_cast<uint64_t>(__stop_flushdep_text);
  return pc - start < stop - start;
}

// The same of a return address, which is one behind its call.
inline bool ReturnsToOurCode(uint64_t pc) { return InOurCode(pc - 1); }

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_LIVE_OWN_CODE_H_
