// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine's view of the calling host thread: which CPU it runs on, in which
// mm, and how deeply nested. Only the thread itself writes it, but for `attention`; the
// scheduler (sched.h) looks at a thread that is in no API call.
//
// A thread attaches at its first call: it gets the lowest free CPU, or shares one.
#ifndef FLUSHDEP_RUNTIME_MACHINE_THREAD_H_
#define FLUSHDEP_RUNTIME_MACHINE_THREAD_H_

#include <signal.h>

#include <atomic>
#include <cstdint>

#include "runtime/include/flushdep.h"
#include "runtime/machine/context.h"
#include "runtime/machine/mm.h"

namespace flushdep {

struct ThreadRecord;

// Why an API call takes the slow way in (kSlowEntry) or out.
enum Attention : uint32_t {
  kNotAttached = 1u << 0,
  kForkPending = 1u << 1,
  kOffCpu = 1u << 2,      // does not run on its CPU, or somebody is about to take that
  kNoBarrier = 1u << 3,   // the host has no membarrier()
  kOthersWait = 1u << 4,  // for this CPU
  kMoved = 1u << 5,       // off to another CPU, and not told so
  kSlowEntry = kNotAttached | kForkPending | kOffCpu | kNoBarrier,
};

enum Place : uint32_t {
  kOutside = 0,      // in the program's own code, or asleep
  kInCall = 1,       // in an API call: a fork waits for its end
  kWaitsInCall = 2,  // keeps its CPU, touches nothing: a fork does not wait
};

struct Thread {
  std::atomic<uint32_t> attention{kNotAttached};  // enum Attention
  std::atomic<uint32_t> place{kOutside};          // enum Place
  bool attached = false;
  bool borrows_mm = false;   // kthread_use_mm(): a reference to the mm, but no user of it
  bool starts_lazy = false;  // set before it attaches: a kernel thread, without an mm
  uint32_t id = 0;           // 1.., never reused
  uint32_t creator = 0;      // the thread that started it, 0 if the machine does not know
  uint32_t cpu = 0;
  uint32_t calls_left = 0;  // until others get the CPU, if any wait
  Mm* mm = nullptr;         // null: a kernel thread's
  Context context = {};
  ThreadRecord* record = nullptr;
  flushdep_oops_fn oops = nullptr;
  void* oops_arg = nullptr;
  void* alt_stack = nullptr;  // ours, or null
  stack_t old_alt_stack = {};
};

extern constinit thread_local Thread t_thread;

// Attaches the calling thread; boots the machine if nobody did. Returns when it runs
// on a CPU, inside an API call.
void AttachThread(uint64_t site);
// Attaches it, outside of any API call.
void AttachOutside(uint64_t site);

// For what only reads the thread's own state. It need not run on its CPU.
inline Thread& Self(uint64_t site) {
  if (__builtin_expect(!t_thread.attached, 0)) AttachOutside(site);
  return t_thread;
}

// Once, at boot: the key whose destructor detaches exiting threads.
void BootThreads();

void EmitThread(uint16_t kind, const Call& call);

// The calling thread's mm becomes `mm` (null: kernel thread).
void SwitchThreadMm(Mm* mm, const Call& call);
// kthread_use_mm(), kthread_unuse_mm(). 0 or -EINVAL, as flushdep.h says.
int BorrowMm(Mm* mm, const Call& call);
int ReturnMm(Mm* mm, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_THREAD_H_
