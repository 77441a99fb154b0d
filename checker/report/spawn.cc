// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/report/spawn.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace flushdep {
namespace {

constexpr long kAllSignals = 8;  // bytes of the kernel's signal mask

__attribute__((always_inline)) inline long RawCall(long number, long a = 0, long b = 0, long c = 0,
                                                   long d = 0) {
  register long r10 asm("r10") = d;
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
               : "rcx", "r11", "memory");
  return result;
}

template <typename T>
long Address(const T* pointer) {
  return reinterpret_cast<long>(pointer);
}

// In the child, which shares our memory and stack until it execs: nothing here
// may return, or call what is not inlined.
[[noreturn]] __attribute__((always_inline)) inline void BecomeHelper(const char* const* paths,
                                                                     char* const* argv, int fd) {
  RawCall(SYS_dup2, fd, STDIN_FILENO);
  RawCall(SYS_dup2, fd, STDOUT_FILENO);
  const long null = RawCall(SYS_open, Address("/dev/null"), O_WRONLY | O_CLOEXEC);
  if (null >= 0) RawCall(SYS_dup2, null, STDERR_FILENO);
  for (; *paths != nullptr; ++paths)
    RawCall(SYS_execve, Address(*paths), Address(argv), Address(environ));
  while (true) RawCall(SYS_exit, 127);
}

// Gives birth to the helper and dies: exec() makes SIGCHLD every process's exit
// signal, so a child of the program's own would be seen by its wait() after all.
[[noreturn]] __attribute__((always_inline)) inline void BecomeMiddle(const char* const* paths,
                                                                     char* const* argv, int fd) {
  const long helper = RawCall(SYS_clone, CLONE_VM | CLONE_VFORK);
  if (helper == 0) BecomeHelper(paths, argv, fd);
  while (true) RawCall(SYS_exit, helper > 0 ? 0 : 1);
}

}  // namespace

// As vfork() does it: all share one stack, and each waits for the next to be
// gone from it. Signals are off meanwhile (a handler of the program's must not
// run in a child) and stay off in the helper, which ends when its input does.
__attribute__((noinline)) bool SpawnHelper(const char* const* paths, char* const* argv, int fd) {
  uint64_t all = ~0ull;
  uint64_t before = 0;
  int status = -1;
  RawCall(SYS_rt_sigprocmask, SIG_BLOCK, Address(&all), Address(&before), kAllSignals);
  // No exit signal, so that not even a handler hears of it.
  const long middle = RawCall(SYS_clone, CLONE_VM | CLONE_VFORK);
  if (middle == 0) BecomeMiddle(paths, argv, fd);
  const long ended = middle > 0 ? RawCall(SYS_wait4, middle, Address(&status), __WCLONE) : -1;
  RawCall(SYS_rt_sigprocmask, SIG_SETMASK, Address(&before), 0, kAllSignals);
  return ended == middle && status == 0;
}

}  // namespace flushdep
