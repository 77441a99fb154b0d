// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the backends share of the host's calls.
//
// System calls for the huge mappings are made directly: interceptors of
// sanitizers would work through shadow memory of the whole window. For single mappings they
// are wanted, as an address that gets another page has no history there.
#ifndef FLUSHDEP_RUNTIME_MEMORY_HOST_H_
#define FLUSHDEP_RUNTIME_MEMORY_HOST_H_

#include <cstdint>

namespace flushdep {

// "WHAT (ENOMEM)", status 4.
[[noreturn]] void DieOfHost(const char* what, int error);

// mmap() at `va` (0: anywhere); the address, or 0 with errno.
uint64_t RawMap(uint64_t va, uint64_t bytes, int prot, int flags, int fd);
// madvise(); 0 or an errno value. Async-signal-safe.
int RawAdvise(uint64_t va, uint64_t bytes, int advice);

// Takes the whole window, without access. `again`: over what is there, in a fork's child.
void ReserveWindow(bool again);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_HOST_H_
