// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What carries the machine's memory and mappings out on the host. The machine
// decides and tells (events); a backend only makes addresses reach pages.
// A table of functions and not a class, since virtual functions would need the
// C++ runtime. Unless said otherwise callers serialise calls about one range.
#ifndef FLUSHDEP_RUNTIME_MEMORY_BACKEND_H_
#define FLUSHDEP_RUNTIME_MEMORY_BACKEND_H_

#include <cstdint>

#include "checker/model/options.h"

namespace flushdep {

struct MemoryBackend {
  // Reserves the window; the whole direct map is present afterwards. Ends the process on failure.
  void (*boot)(uint64_t pfns);
  // Makes [pfn, pfn + npages) of the direct map (not) accessible. 0, or
  // -ENOMEM at the host's limit of mappings; the range may then be half changed, and
  // the caller sets it right again page run by page run.
  int (*set_direct)(uint64_t pfn, uint64_t npages, bool valid);
  // Maps pages at an address of a mermap slice; `prot` as FLUSHDEP_MAP_*. 0 or -ENOMEM.
  int (*map)(uint64_t va, uint64_t pfn, uint64_t npages, unsigned prot);
  // The addresses trap from here on. Cannot fail.
  void (*unmap)(uint64_t va, uint64_t npages);
  // Makes the pages read as zero, through no simulated translation.
  void (*zero)(uint64_t pfn, uint64_t npages);
  // fork(): copies memory; then either the copy is dropped, or it replaces the memory
  // of this process, with the whole direct map present and nothing else mapped.
  void (*clone_memory)();
  void (*drop_clone)();
  void (*adopt_clone)();
};

// Every mapping is a real host mapping at its own address.
extern const MemoryBackend kMmuBackend;

// Chooses and boots.
void BootBackend(Backend choice, uint64_t pfns);
const MemoryBackend& GetBackend();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_BACKEND_H_
