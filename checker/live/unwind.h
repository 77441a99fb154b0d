// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stacks of the running program.
//
// CaptureFast() follows frame pointers within the thread's own stack: some ten
// instructions a frame, never faults, stops early in code without frame pointers.
// CaptureThorough() uses libunwind and the unwind tables; CaptureAtTrap()
// the same from a signal's ucontext. All are async-signal-safe as far as libunwind is.
//
// Frames of flushdep itself (runtime, checker and kernel shim, which are linked
// into one section) are left out at the top, so that pcs[0] returns to the
// program's call.
#ifndef FLUSHDEP_CHECKER_LIVE_UNWIND_H_
#define FLUSHDEP_CHECKER_LIVE_UNWIND_H_

#include <cstdint>

namespace flushdep {

// `site`: the return address of the API call, where the caller knows it.
uint32_t CaptureFast(uint64_t site, uint64_t* pcs, uint32_t max);
uint32_t CaptureThorough(uint64_t site, uint64_t* pcs, uint32_t max);
uint32_t CaptureAtTrap(const void* ucontext, uint64_t* pcs, uint32_t max);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_LIVE_UNWIND_H_
