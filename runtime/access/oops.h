// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens after a trapped access, outside the signal handler: reports are
// written, then the thread's oops handler runs or the process dies.
#ifndef FLUSHDEP_RUNTIME_ACCESS_OOPS_H_
#define FLUSHDEP_RUNTIME_ACCESS_OOPS_H_

namespace flushdep {

// Entered like a call from the faulting instruction, on the thread's own stack.
[[noreturn]] void OopsTrampoline();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_ACCESS_OOPS_H_
