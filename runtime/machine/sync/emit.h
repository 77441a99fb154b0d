// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SYNC events, names, and the check of those calls that may sleep.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SYNC_EMIT_H_
#define FLUSHDEP_RUNTIME_MACHINE_SYNC_EMIT_H_

#include "runtime/include/flushdep_sync.h"
#include "runtime/machine/call.h"

namespace flushdep {

struct SyncObject {
  uint64_t object;
  uint64_t lock_class = 0;
  uint32_t subclass = 0;
  uint64_t seq = 0;
};

void EmitSync(uint32_t op, const SyncObject& object, const Call& call);

inline void EmitSync(uint32_t op, const void* object, const Call& call) {
  EmitSync(op, SyncObject{reinterpret_cast<uint64_t>(object)}, call);
}

// NAME events: `name` for `object`, an id of events of kind `kind`.
void EmitName(uint64_t object, uint32_t kind, const char* name, const Call& call);

// Before an operation that may sleep: WRONG_CONTEXT where that is forbidden.
void CheckMaySleep(const Call& call);
// The same for what must only not be done in an interrupt.
void CheckInTask(const Call& call);

// The kernel's name of the call with a FLUSHDEP_WHY_* of flushdep_sync.h, for messages.
const char* CallName(uint16_t reason);

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SYNC_EMIT_H_
