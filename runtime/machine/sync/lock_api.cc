// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep_sync.h: spinlocks, rwlocks, mutexes, rwsems. A spinning lock goes around the
// lock itself with what it disables, in the kernel's order.
#include "runtime/machine/sync/emit.h"
#include "runtime/machine/sync/lock.h"
#include "runtime/machine/sync/rcu.h"

using flushdep::Api;
using flushdep::Call;
using flushdep::LockMode;

namespace {

constexpr flushdep::LockUse kSpin = {LockMode::Exclusive, false};
constexpr flushdep::LockUse kSpinShared = {LockMode::Shared, false};
constexpr flushdep::LockUse kSleep = {LockMode::Exclusive, true};
constexpr flushdep::LockUse kSleepShared = {LockMode::Shared, true};

// What is off besides preemption while the lock is held.
enum class Off { Preempt, Bh, Irqs };

// True if interrupts were off before.
bool Enter(Off off, const Call& call) {
  const Call internal = call.Internal(call.reason);
  bool were_off = off == Off::Irqs && flushdep::IrqSave(internal);
  if (off == Off::Bh) flushdep::BhDisable(internal);
  flushdep::PreemptDisable(internal);
  return were_off;
}

void Leave(Off off, bool were_off, const Call& call) {
  const Call internal = call.Internal(call.reason);
  if (off == Off::Irqs) flushdep::IrqRestore(were_off, internal);
  flushdep::PreemptEnable(internal);
  if (off == Off::Bh) flushdep::BhEnable(internal);
}

// Always inlined, so that FLUSHDEP_SITE is the API function's caller.
#define SPIN_LOCK(WHY, off, use, subclass, result)          \
  Api api(FLUSHDEP_WHY_##WHY, FLUSHDEP_SITE);               \
  bool were_off = Enter(Off::off, api.call);                \
  flushdep::TakeLock(&lock->lock, use, subclass, api.call); \
  return result(were_off)
#define SPIN_UNLOCK(WHY, off, use, were_off)                \
  Api api(FLUSHDEP_WHY_##WHY, FLUSHDEP_SITE);               \
  flushdep::ReleaseLock(&lock->lock, (use).mode, api.call); \
  Leave(Off::off, were_off, api.call)
#define SPIN_TRYLOCK(WHY, use)                                                  \
  Api api(FLUSHDEP_WHY_##WHY, FLUSHDEP_SITE);                                   \
  Enter(Off::Preempt, api.call);                                                \
  if (flushdep::TryTakeLock(&lock->lock, (use).mode, 0, api.call)) return true; \
  Leave(Off::Preempt, false, api.call);                                         \
  return false

}  // namespace

FLUSHDEP_API void flushdep_lock_init(flushdep_lock* lock, const char* name,
                                     flushdep_lock_key* key) {
  Api api(FLUSHDEP_WHY_LOCK_INIT, FLUSHDEP_SITE);
  flushdep::InitLock(lock, name, key, api.call);
}

FLUSHDEP_API bool flushdep_lock_is_held(const flushdep_lock* lock) {
  Api api(FLUSHDEP_WHY_NONE, FLUSHDEP_SITE);
  flushdep::SyncThread& self = flushdep::SyncSelf();
  if (flushdep::FindHeld(self, lock) != nullptr) return true;
  return self.untracked > 0 && flushdep::IsLocked(lock);
}

FLUSHDEP_API bool flushdep_sync_unwind(void) {
  Api api(FLUSHDEP_WHY_SYNC_UNWIND, FLUSHDEP_SITE);
  const Call internal = api.call.Internal(api.call.reason);
  bool locks = flushdep::ReleaseAllLocks(__builtin_frame_address(0), internal);
  bool readers = flushdep::LeaveReadSections(internal);
  bool context = flushdep::t_thread.context.irqs_off > 0 || flushdep::t_thread.context.bh > 0;
  if (flushdep::t_thread.context.irqs_off > 0) flushdep::IrqRestore(false, internal);
  while (flushdep::t_thread.context.bh > 0) flushdep::BhEnable(internal);
  return locks || readers || context;
}

// --- Spinlocks

FLUSHDEP_API void flushdep_spin_lock(flushdep_spinlock* lock) {
  SPIN_LOCK(SPIN_LOCK, Preempt, kSpin, 0, void);
}
FLUSHDEP_API void flushdep_spin_lock_nested(flushdep_spinlock* lock, unsigned subclass) {
  SPIN_LOCK(SPIN_LOCK, Preempt, kSpin, subclass, void);
}
FLUSHDEP_API bool flushdep_spin_trylock(flushdep_spinlock* lock) {
  SPIN_TRYLOCK(SPIN_TRYLOCK, kSpin);
}
FLUSHDEP_API void flushdep_spin_unlock(flushdep_spinlock* lock) {
  SPIN_UNLOCK(SPIN_UNLOCK, Preempt, kSpin, false);
}
FLUSHDEP_API bool flushdep_spin_is_locked(const flushdep_spinlock* lock) {
  return flushdep::IsLocked(&lock->lock);
}

FLUSHDEP_API void flushdep_spin_lock_bh(flushdep_spinlock* lock) {
  SPIN_LOCK(SPIN_LOCK, Bh, kSpin, 0, void);
}
FLUSHDEP_API void flushdep_spin_unlock_bh(flushdep_spinlock* lock) {
  SPIN_UNLOCK(SPIN_UNLOCK, Bh, kSpin, false);
}
FLUSHDEP_API void flushdep_spin_lock_irq(flushdep_spinlock* lock) {
  SPIN_LOCK(SPIN_LOCK, Irqs, kSpin, 0, void);
}
FLUSHDEP_API void flushdep_spin_unlock_irq(flushdep_spinlock* lock) {
  SPIN_UNLOCK(SPIN_UNLOCK, Irqs, kSpin, false);
}
FLUSHDEP_API unsigned long flushdep_spin_lock_irqsave(flushdep_spinlock* lock) {
  SPIN_LOCK(SPIN_LOCK, Irqs, kSpin, 0, static_cast<unsigned long>);
}
FLUSHDEP_API unsigned long flushdep_spin_lock_irqsave_nested(flushdep_spinlock* lock,
                                                             unsigned subclass) {
  SPIN_LOCK(SPIN_LOCK, Irqs, kSpin, subclass, static_cast<unsigned long>);
}
FLUSHDEP_API bool flushdep_spin_trylock_irqsave(flushdep_spinlock* lock, unsigned long* flags) {
  Api api(FLUSHDEP_WHY_SPIN_TRYLOCK, FLUSHDEP_SITE);
  *flags = Enter(Off::Irqs, api.call);
  if (flushdep::TryTakeLock(&lock->lock, LockMode::Exclusive, 0, api.call)) return true;
  Leave(Off::Irqs, *flags != 0, api.call);
  return false;
}
FLUSHDEP_API void flushdep_spin_unlock_irqrestore(flushdep_spinlock* lock, unsigned long flags) {
  SPIN_UNLOCK(SPIN_UNLOCK, Irqs, kSpin, flags != 0);
}

// --- Spinning reader-writer locks

FLUSHDEP_API void flushdep_read_lock(flushdep_rwlock* lock) {
  SPIN_LOCK(READ_LOCK, Preempt, kSpinShared, 0, void);
}
FLUSHDEP_API bool flushdep_read_trylock(flushdep_rwlock* lock) {
  SPIN_TRYLOCK(READ_TRYLOCK, kSpinShared);
}
FLUSHDEP_API void flushdep_read_unlock(flushdep_rwlock* lock) {
  SPIN_UNLOCK(READ_UNLOCK, Preempt, kSpinShared, false);
}
FLUSHDEP_API void flushdep_write_lock(flushdep_rwlock* lock) {
  SPIN_LOCK(WRITE_LOCK, Preempt, kSpin, 0, void);
}
FLUSHDEP_API bool flushdep_write_trylock(flushdep_rwlock* lock) {
  SPIN_TRYLOCK(WRITE_TRYLOCK, kSpin);
}
FLUSHDEP_API void flushdep_write_unlock(flushdep_rwlock* lock) {
  SPIN_UNLOCK(WRITE_UNLOCK, Preempt, kSpin, false);
}
FLUSHDEP_API unsigned long flushdep_read_lock_irqsave(flushdep_rwlock* lock) {
  SPIN_LOCK(READ_LOCK, Irqs, kSpinShared, 0, static_cast<unsigned long>);
}
FLUSHDEP_API void flushdep_read_unlock_irqrestore(flushdep_rwlock* lock, unsigned long flags) {
  SPIN_UNLOCK(READ_UNLOCK, Irqs, kSpinShared, flags != 0);
}
FLUSHDEP_API unsigned long flushdep_write_lock_irqsave(flushdep_rwlock* lock) {
  SPIN_LOCK(WRITE_LOCK, Irqs, kSpin, 0, static_cast<unsigned long>);
}
FLUSHDEP_API void flushdep_write_unlock_irqrestore(flushdep_rwlock* lock, unsigned long flags) {
  SPIN_UNLOCK(WRITE_UNLOCK, Irqs, kSpin, flags != 0);
}

// --- Mutexes

FLUSHDEP_API void flushdep_mutex_lock(flushdep_mutex* mutex) {
  Api api(FLUSHDEP_WHY_MUTEX_LOCK, FLUSHDEP_SITE);
  flushdep::CheckMaySleep(api.call);
  flushdep::TakeLock(&mutex->lock, kSleep, 0, api.call);
}
FLUSHDEP_API void flushdep_mutex_lock_nested(flushdep_mutex* mutex, unsigned subclass) {
  Api api(FLUSHDEP_WHY_MUTEX_LOCK, FLUSHDEP_SITE);
  flushdep::CheckMaySleep(api.call);
  flushdep::TakeLock(&mutex->lock, kSleep, subclass, api.call);
}
FLUSHDEP_API bool flushdep_mutex_trylock(flushdep_mutex* mutex) {
  Api api(FLUSHDEP_WHY_MUTEX_TRYLOCK, FLUSHDEP_SITE);
  flushdep::CheckInTask(api.call);
  return flushdep::TryTakeLock(&mutex->lock, LockMode::Exclusive, 0, api.call);
}
FLUSHDEP_API void flushdep_mutex_unlock(flushdep_mutex* mutex) {
  Api api(FLUSHDEP_WHY_MUTEX_UNLOCK, FLUSHDEP_SITE);
  flushdep::CheckInTask(api.call);
  flushdep::ReleaseLock(&mutex->lock, LockMode::Exclusive, api.call);
}
FLUSHDEP_API bool flushdep_mutex_is_locked(const flushdep_mutex* mutex) {
  return flushdep::IsLocked(&mutex->lock);
}

// --- Reader-writer semaphores

FLUSHDEP_API void flushdep_down_read(flushdep_rwsem* sem) {
  Api api(FLUSHDEP_WHY_DOWN_READ, FLUSHDEP_SITE);
  flushdep::CheckMaySleep(api.call);
  flushdep::TakeLock(&sem->lock, kSleepShared, 0, api.call);
}
FLUSHDEP_API void flushdep_down_read_nested(flushdep_rwsem* sem, unsigned subclass) {
  Api api(FLUSHDEP_WHY_DOWN_READ, FLUSHDEP_SITE);
  flushdep::CheckMaySleep(api.call);
  flushdep::TakeLock(&sem->lock, kSleepShared, subclass, api.call);
}
FLUSHDEP_API bool flushdep_down_read_trylock(flushdep_rwsem* sem) {
  Api api(FLUSHDEP_WHY_DOWN_READ_TRYLOCK, FLUSHDEP_SITE);
  return flushdep::TryTakeLock(&sem->lock, LockMode::Shared, 0, api.call);
}
FLUSHDEP_API void flushdep_up_read(flushdep_rwsem* sem) {
  Api api(FLUSHDEP_WHY_UP_READ, FLUSHDEP_SITE);
  flushdep::ReleaseLock(&sem->lock, LockMode::Shared, api.call);
}
FLUSHDEP_API void flushdep_down_write(flushdep_rwsem* sem) {
  Api api(FLUSHDEP_WHY_DOWN_WRITE, FLUSHDEP_SITE);
  flushdep::CheckMaySleep(api.call);
  flushdep::TakeLock(&sem->lock, kSleep, 0, api.call);
}
FLUSHDEP_API void flushdep_down_write_nested(flushdep_rwsem* sem, unsigned subclass) {
  Api api(FLUSHDEP_WHY_DOWN_WRITE, FLUSHDEP_SITE);
  flushdep::CheckMaySleep(api.call);
  flushdep::TakeLock(&sem->lock, kSleep, subclass, api.call);
}
FLUSHDEP_API bool flushdep_down_write_trylock(flushdep_rwsem* sem) {
  Api api(FLUSHDEP_WHY_DOWN_WRITE_TRYLOCK, FLUSHDEP_SITE);
  return flushdep::TryTakeLock(&sem->lock, LockMode::Exclusive, 0, api.call);
}
FLUSHDEP_API void flushdep_up_write(flushdep_rwsem* sem) {
  Api api(FLUSHDEP_WHY_UP_WRITE, FLUSHDEP_SITE);
  flushdep::ReleaseLock(&sem->lock, LockMode::Exclusive, api.call);
}
FLUSHDEP_API void flushdep_downgrade_write(flushdep_rwsem* sem) {
  Api api(FLUSHDEP_WHY_DOWNGRADE_WRITE, FLUSHDEP_SITE);
  flushdep::DowngradeLock(&sem->lock, api.call);
}
FLUSHDEP_API bool flushdep_rwsem_is_locked(const flushdep_rwsem* sem) {
  return flushdep::IsLocked(&sem->lock);
}
