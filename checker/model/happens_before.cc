// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/happens_before.h"

namespace flushdep {

bool HappensBefore::Init(uint32_t snapshots) {
  width_ = limits_.Max(Limit::FollowedThreads) + 1;
  highest_ = 0;
  const uint32_t objects = limits_.Max(Limit::SyncObjects);
  return objects_.Init(objects) && threads_.Init(size_t{width_} * width_) &&
         object_clocks_.Init((size_t{objects} + 1) * width_) &&
         snapshots_.Init(size_t{snapshots} * width_);
}

void HappensBefore::Join(Clock* into, const Clock* from) {
  for (uint32_t i = 0; i <= highest_; ++i)
    if (from[i] > into[i]) into[i] = from[i];
}

void HappensBefore::Advance(ThreadSlot slot) {
  Clock* const mine = &Of(slot)[slot];
  __atomic_store_n(mine, *mine + 1, __ATOMIC_RELAXED);
}

// Everything that any thread did so far.
void HappensBefore::JoinAll(ThreadSlot slot) {
  Clock* const mine = Of(slot);
  for (ThreadSlot other = 1; other <= highest_; ++other) {
    const Clock theirs = Of(other)[other];
    if (theirs > mine[other]) mine[other] = theirs;
    if (Of(other)[0] > mine[0]) mine[0] = Of(other)[0];
    if (other != slot) Advance(other);
  }
}

void HappensBefore::Start(ThreadSlot slot, ThreadSlot creator) {
  if (slot == kNoThread) return;
  if (slot > highest_) highest_ = slot;
  // The component goes on where the slot's last thread left it, the rest is new.
  Clock* const mine = Of(slot);
  const Clock next = mine[slot] + 1;
  for (uint32_t i = 0; i <= highest_; ++i) mine[i] = 0;
  mine[slot] = next;
  if (creator == kNoThread)
    JoinAll(slot);
  else
    Order(creator, slot);
}

void HappensBefore::Order(ThreadSlot from, ThreadSlot to) {
  if (from == kNoThread || to == kNoThread || from == to) return;
  Join(Of(to), Of(from));
  Advance(from);
}

void HappensBefore::Acquire(ThreadSlot slot, uint64_t object) {
  if (slot == kNoThread) return;
  if (const uint32_t index = objects_.Find(object)) return Join(Of(slot), OfObject(index));
  // Nobody released it, unless it is one of those that we could not keep.
  if (limits_.Count(Limit::SyncObjects) != 0) JoinAll(slot);
}

void HappensBefore::Release(ThreadSlot slot, uint64_t object) {
  if (slot == kNoThread) return;
  uint32_t index = objects_.Find(object);
  if (index == 0) {
    index = objects_.Insert(object);
    if (index == 0) return limits_.Hit(Limit::SyncObjects);
    Clock* const fresh = OfObject(index);
    for (uint32_t i = 0; i < width_; ++i) fresh[i] = 0;
  }
  Join(OfObject(index), Of(slot));
  Advance(slot);
}

void HappensBefore::Reset(uint64_t object) {
  if (const uint32_t index = objects_.Find(object)) objects_.Erase(index);
}

bool HappensBefore::Before(const Point& point, ThreadSlot slot) const {
  if (point.slot == kNoThread || slot == kNoThread || point.slot == slot) return true;
  return Of(slot)[point.slot] >= point.clock;
}

void HappensBefore::Snapshot(ThreadSlot slot, uint32_t place) {
  Clock* const kept = &snapshots_[size_t{place} * width_];
  for (uint32_t i = 1; i <= highest_; ++i) kept[i] = Of(slot)[i];
  kept[0] = slot | highest_ << 16;
}

bool HappensBefore::WasBefore(const Point& point, uint32_t place) const {
  const Clock* const kept = &snapshots_[size_t{place} * width_];
  const ThreadSlot whose = kept[0] & 0xffff;
  if (point.slot == kNoThread || whose == kNoThread || whose == point.slot) return true;
  return point.slot <= kept[0] >> 16 && kept[point.slot] >= point.clock;
}

}  // namespace flushdep
