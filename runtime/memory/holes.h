// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the mmu backend takes single pages out of the direct map, which is one shared mapping of one
// file. A hole per mapping would not do: the host allows a process about 65,000 of those.
//
//   guard     guard markers in the host's page tables (MADV_GUARD_INSTALL, on files from
//   Linux 6.15):
//             no limit, no memory. A fault is SIGSEGV
//   uffd      userfaultfd for missing and minor faults that are answered by SIGBUS (Linux 5.14), on
//   2 MiB
//             blocks that have a hole: no limit, but all pages of such a block take host memory
//   mprotect  PROT_NONE: up to two mappings a hole, so about 32,000 scattered ones
#ifndef FLUSHDEP_RUNTIME_MEMORY_HOLES_H_
#define FLUSHDEP_RUNTIME_MEMORY_HOLES_H_

#include <cstdint>

#include "checker/model/options.h"
#include "runtime/memory/backend.h"

namespace flushdep {

struct HoleMaker {
  const char* name;     // as in the option
  const char* missing;  // what the host lacks if `probe` says no
  // Does it work here? Really tries, on a mapping of its own, and leaves nothing behind.
  bool (*probe)();
  // The direct map of so many pages was mapped, with no holes. At boot, and in a fork's child.
  void (*start)(uint64_t pfns);
  // As MemoryBackend::set_direct and bus_error.
  int (*set)(uint64_t pfn, uint64_t npages, bool valid);
  BusError (*bus_error)(uint64_t pfn);
  // May the file's pages be punched out, or would present pages trap after that?
  bool (*may_punch)(uint64_t pfn, uint64_t npages);
};

extern const HoleMaker kGuardHoles;
extern const HoleMaker kUffdHoles;
extern const HoleMaker kMprotectHoles;

// The best one, or the one that is asked for; ends the process with status 2 if the host lacks
// that.
const HoleMaker& ChooseHoles(Holes choice);

// One line on stderr the first time that a hole is refused; why is told by `error`.
void SayHoleRefused(const HoleMaker& maker, int error);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_HOLES_H_
