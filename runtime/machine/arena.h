// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables whose size is known at boot: zeroed memory straight from the host,
// populated by use and never given back.
#ifndef FLUSHDEP_RUNTIME_MACHINE_ARENA_H_
#define FLUSHDEP_RUNTIME_MACHINE_ARENA_H_

#include <sys/mman.h>

#include <cstdint>

#include "checker/report/reporter.h"

namespace flushdep {

// T must be valid as all zeroes.
template <typename T>
T* MapTable(uint64_t count) {
  void* memory = mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) Die(4, "the host has no memory for the simulated machine's tables");
  return static_cast<T*>(memory);
}

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_ARENA_H_
