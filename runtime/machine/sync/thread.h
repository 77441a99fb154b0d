// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that the machine starts.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SYNC_THREAD_H_
#define FLUSHDEP_RUNTIME_MACHINE_SYNC_THREAD_H_

#include "runtime/machine/sync/state.h"

namespace flushdep {

// The calling thread's last words: all that it did happens before its join.
void FinishThread(flushdep_thread* thread, const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SYNC_THREAD_H_
