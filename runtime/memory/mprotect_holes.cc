// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Holes by PROT_NONE: works everywhere, and nowhere for many scattered pages.
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/machine/layout.h"
#include "runtime/memory/holes.h"

namespace flushdep {
namespace {

bool Probe() { return true; }
void Start(uint64_t) {}

int Set(uint64_t pfn, uint64_t npages, bool valid) {
  const long prot = valid ? PROT_READ | PROT_WRITE : PROT_NONE;
  if (syscall(SYS_mprotect, DirectMapAddress(pfn), npages * kPageBytes, prot) == 0) return 0;
  SayHoleRefused(kMprotectHoles, errno);
  return -ENOMEM;
}

BusError ExplainBusError(uint64_t) { return BusError::HostOutOfMemory; }
bool MayPunch(uint64_t, uint64_t) { return true; }

}  // namespace

const HoleMaker kMprotectHoles = {
    .name = "mprotect",
    .missing = "",
    .probe = Probe,
    .start = Start,
    .set = Set,
    .bus_error = ExplainBusError,
    .may_punch = MayPunch,
};

}  // namespace flushdep
