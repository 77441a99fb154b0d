// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Did this happen before that, and not only earlier? Vector clocks over what
// synchronises: locks, atomics, completions, thread start and join, references, IPIs.
//
// Each thread has a clock with one component a thread slot. A release joins the
// thread's clock into the object's and advances the thread's own component; an acquire
// joins the object's into the thread's. An event is a Point, one component (the "epoch" of
// FastTrack, Flanagan and Freund, PLDI 2009): it happened before what a thread does
// now iff the thread's clock has reached it.
//
// Component 0, which is no thread's, carries the newest flush that returned.
//
// What is not known counts as ordered, so that a rule that needs "not ordered" stays silent:
// threads past the limit, threads that nobody was seen to start, objects past the limit.
//
// Locking: the caller's. Cost: O(threads seen at once) for release and acquire, O(1) for
// Before(). No heap; a slot of a thread that ended is used again and goes on counting.
#ifndef FLUSHDEP_CHECKER_MODEL_HAPPENS_BEFORE_H_
#define FLUSHDEP_CHECKER_MODEL_HAPPENS_BEFORE_H_

#include <cstdint>

#include "checker/model/flat_table.h"
#include "checker/model/hash_index.h"
#include "checker/model/limits.h"
#include "checker/model/threads.h"

namespace flushdep {

class HappensBefore {
 public:
  // A moment of one thread. Slot kNoThread: nobody knows.
  struct Point {
    ThreadSlot slot = kNoThread;
    uint32_t clock = 0;
  };

  explicit HappensBefore(LimitCounts& limits) : limits_(limits) {}
  // `snapshots`: how many clocks can be kept aside.
  bool Init(uint32_t snapshots);

  // `slot` is a new thread's. Started by `creator`, or, if that is kNoThread, by
  // somebody unknown: then all that was so far happened before.
  void Start(ThreadSlot slot, ThreadSlot creator);

  void Acquire(ThreadSlot slot, uint64_t object);
  void Release(ThreadSlot slot, uint64_t object);
  void Reset(uint64_t object);

  // What `from` did so far happened before what `to` does from now on.
  void Order(ThreadSlot from, ThreadSlot to);

  // The newest explicit flush whose return happened before what the thread does now.
  void NoteFlush(ThreadSlot slot, uint32_t sequence) {
    if (slot != kNoThread && sequence > Of(slot)[0]) Of(slot)[0] = sequence;
  }
  uint32_t FlushKnown(ThreadSlot slot) const { return Of(slot)[0]; }

  // Also without the lock: from the thread whose slot it is.
  Point Now(ThreadSlot slot) const {
    return {slot, slot == kNoThread ? 0 : __atomic_load_n(&Of(slot)[slot], __ATOMIC_RELAXED)};
  }
  bool Before(const Point& point, ThreadSlot slot) const;

  // Keeps the thread's clock of now in `place`, and asks it later.
  void Snapshot(ThreadSlot slot, uint32_t place);
  bool WasBefore(const Point& point, uint32_t place) const;

  uint32_t objects() const { return objects_.count(); }

 private:
  using Clock = uint32_t;
  Clock* Of(ThreadSlot slot) { return &threads_[size_t{slot} * width_]; }
  const Clock* Of(ThreadSlot slot) const { return &threads_[size_t{slot} * width_]; }
  Clock* OfObject(uint32_t object) { return &object_clocks_[size_t{object} * width_]; }
  void Join(Clock* into, const Clock* from);
  // The thread's own component goes on: what it did so far is one Point, what it does next another.
  void Advance(ThreadSlot slot);
  void JoinAll(ThreadSlot slot);

  LimitCounts& limits_;
  uint32_t width_ = 0;    // components of a clock
  uint32_t highest_ = 0;  // slots used so far are at most this
  HashIndex objects_;
  FlatTable<Clock> threads_;
  FlatTable<Clock> object_clocks_;
  FlatTable<Clock> snapshots_;  // component 0: whose, and how many
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_HAPPENS_BEFORE_H_
