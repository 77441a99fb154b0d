// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/machine/sync/lock.h"

#include <limits.h>

#include "checker/report/reporter.h"
#include "runtime/machine/sync/describe.h"
#include "runtime/machine/sync/emit.h"
#include "runtime/machine/sync/wait.h"

namespace flushdep {
namespace {

// The word: number of readers, or the writer; and whether a release has to wake.
constexpr uint32_t kWriter = 1u << 31;
constexpr uint32_t kWaiters = 1u << 30;

constexpr uint32_t InTheWayOf(LockMode mode) {
  return mode == LockMode::Exclusive ? ~kWaiters : kWriter;
}

// `extra` is kWaiters from whoever waited: others may still do.
bool TryWord(uint32_t* word, LockMode mode, uint32_t extra) {
  uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
  for (;;) {
    if ((seen & InTheWayOf(mode)) != 0) return false;
    uint32_t next = (mode == LockMode::Exclusive ? seen | kWriter : seen + 1) | extra;
    if (__atomic_compare_exchange_n(word, &seen, next, true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return true;
  }
}

// Asks to be woken. The word to sleep on, or 0 if the lock is to be had.
uint32_t MarkWaiting(uint32_t* word, LockMode mode) {
  uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
  while ((seen & InTheWayOf(mode)) != 0) {
    if ((seen & kWaiters) != 0) return seen;
    if (__atomic_compare_exchange_n(word, &seen, seen | kWaiters, true, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED))
      return seen | kWaiters;
  }
  return 0;
}

// One atomic operation lets go: afterwards the lock's memory may be anybody's.
void LeaveWord(uint32_t* word, LockMode mode, uint32_t readers) {
  uint32_t seen = kWriter;
  if (mode == LockMode::Exclusive) {
    seen = __atomic_exchange_n(word, readers, __ATOMIC_RELEASE);
  } else {
    seen = __atomic_load_n(word, __ATOMIC_RELAXED);
    uint32_t next;
    do {
      next = seen - 1;
      if ((next & ~kWaiters) == 0) next = 0;
    } while (
        !__atomic_compare_exchange_n(word, &seen, next, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
    if (next != 0) return;
  }
  if ((seen & kWaiters) != 0) WakeWord(word, INT_MAX);
}

uint64_t ClassOf(const flushdep_lock* lock) {
  return lock->key != nullptr ? reinterpret_cast<uint64_t>(lock->key)
                              : reinterpret_cast<uint64_t>(lock);
}

void EmitLock(uint32_t op, const flushdep_lock* lock, uint32_t subclass, uint64_t seq,
              const Call& call) {
  EmitSync(op, SyncObject{reinterpret_cast<uint64_t>(lock), ClassOf(lock), subclass, seq}, call);
}

// Whoever holds it alone counts without an atomic operation.
uint64_t NextSeq(flushdep_lock* lock, LockMode mode) {
  if (mode == LockMode::Shared) return __atomic_add_fetch(&lock->seq, 1, __ATOMIC_RELAXED);
  uint64_t seq = __atomic_load_n(&lock->seq, __ATOMIC_RELAXED) + 1;
  __atomic_store_n(&lock->seq, seq, __ATOMIC_RELAXED);
  return seq;
}

// A lock that was never initialised tells its name with its first operation.
// `mode`: how it is held meanwhile.
void EmitOperation(uint32_t op, LockMode mode, flushdep_lock* lock, uint32_t subclass,
                   const Call& call) {
  uint64_t seq = NextSeq(lock, mode);
  if (seq == 1 && lock->key == nullptr && lock->name != nullptr)
    EmitName(ClassOf(lock), FLUSHDEP_EV_SYNC, lock->name, call);
  EmitLock(op, lock, subclass, seq, call);
}

[[noreturn]] void DieOfRecursion(const flushdep_lock* lock, const HeldLock* held,
                                 const Call& call) {
  Text text;
  text << "thread " << t_thread.id << " waits for itself in ";
  AppendCall(text, call);
  text << " for ";
  if (held != nullptr) {
    AppendHeld(text, *held);
  } else {
    AppendLock(text, lock);
    text << ", taken at ";
    text.Hex(__atomic_load_n(&lock->site, __ATOMIC_RELAXED));
  }
  text << " in the same thread";
  Die(4, text.view());
}

void CheckRecursion(SyncThread& self, const flushdep_lock* lock, LockMode mode, const Call& call) {
  const HeldLock* held = FindHeld(self, lock);
  bool owns = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == self.id;
  if (owns || (held != nullptr && mode == LockMode::Exclusive)) DieOfRecursion(lock, held, call);
}

void WaitForLock(SyncThread& self, flushdep_lock* lock, LockUse use, const Call& call) {
  Waiter waiter = {};
  waiter.what = Waiter::For::Lock;
  waiter.mode = use.mode;
  waiter.lock = lock;
  waiter.call = call;
  waiter.self = &self;
  BeginWait(waiter);
  while (!TryWord(&lock->word, use.mode, kWaiters)) {
    uint32_t seen = MarkWaiting(&lock->word, use.mode);
    if (seen == 0) continue;
    CheckHolder(waiter);
    if (use.sleeps)
      SleepOnLock(lock, seen, call);
    else
      SpinOnLock(lock, seen, call);
  }
  EndWait(waiter);
}

void Took(SyncThread& self, flushdep_lock* lock, LockMode mode, unsigned subclass,
          const Call& call) {
  if (mode == LockMode::Exclusive) {
    __atomic_store_n(&lock->owner, self.id, __ATOMIC_RELAXED);
    __atomic_store_n(&lock->site, call.site, __ATOMIC_RELAXED);
  }
  PushHeld(self, {lock, call.site, static_cast<uint16_t>(subclass), call.reason, mode});
  uint32_t op = mode == LockMode::Exclusive ? FLUSHDEP_SYNC_LOCK : FLUSHDEP_SYNC_LOCK_SHARED;
  EmitOperation(op, mode, lock, subclass, call);
}

[[noreturn]] void DieOfUnlock(const flushdep_lock* lock, const Call& call) {
  uint32_t owner = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);
  Text text;
  text << "thread " << t_thread.id << " calls ";
  AppendCall(text, call);
  text << " for ";
  AppendLock(text, lock);
  if (owner != 0) {
    text << ", taken at ";
    text.Hex(__atomic_load_n(&lock->site, __ATOMIC_RELAXED)) << " by thread " << owner;
  } else {
    text << (IsLocked(lock) ? ", which others hold as readers" : ", which nobody holds");
  }
  Die(4, text.view());
}

// The entry of a lock that is about to be let go; null if it is held beyond the limit.
HeldLock* CheckHeld(SyncThread& self, const flushdep_lock* lock, LockMode mode, const Call& call) {
  HeldLock* held = FindHeld(self, lock);
  if (held != nullptr && held->mode == mode) return held;
  bool owns = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == self.id;
  bool may_be_untracked =
      self.untracked > 0 && IsLocked(lock) && owns == (mode == LockMode::Exclusive);
  if (held != nullptr || !may_be_untracked) DieOfUnlock(lock, call);
  return nullptr;
}

}  // namespace

void InitLock(flushdep_lock* lock, const char* name, flushdep_lock_key* key, const Call& call) {
  *lock = {0, 0, 0, 0, key, name};
  EmitLock(FLUSHDEP_SYNC_RESET, lock, 0, 0, call);
  bool named = key != nullptr && __atomic_exchange_n(&key->named, 1, __ATOMIC_RELAXED) != 0;
  if (key != nullptr && name != nullptr && !named)
    EmitName(ClassOf(lock), FLUSHDEP_EV_SYNC, name, call);
}

void TakeLock(flushdep_lock* lock, LockUse use, unsigned subclass, const Call& call) {
  SyncThread& self = SyncSelf();
  // The order of locks counts where nobody happens to wait too.
  bool told = IrqsOff() || self.held_count > 0;
  if (told) EmitLock(FLUSHDEP_SYNC_LOCK_WAIT, lock, subclass, 0, call);
  if (!TryWord(&lock->word, use.mode, 0)) {
    CheckRecursion(self, lock, use.mode, call);
    if (!told) EmitLock(FLUSHDEP_SYNC_LOCK_WAIT, lock, subclass, 0, call);
    WaitForLock(self, lock, use, call);
  }
  Took(self, lock, use.mode, subclass, call);
}

bool TryTakeLock(flushdep_lock* lock, LockMode mode, unsigned subclass, const Call& call) {
  SyncThread& self = SyncSelf();
  if (!TryWord(&lock->word, mode, 0)) return false;
  Took(self, lock, mode, subclass, call);
  return true;
}

void ReleaseLock(flushdep_lock* lock, LockMode mode, const Call& call) {
  SyncThread& self = SyncSelf();
  HeldLock* held = CheckHeld(self, lock, mode, call);
  uint32_t subclass = held != nullptr ? held->subclass : 0;
  uint32_t op = mode == LockMode::Exclusive ? FLUSHDEP_SYNC_UNLOCK : FLUSHDEP_SYNC_UNLOCK_SHARED;
  EmitOperation(op, mode, lock, subclass, call);
  if (held != nullptr)
    RemoveHeld(self, held);
  else
    self.untracked--;
  if (mode == LockMode::Exclusive) __atomic_store_n(&lock->owner, 0, __ATOMIC_RELAXED);
  LeaveWord(&lock->word, mode, 0);
}

void DowngradeLock(flushdep_lock* lock, const Call& call) {
  SyncThread& self = SyncSelf();
  HeldLock* held = CheckHeld(self, lock, LockMode::Exclusive, call);
  uint32_t subclass = held != nullptr ? held->subclass : 0;
  EmitOperation(FLUSHDEP_SYNC_UNLOCK, LockMode::Exclusive, lock, subclass, call);
  if (held != nullptr) held->mode = LockMode::Shared;
  __atomic_store_n(&lock->owner, 0, __ATOMIC_RELAXED);
  EmitOperation(FLUSHDEP_SYNC_LOCK_SHARED, LockMode::Exclusive, lock, subclass, call);
  LeaveWord(&lock->word, LockMode::Exclusive, 1);
}

bool ReleaseAllLocks(const void* frame, const Call& call) {
  // What lies this little below a frame is a stack's, and now partly ours.
  constexpr uint64_t kStackBytes = 1u << 20;
  SyncThread& self = SyncSelf();
  bool any = self.held_count > 0;
  while (self.held_count > 0) {
    HeldLock& held = self.held[self.held_count - 1];
    uint64_t below = reinterpret_cast<uint64_t>(frame) - reinterpret_cast<uint64_t>(held.lock);
    if (below < kStackBytes)
      RemoveHeld(self, &held);
    else
      ReleaseLock(const_cast<flushdep_lock*>(held.lock), held.mode, call);
  }
  self.untracked = 0;
  return any;
}

bool IsLocked(const flushdep_lock* lock) {
  return (__atomic_load_n(&lock->word, __ATOMIC_RELAXED) & ~kWaiters) != 0;
}

}  // namespace flushdep
