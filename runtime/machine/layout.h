// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where things are in the simulated window:
//
//   WINDOW_START            direct map, up to kMaxMemory
//   WINDOW_START + 64 GiB   mermap: kMaxMms ranges of cpus * kSlicePages pages,
//                           one per slot of the mm table
//
// Every mm has addresses of its own, as all of them live in one host process.
#ifndef FLUSHDEP_RUNTIME_MACHINE_LAYOUT_H_
#define FLUSHDEP_RUNTIME_MACHINE_LAYOUT_H_

#include "runtime/machine/limits.h"

namespace flushdep {

inline constexpr uint64_t kDirectMapStart = FLUSHDEP_WINDOW_START;
inline constexpr uint64_t kMermapStart = FLUSHDEP_WINDOW_START + kMaxMemory;
inline constexpr uint64_t kSliceBytes = kPageBytes * kSlicePages;
static_assert(kMermapStart + kSliceBytes * kMaxMms * kMaxCpus <= FLUSHDEP_WINDOW_END,
              "the mermap of every mm fits into the window");

constexpr uint64_t DirectMapAddress(uint64_t pfn) { return kDirectMapStart + pfn * kPageBytes; }

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_LAYOUT_H_
