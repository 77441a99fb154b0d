// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a thread gives its CPU up and gets one again.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SCHED_H_
#define FLUSHDEP_RUNTIME_MACHINE_SCHED_H_

namespace flushdep {

struct Call;

// Brackets a wait of the calling thread on the host, inside an API call: in between
// the thread does not run on its CPU and the call does not hold up a fork. Nothing of the
// machine may be touched in between.
void SleepBegin(const Call& call);
void SleepEnd(const Call& call);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SCHED_H_
