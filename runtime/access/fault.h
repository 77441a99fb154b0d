// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fault handler: SIGSEGV and SIGBUS, on an alternate stack.
//
//   SIGSEGV in the window       ACCESS event, then OopsTrampoline on the
//                               thread's stack
//   SIGBUS in the window        an absent page where holes are made by userfaultfd: as
//                               above; else the host is out of memory: says so, dies by it
//   fault inside the checker    the checker's own bug: says so, writes raw what
//   or this handler             is queued, dies by the signal
//   fault in other code of ours says so, then as below
//   anything else               writes raw what is queued, then the handler
//                               that was installed before, or the default
//
// A program that installs a SIGSEGV handler of its own later takes all this away.
#ifndef FLUSHDEP_RUNTIME_ACCESS_FAULT_H_
#define FLUSHDEP_RUNTIME_ACCESS_FAULT_H_

namespace flushdep {

// Installs the handlers; once, at boot.
void BootFaultHandler();

// The calling thread's alternate stack; the one it had before comes back.
void InstallAltStack();
void RemoveAltStack();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_ACCESS_FAULT_H_
