// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A short lock for an address: makes an operation on an object of the program's and what is told
// of it one step, so that no acquire is told that did not see the release before it. A
// counter goes along, for `seq`. Leaves: only events are emitted under one.
#ifndef FLUSHDEP_RUNTIME_MACHINE_SYNC_STRIPE_H_
#define FLUSHDEP_RUNTIME_MACHINE_SYNC_STRIPE_H_

#include "runtime/machine/sync/emit.h"

namespace flushdep {

struct alignas(kApart) Stripe {
  Mutex lock;
  uint64_t seq = 0;
};

Stripe& StripeOf(const void* object);

class StripeLock {
 public:
  explicit StripeLock(const void* object) : object_(object), stripe_(StripeOf(object)) {
    stripe_.lock.Lock();
  }
  ~StripeLock() { stripe_.lock.Unlock(); }
  StripeLock(const StripeLock&) = delete;
  StripeLock& operator=(const StripeLock&) = delete;

  void Tell(uint32_t op, const Call& call) {
    EmitSync(op, SyncObject{reinterpret_cast<uint64_t>(object_), 0, 0, ++stripe_.seq}, call);
  }

 private:
  const void* object_;
  Stripe& stripe_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_SYNC_STRIPE_H_
