// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stacks of the running program.
//
// CaptureFast() follows frame pointers within the thread's own stack: some ten
// instructions a frame, never faults, stops early in code without frame pointers.
// CaptureThorough() uses the unwind tables, CaptureAtTrap() the same from inside
// the handler of the signal whose ucontext it is given. The unwinder is the compiler's own
// (libgcc_eh, prelinked and hidden): Debian's libunwind.a is not position independent, so it
// cannot be part of a PIE (docs/decisions.md). It finds tables through
// _dl_find_object(), which takes no lock and is async-signal-safe.
//
// Frames of flushdep itself (runtime, checker and kernel shim, which are linked
// into one section) are left out at the top, so that pcs[0] returns to the
// program's call; where they come again (a test runner, a thread's start) the
// stack ends.
#ifndef FLUSHDEP_CHECKER_LIVE_UNWIND_H_
#define FLUSHDEP_CHECKER_LIVE_UNWIND_H_

#include <cstdint>

#include "checker/model/stack_depot.h"

namespace flushdep {

// `site`: the return address of the API call, where the caller knows it.
uint32_t CaptureFast(uint64_t site, uint64_t* pcs, uint32_t max);
uint32_t CaptureThorough(uint64_t site, uint64_t* pcs, uint32_t max);
// The stack at an API call that returns to `site`, kept in `depot`: CaptureFast(), but one that
// was seen on the CPU lately is only compared with what it was then, at two loads a frame. Only the
// caller runs on `cpu`.
StackId StackHere(uint64_t site, uint32_t cpu, uint32_t max, StackDepot& depot);
// `jumped`: the trap was a jump to where no code is.
uint32_t CaptureAtTrap(const void* ucontext, bool jumped, uint64_t* pcs, uint32_t max);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_LIVE_UNWIND_H_
