// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/barrier.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flushdep {
namespace {

constinit bool g_have_barrier = false;

bool Membarrier(long command) {
  const int saved = errno;
  const bool done = syscall(SYS_membarrier, command, 0l, 0l) == 0;
  errno = saved;
  return done;
}

}  // namespace

void BootBarrier() { g_have_barrier = Membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED); }
bool HaveBarrier() { return g_have_barrier; }

void Barrier() {
  if (g_have_barrier) Membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

}  // namespace flushdep
