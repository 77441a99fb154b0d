// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flushes on other CPUs, by IPI. A CPU with interrupts on takes one at once: whoever sends it
// acts for the target, under the target's lock, and waits for no thread; it does not matter whether
// the target's thread is in the program's own code, or whether there is one. A CPU with interrupts
// off has the shootdown pending, and its own thread takes it when it turns them on again. The
// sender waits for that, on its CPU.
//
// A CPU runs one thread, and that waits for its flush; so there is at most one shootdown per
// sending CPU, and the pending ones of a CPU are a set of CPUs. As no CPU with interrupts on has
// anything pending, a sender that waits serves what comes in by not being asked.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SHOOTDOWN_H_
#define FLUSHDEP_RUNTIME_MACHINE_SHOOTDOWN_H_

#include <atomic>
#include <cstdint>

#include "checker/event/events.h"

struct flushdep_mm;

namespace flushdep {

// What an API call carries down to the events it causes.
struct Call {
  uint64_t site;    // return address into the program
  uint16_t reason;  // enum flushdep_reason
  uint16_t flags;   // enum flushdep_event_flag

  // The same call, doing something of the machine's own.
  Call Internal(uint16_t other_reason) const {
    return {site, other_reason, static_cast<uint16_t>(flags | FLUSHDEP_F_INTERNAL)};
  }
};

struct Shootdown {
  flushdep_event_flush flush;
  flushdep_mm* mm;
  Call call;
  uint32_t thread;
  std::atomic<uint32_t> unanswered;  // CPUs that have it pending
};

// Makes it the calling thread's CPU's.
Shootdown& NewShootdown(const flushdep_event_flush& flush, flushdep_mm* mm, const Call& call);
// Under the lock of `cpu`: does it there, or leaves it pending.
void SendShootdown(uint32_t cpu, Shootdown& shootdown);
// Returns when every CPU has done it. No lock may be held. A wait that cannot end ends the process.
void AwaitShootdown(Shootdown& shootdown);

// Under the lock of `cpu`, which has just turned interrupts on: takes what is pending.
void TakeShootdowns(uint32_t cpu);
bool ShootdownPending(uint32_t cpu);
// In the child of a fork: whoever waited is gone.
void ForgetShootdowns();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SHOOTDOWN_H_
