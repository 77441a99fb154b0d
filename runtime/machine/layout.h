// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where things are in the simulated window:
//
//   WINDOW_START            direct map, up to kMaxMemory
//   WINDOW_START + 64 GiB   kMaxMms ranges of kMmBytes, one per slot of the mm table:
//                             the mermap, a slice of kSliceBytes for each CPU,
//                             and from kUserOffset on an area for entries set by hand
//
// Every mm has addresses of its own, as all of them live in one host process. So an
// address names its mm too.
#ifndef FLUSHDEP_RUNTIME_MACHINE_LAYOUT_H_
#define FLUSHDEP_RUNTIME_MACHINE_LAYOUT_H_

#include "runtime/machine/limits.h"

namespace flushdep {

inline constexpr uint64_t kDirectMapStart = FLUSHDEP_WINDOW_START;
inline constexpr uint64_t kMmStart = FLUSHDEP_WINDOW_START + kMaxMemory;
inline constexpr uint64_t kSliceBytes = kPageBytes * kSlicePages;
inline constexpr uint64_t kUserOffset = kSliceBytes * kMaxCpus;
inline constexpr uint64_t kMmBytes = kUserOffset + kUserBytes;
static_assert(kMmStart + kMmBytes * kMaxMms <= FLUSHDEP_WINDOW_END,
              "the addresses of every mm fit into the window");

constexpr uint64_t DirectMapAddress(uint64_t pfn) { return kDirectMapStart + pfn * kPageBytes; }
constexpr uint64_t MmAddress(uint32_t slot) { return kMmStart + slot * kMmBytes; }
// Which slot's address it is; only for addresses in [kMmStart, FLUSHDEP_WINDOW_END).
constexpr uint32_t SlotOfAddress(uint64_t va) {
  return static_cast<uint32_t>((va - kMmStart) / kMmBytes);
}

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_LAYOUT_H_
