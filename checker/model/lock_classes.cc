// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/lock_classes.h"

#include <cstring>

namespace flushdep {

bool LockClasses::Init() {
  const uint32_t max = limits_.Max(Limit::LockClasses);
  return index_.Init(max) && order_index_.Init(limits_.Max(Limit::LockOrders)) &&
         classes_.Init(size_t{max} + 1);
}

uint32_t LockClasses::For(uint64_t key) {
  if (const uint32_t index = index_.Find(key)) return index;
  const uint32_t index = index_.Insert(key);
  if (index == 0)
    limits_.Hit(Limit::LockClasses);
  else
    classes_[index] = LockClass{}, classes_[index].key = key;
  return index;
}

void LockClasses::SetName(uint64_t lock_class, uint32_t at, const char (&piece)[48]) {
  const uint32_t index = For(lock_class);
  if (index == 0) return;
  char* const name = classes_[index].name;
  for (uint32_t i = 0; i < sizeof(piece) && at < LockClass::kNameBytes - 1; ++i)
    name[at++] = piece[i];
}

LockClass LockClasses::At(uint32_t index) const {
  LockClass copy = classes_[index];
  for (uint32_t subclass = 1; copy.name[0] == '\0' && subclass < kMaxSubclass; ++subclass) {
    const uint32_t base = index_.Find(copy.key - LockClassKey(0, subclass));
    if (base == 0 || classes_[base].name[0] == '\0') continue;
    copy.subclass = subclass;
    memcpy(copy.name, classes_[base].name, sizeof(copy.name));
  }
  return copy;
}

uint32_t LockClasses::ReportIfBoth(uint32_t index) {
  LockClass& c = classes_[index];
  if (!c.awaited || !c.flushed || c.reported) return 0;
  c.reported = true;
  return index;
}

// Passes the wait on to the classes that are taken under this one.
uint32_t LockClasses::MarkAwaited(uint32_t index, uint32_t through, const Moment& now) {
  if (classes_[index].awaited) return 0;
  classes_[index].awaited = true;
  classes_[index].through = through;
  classes_[index].await_moment = now;
  uint32_t found = ReportIfBoth(index);
  for (bool more = true; more;) {
    more = false;
    for (uint32_t order = 1; order < order_index_.end(); ++order) {
      const uint64_t key = order_index_.KeyOf(order);
      const auto held = static_cast<uint32_t>(key >> 32), wanted = static_cast<uint32_t>(key);
      LockClass& next = classes_[wanted];
      if (!classes_[held].awaited || next.awaited) continue;
      next.awaited = true;
      next.through = held;
      next.await_moment = classes_[held].await_moment;
      more = true;
      if (const uint32_t both = ReportIfBoth(wanted); found == 0) found = both;
    }
  }
  return found;
}

uint32_t LockClasses::Await(const ThreadState& thread, uint64_t key, const Moment& now) {
  const uint32_t wanted = For(key);
  if (wanted == 0) return 0;
  uint32_t found = 0;
  if (thread.IrqsOff()) found = MarkAwaited(wanted, 0, now);
  for (uint32_t i = 0; i < thread.held_count; ++i) {
    const uint32_t held = For(thread.held[i].lock_class);
    const uint64_t order = uint64_t{held} << 32 | wanted;
    if (held == 0 || held == wanted || order_index_.Find(order) != 0) continue;
    if (order_index_.Insert(order) == 0) {
      limits_.Hit(Limit::LockOrders);
      continue;
    }
    if (!classes_[held].awaited) continue;
    const uint32_t both = MarkAwaited(wanted, held, classes_[held].await_moment);
    if (found == 0) found = both;
  }
  return found;
}

uint32_t LockClasses::Flush(const ThreadState& thread, const Moment& now) {
  uint32_t found = 0;
  for (uint32_t i = 0; i < thread.held_count; ++i) {
    const uint32_t index = For(thread.held[i].lock_class);
    if (index == 0) continue;
    if (!classes_[index].flushed) {
      classes_[index].flushed = true;
      classes_[index].flush_moment = now;
    }
    if (const uint32_t both = ReportIfBoth(index); found == 0) found = both;
  }
  return found;
}

}  // namespace flushdep
