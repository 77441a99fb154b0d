// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which classes of locks are awaited with interrupts off, and which are held
// across a cross-CPU flush: together, FD017. A CPU that waits for the lock with interrupts off
// never takes the IPI that the holder waits for.
//
// A wait passes on: who waits for M (interrupts off) waits also for what M's
// holder waits for. So an awaited class makes those awaited that are taken while it is held,
// along the recorded lock orders.
//
// As in lockdep, both halves need to be seen only once, at any time, and never together.
// Locking: the caller's. Cost: one lookup per lock operation; O(orders) when a class becomes
// awaited.
#ifndef FLUSHDEP_CHECKER_MODEL_LOCK_CLASSES_H_
#define FLUSHDEP_CHECKER_MODEL_LOCK_CLASSES_H_

#include <cstdint>

#include "checker/model/flat_table.h"
#include "checker/model/hash_index.h"
#include "checker/model/history.h"
#include "checker/model/limits.h"
#include "checker/model/threads.h"

namespace flushdep {

struct LockClass {
  // Names are cut off here.
  static constexpr uint32_t kNameBytes = 48;

  uint64_t key;
  bool awaited;  // with interrupts off, itself or through `through`
  bool flushed;  // held across a cross-CPU flush
  bool reported;
  uint32_t through;  // the class awaited with interrupts off whose holder waits for this; 0: itself
  uint32_t await_context;  // what had interrupts off there: enum flushdep_context
  Moment await_moment;
  Moment order_moment;  // when it was first wanted with `through` held
  Moment flush_moment;
  uint64_t taken_at;      // by who flushed: a return address; 0: not known
  uint32_t subclass;      // of copies: of the class that has the name
  char name[kNameBytes];  // ends in zero; empty: it has none
};

// A class of its own for each subclass of locks.
inline uint64_t LockClassKey(uint64_t lock_class, uint32_t subclass) {
  return lock_class + subclass * 0x9e3779b97f4a7c15ull;
}

class LockClasses {
 public:
  explicit LockClasses(LimitCounts& limits) : limits_(limits) {}
  bool Init();

  // `thread` is about to wait for a lock of class `key`, holding what it holds.
  // Returns the first class that is now both awaited and flushed under, or 0.
  uint32_t Await(const ThreadState& thread, uint64_t key, const Moment& now);
  // Is that the first time that it waits for such a lock with what it holds?
  bool IsNewOrder(const ThreadState& thread, uint64_t key) const;
  // `thread` issues a cross-CPU flush. The same.
  uint32_t Flush(const ThreadState& thread, const Moment& now);

  // A piece of a class's name, from byte `at` on.
  void SetName(uint64_t lock_class, uint32_t at, const char (&piece)[48]);

  // A copy; with the name of its class, if it is a subclass.
  LockClass At(uint32_t index) const;
  uint32_t count() const { return index_.count(); }
  uint32_t orders() const { return order_index_.count(); }

 private:
  static constexpr uint32_t kMaxSubclass = 8;  // as lockdep's

  uint32_t For(uint64_t key);
  uint32_t MarkAwaited(uint32_t index, uint32_t context, const Moment& now);
  void MarkAwaitedThrough(uint32_t order);
  uint32_t PassOn();
  uint32_t ReportIfBoth(uint32_t index);

  LimitCounts& limits_;
  HashIndex index_;
  HashIndex order_index_;     // held class, wanted class
  FlatTable<Moment> orders_;  // first seen
  FlatTable<LockClass> classes_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_LOCK_CLASSES_H_
