// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Holes by guard markers. A marker replaces the entry in the host's page table, stays when
// the file's page goes, and costs no mapping; a fault on it is a plain SIGSEGV, and a system call
// that reaches it fails with EFAULT. What is taken away again is filled by ordinary faults.
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "checker/report/own_fd.h"
#include "runtime/machine/layout.h"
#include "runtime/memory/holes.h"
#include "runtime/memory/host.h"

namespace flushdep {
namespace {

// Younger than the C library's headers.
constexpr int kGuardInstall = 102;
constexpr int kGuardRemove = 103;

int Advise(uint64_t va, uint64_t bytes, int advice) {
  int error;
  do {
    error = RawAdvise(va, bytes, advice);
  } while (error == EINTR || error == EAGAIN);
  return error;
}

// Older kernels refuse the advice, or (6.13, 6.14) refuse it for files.
bool Probe() {
  int fd = MoveHigh(memfd_create("flushdep-probe", MFD_CLOEXEC));
  if (fd < 0) return false;
  bool works = false;
  uint64_t va = 0;
  if (ftruncate(fd, kPageBytes) == 0)
    va = RawMap(0, kPageBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  if (va != 0) {
    works = Advise(va, kPageBytes, kGuardInstall) == 0 && Advise(va, kPageBytes, kGuardRemove) == 0;
    munmap(reinterpret_cast<void*>(va), kPageBytes);
  }
  close(fd);
  return works;
}

void Start(uint64_t) {}

int Set(uint64_t pfn, uint64_t npages, bool valid) {
  int advice = valid ? kGuardRemove : kGuardInstall;
  int error = Advise(DirectMapAddress(pfn), npages * kPageBytes, advice);
  if (error == 0) return 0;
  SayHoleRefused(kGuardHoles, error);
  return -ENOMEM;
}

BusError ExplainBusError(uint64_t) { return BusError::HostOutOfMemory; }
bool MayPunch(uint64_t, uint64_t) { return true; }

}  // namespace

const HoleMaker kGuardHoles = {
    .name = "guard",
    .missing = "this host's kernel has no guard markers for file mappings (Linux 6.15 has)",
    .probe = Probe,
    .start = Start,
    .set = Set,
    .bus_error = ExplainBusError,
    .may_punch = MayPunch,
};

}  // namespace flushdep
