// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef FLUSHDEP_CHECKER_MODEL_STRENGTH_H_
#define FLUSHDEP_CHECKER_MODEL_STRENGTH_H_

#include <cstdint>

namespace flushdep {

// Which CPUs count as holding a translation: every one that could have filled its TLB
// with it, or only those that were seen to use it (which needs instrumented accesses).
enum class Strength : uint8_t { Speculative, Accessed };

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_STRENGTH_H_
