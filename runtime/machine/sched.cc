// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/sched.h"

#include "runtime/machine/call.h"

namespace flushdep {

void SleepBegin(const Call&) { Api::Leave(); }
void SleepEnd(const Call&) { Api::Enter(); }

}  // namespace flushdep
