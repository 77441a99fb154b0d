// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory/host.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checker/report/reporter.h"
#include "runtime/include/flushdep.h"
#include "runtime/machine/text.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

namespace flushdep {

void DieOfHost(const char* what, int error) {
  Text text;
  text << what << " (" << strerrorname_np(error) << ")";
  Die(4, text.view());
}

uint64_t RawMap(uint64_t va, uint64_t bytes, int prot, int flags, int fd) {
  // syscall() takes words: a plain int would leave half of one undefined.
  long result = syscall(SYS_mmap, va, bytes, static_cast<long>(prot),
                        static_cast<long>(flags | MAP_NORESERVE), static_cast<long>(fd), 0l);
  if (result == -1) return 0;
  // An old kernel takes MAP_FIXED_NOREPLACE for a hint.
  if (va != 0 && static_cast<uint64_t>(result) != va) return errno = EEXIST, 0;
  return static_cast<uint64_t>(result);
}

int RawAdvise(uint64_t va, uint64_t bytes, int advice) {
  return syscall(SYS_madvise, va, bytes, static_cast<long>(advice)) == 0 ? 0 : errno;
}

void ReserveWindow(bool again) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | (again ? MAP_FIXED : MAP_FIXED_NOREPLACE);
  if (RawMap(FLUSHDEP_WINDOW_START, FLUSHDEP_WINDOW_END - FLUSHDEP_WINDOW_START, PROT_NONE, flags,
             -1) != 0)
    return;
  if (again) DieOfHost("cannot rebuild the simulated window after fork()", errno);
  DieOfHost(
      "cannot reserve 256 GiB of addresses at 0x7e8000000000; is something mapped there, or "
      "`ulimit -v` set?",
      errno);
}

}  // namespace flushdep
