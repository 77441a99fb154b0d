// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an API call carries down to the events it causes, and the scope that
// every API call runs in.
#ifndef FLUSHDEP_RUNTIME_MACHINE_CALL_H_
#define FLUSHDEP_RUNTIME_MACHINE_CALL_H_

#include <cstdint>

#include "checker/event/events.h"
#include "runtime/machine/cpu.h"
#include "runtime/machine/thread.h"

// Definition of an API function: visible, and a frame of its own.
#define FLUSHDEP_API extern "C" __attribute__((visibility("default"), noinline))
// The caller of the API function in which it is written.
#define FLUSHDEP_SITE reinterpret_cast<uint64_t>(__builtin_return_address(0))

namespace flushdep {

constexpr uint32_t FlagIf(bool condition, uint32_t flag) { return condition ? flag : 0; }

struct Call {
  uint64_t site;    // return address into the program
  uint16_t reason;  // enum flushdep_reason
  uint16_t flags;   // enum flushdep_event_flag

  // The same call, doing something of the machine's own.
  Call Internal(uint16_t other_reason) const {
    return {site, other_reason, static_cast<uint16_t>(flags | FLUSHDEP_F_INTERNAL)};
  }
};

// An event of `kind` done by the calling thread where it runs. All else is zero.
inline flushdep_event NewEvent(uint16_t kind, const Call& call) {
  flushdep_event event = {};
  event.kind = kind;
  event.flags = call.flags;
  event.reason = call.reason;
  event.site = call.site;
  event.cpu = t_thread.attached ? static_cast<uint16_t>(t_thread.cpu) : FLUSHDEP_NO_CPU;
  event.thread = t_thread.attached ? t_thread.id : 0;
  return event;
}

#if defined(FLUSHDEP_NO_HOOKS)
inline constexpr bool kHooks = false;
#else
inline constexpr bool kHooks = true;
#endif

// Tells the checker. Built with FLUSHDEP_NO_HOOKS the machine tells nothing, and the
// compiler drops what only an event needed: what benchmarks compare with.
inline void Emit(const flushdep_event& event) {
  if constexpr (kHooks) flushdep_emit(&event);
}

// Brackets an API call of the calling thread, attached if need be. A fork waits
// until no call is under way, so that the child inherits a consistent machine
// and no held locks. Calls do not nest.
class Api {
 public:
  Api(uint16_t reason, uint64_t site) : thread(Self(site)), call{site, reason, 0} { Enter(); }
  ~Api() { Leave(); }
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  static void Enter() {
    Cpu& cpu = g_machine.cpu[t_thread.cpu];
    cpu.busy.store(true, std::memory_order_seq_cst);
    if (__builtin_expect(g_machine.fork_pending.load(std::memory_order_seq_cst), 0)) EnterSlow(cpu);
  }
  static void Leave() { g_machine.cpu[t_thread.cpu].busy.store(false, std::memory_order_release); }

  Thread& thread;
  const Call call;

 private:
  static void EnterSlow(Cpu& cpu);
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_CALL_H_
