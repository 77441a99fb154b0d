// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The events that an API call causes, and the scope that every API call runs in.
#ifndef FLUSHDEP_RUNTIME_MACHINE_CALL_H_
#define FLUSHDEP_RUNTIME_MACHINE_CALL_H_

#include <cstdint>

#include "checker/event/events.h"
#include "checker/live/own_code.h"
#include "checker/model/hot_lives.h"
#include "runtime/machine/barrier.h"
#include "runtime/machine/cpu.h"
#include "runtime/machine/shootdown.h"
#include "runtime/machine/thread.h"

// Definition of an API function: visible, and a frame of its own.
#define FLUSHDEP_API extern "C" __attribute__((visibility("default"), noinline))
// The caller of the API function in which it is written.
#define FLUSHDEP_SITE reinterpret_cast<uint64_t>(__builtin_return_address(0))

namespace flushdep {

// Where the program makes the call that returns to `site`: what the kernel shim calls for it
// is done by the shim's caller. Itself where there is none, as in the shim's own threads.
uint64_t CallerOfTheShim(uint64_t site);
inline uint64_t ProgramsSite(uint64_t site) {
  return __builtin_expect(ReturnsToOurCode(site), 0) ? CallerOfTheShim(site) : site;
}

constexpr uint32_t FlagIf(bool condition, uint32_t flag) { return condition ? flag : 0; }

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

// Who tells, for the checker's short way in.
inline Who Here(const Call& call) {
  return {call.site, t_thread.id, static_cast<uint16_t>(t_thread.cpu), call.reason};
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

// Brackets an API call of the calling thread, which runs on its CPU from the start of the call on:
// it attaches, or waits for its turn, if need be. A fork waits until no call is under way,
// so that the child inherits a consistent machine and no held locks; nobody takes a thread's CPU
// inside a call. Calls do not nest.
//
// Alone on its CPU, a thread pays a store, two loads and two branches of its own data for it.
class Api {
 public:
  Api(uint16_t reason, uint64_t site) : call{ProgramsSite(site), reason, 0} { Enter(call); }
  ~Api() {
    Leave();
    if (__builtin_expect((t_thread.attention.load(std::memory_order_relaxed) & kOthersWait) != 0,
                         0))
      LeaveSlow(call);
  }
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  static void Enter(const Call& call) {
    t_thread.place.store(kInCall, kFastOrder);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (__builtin_expect((t_thread.attention.load(kFastOrder) & kSlowEntry) != 0, 0))
      EnterSlow(call);
  }
  static void Enter() { Enter({0, FLUSHDEP_WHY_NONE, 0}); }
  // Without giving the CPU to those that wait for it.
  static void Leave() { t_thread.place.store(kOutside, std::memory_order_release); }

  const Call call;

 private:
  static void EnterSlow(const Call& call);
  static void LeaveSlow(const Call& call);
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_CALL_H_
