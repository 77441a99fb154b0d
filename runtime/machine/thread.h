// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine's view of the calling host thread: which CPU it runs on, in which
// mm, and how deeply nested. Only the thread itself touches it.
//
// A thread attaches at its first call: it gets the lowest free CPU and keeps
// that until it exits or migrates. More threads than CPUs end the process.
#ifndef FLUSHDEP_RUNTIME_MACHINE_THREAD_H_
#define FLUSHDEP_RUNTIME_MACHINE_THREAD_H_

#include <signal.h>

#include <cstdint>

#include "runtime/include/flushdep.h"
#include "runtime/machine/context.h"
#include "runtime/machine/mm.h"

namespace flushdep {

struct Thread {
  bool attached;
  uint32_t id;  // 1.., never reused
  uint32_t cpu;
  Mm* mm;  // null: a kernel thread's
  Context context;
  flushdep_oops_fn oops;
  void* oops_arg;
  void* alt_stack;  // ours, or null
  stack_t old_alt_stack;
};

extern constinit thread_local Thread t_thread;

// Attaches the calling thread; boots the machine if nobody did.
void AttachThread(uint64_t site);

inline Thread& Self(uint64_t site) {
  if (__builtin_expect(!t_thread.attached, 0)) AttachThread(site);
  return t_thread;
}

// Once, at boot: the key whose destructor detaches exiting threads.
void BootThreads();

// Moves the calling thread; see flushdep_cpu_migrate().
int MigrateThread(uint32_t cpu, const Call& call);
// The calling thread's mm becomes `mm` (null: kernel thread).
void SwitchThreadMm(Mm* mm, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_THREAD_H_
