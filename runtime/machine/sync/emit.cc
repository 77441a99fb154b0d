// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/sync/emit.h"

#include <string.h>

namespace flushdep {

static_assert(int{FLUSHDEP_WHY_SYNC_FIRST} >= int{FLUSHDEP_WHY_USER} &&
                  int{FLUSHDEP_WHY_SYNC_END} <= 0xffff,
              "reasons of our own");

void EmitSync(uint32_t op, const SyncObject& object, const Call& call) {
  flushdep_event event = NewEvent(FLUSHDEP_EV_SYNC, call);
  event.u.sync.object = object.object;
  event.u.sync.lock_class = object.lock_class;
  event.u.sync.op = op;
  event.u.sync.subclass = object.subclass;
  event.u.sync.seq = object.seq;
  Emit(event);
}

void EmitName(uint64_t object, uint32_t kind, const char* name, const Call& call) {
  constexpr size_t kPiece = sizeof(flushdep_event_name{}.text);
  size_t length = strlen(name);
  // The last piece ends in zero, so that a full one is never the last.
  for (size_t index = 0; index <= length; index += kPiece) {
    flushdep_event event = NewEvent(FLUSHDEP_EV_NAME, call);
    event.u.name.object = object;
    event.u.name.kind = kind;
    event.u.name.index = static_cast<uint32_t>(index);
    size_t left = length - index;
    memcpy(event.u.name.text, name + index, left < kPiece ? left : kPiece);
    Emit(event);
  }
}

namespace {

// With its name before it: these calls are none that the checker knows.
void WrongHere(uint32_t what, const Call& call) {
  EmitName(call.reason, FLUSHDEP_EV_WRONG_CONTEXT, CallName(call.reason), call);
  EmitWrongContext(what, 0, call);
}

}  // namespace

void CheckMaySleep(const Call& call) {
  if (InAtomic())
    WrongHere(ContextReason(), call);
  else if (t_thread.context.rcu > 0)
    WrongHere(FLUSHDEP_CTX_RCU, call);
}

void CheckInTask(const Call& call) {
  if (!InTask()) WrongHere(ContextReason(), call);
}

const char* CallName(uint16_t reason) {
  switch (reason) {
#define NAME(NAME_, name)    \
  case FLUSHDEP_WHY_##NAME_: \
    return #name;
    FLUSHDEP_SYNC_CALLS(NAME)
#undef NAME
    default:
      return "?";
  }
}

}  // namespace flushdep
