// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens after a trapped access, outside the signal handler: reports are
// written, then the thread's oops handler runs or the process dies.
#ifndef FLUSHDEP_RUNTIME_ACCESS_OOPS_H_
#define FLUSHDEP_RUNTIME_ACCESS_OOPS_H_

#include <cstdint>

namespace flushdep {

// The trap under way on this thread: said by the trampoline if no rule did.
inline constexpr uint64_t kNoAddress = ~uint64_t{0};  // not canonical: the hardware names none
struct Trap {
  uint64_t va;
  uint64_t pc;
  const char* what;          // "load from", "store to", "jump to"
  uint64_t findings_before;  // ReportCount() when it began
};
extern thread_local Trap t_trap;

// Entered like a call from the faulting instruction, on the thread's own stack.
[[noreturn]] void OopsTrampoline();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_ACCESS_OOPS_H_
