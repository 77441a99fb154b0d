// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What carries the machine's memory and mappings out on the host. The machine
// decides and tells (events); a backend only makes addresses reach pages.
// A table of functions and not a class, since virtual functions would need the
// C++ runtime. Unless said otherwise callers serialise calls about one range.
//
//   mmu     every mapping is a real one at its own address; code that nobody instrumented
//           faults on what it may not touch
//   model   no system call per mapping: the page tables are the machine's own, and only what goes
//           through runtime/access/ is held to them
#ifndef FLUSHDEP_RUNTIME_MEMORY_BACKEND_H_
#define FLUSHDEP_RUNTIME_MEMORY_BACKEND_H_

#include <cstdint>

#include "checker/model/options.h"
#include "runtime/machine/limits.h"

namespace flushdep {

// What a SIGBUS on a direct-map address means.
enum class BusError : uint8_t {
  Trap,             // the page is not in the direct map
  Retry,            // it is; the host had lost the entry, and has it again
  HostOutOfMemory,  // it is, but the host cannot give it any memory
};

struct MemoryBackend {
  // Reserves the window; the whole direct map is present afterwards. Ends the process on failure.
  void (*boot)(uint64_t pfns);
  // Makes [pfn, pfn + npages) of the direct map (not) accessible. All calls are serialised. 0, or
  // -ENOMEM at a limit of the host's; the range may then be half changed, and
  // the caller sets it right again page run by page run.
  int (*set_direct)(uint64_t pfn, uint64_t npages, bool valid);
  // Maps pages at an address of a mermap slice; `prot` as FLUSHDEP_MAP_*. 0 or -ENOMEM.
  int (*map)(uint64_t va, uint64_t pfn, uint64_t npages, unsigned prot);
  // The addresses trap from here on. Cannot fail.
  void (*unmap)(uint64_t va, uint64_t npages);
  // Makes the pages read as zero, through no simulated translation.
  void (*zero)(uint64_t pfn, uint64_t npages);
  // Where the host itself reaches a page, through no simulated translation: for the machine's own
  // reading and writing. Pages that follow each other do so there too.
  char* (*host)(uint64_t pfn);
  // Async-signal-safe, any thread.
  BusError (*bus_error)(uint64_t pfn);
  // fork(): copies memory; then either the copy is dropped, or it replaces the memory
  // of this process, with the whole direct map present and nothing else mapped.
  void (*clone_memory)();
  void (*drop_clone)();
  void (*adopt_clone)();
  // Do addresses of mermap slices reach their pages by themselves? If not, instrumented code uses
  // `host`.
  bool real_mappings;
};

extern const MemoryBackend kMmuBackend;
extern const MemoryBackend kModelBackend;

// Where the host reaches all of physical memory; set by a backend's boot.
struct HostMemory {
  char* start;
  uint64_t bytes;
};
extern constinit HostMemory g_host_memory;

inline char* HostAddress(uint64_t pfn) { return g_host_memory.start + pfn * kPageBytes; }
inline bool InHostMemory(uint64_t va) {
  return va - reinterpret_cast<uint64_t>(g_host_memory.start) < g_host_memory.bytes;
}

// Chooses and boots.
void BootBackend(Backend choice, uint64_t pfns);
const MemoryBackend& GetBackend();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MEMORY_BACKEND_H_
