// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/lock_classes.h"

#include <cstring>

namespace flushdep {

bool LockClasses::Init() {
  const uint32_t max = limits_.Max(Limit::LockClasses);
  return index_.Init(max) && order_index_.Init(limits_.Max(Limit::LockOrders)) &&
         orders_.Init(size_t{order_index_.max()} + 1) && classes_.Init(size_t{max} + 1);
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

uint32_t LockClasses::MarkAwaited(uint32_t index, uint32_t context, const Moment& now) {
  if (classes_[index].awaited) return 0;
  classes_[index].awaited = true;
  classes_[index].await_context = context;
  classes_[index].await_moment = now;
  const uint32_t found = ReportIfBoth(index), further = PassOn();
  return found != 0 ? found : further;
}

// Who waits for the lock that is held in this order waits for the wanted one, too.
void LockClasses::MarkAwaitedThrough(uint32_t order) {
  const uint64_t key = order_index_.KeyOf(order);
  LockClass& wanted = classes_[static_cast<uint32_t>(key)];
  wanted.awaited = true;
  wanted.through = static_cast<uint32_t>(key >> 32);
  wanted.await_context = classes_[wanted.through].await_context;
  wanted.await_moment = classes_[wanted.through].await_moment;
  wanted.order_moment = orders_[order];
}

// Passes waits on to the classes that are taken under the awaited ones.
uint32_t LockClasses::PassOn() {
  uint32_t found = 0;
  for (bool more = true; more;) {
    more = false;
    for (uint32_t order = 1; order < order_index_.end(); ++order) {
      const uint64_t key = order_index_.KeyOf(order);
      const auto held = static_cast<uint32_t>(key >> 32), wanted = static_cast<uint32_t>(key);
      if (!classes_[held].awaited || classes_[wanted].awaited) continue;
      MarkAwaitedThrough(order);
      more = true;
      if (const uint32_t both = ReportIfBoth(wanted); found == 0) found = both;
    }
  }
  return found;
}

bool LockClasses::IsNewOrder(const ThreadState& thread, uint64_t key) const {
  const uint32_t wanted = index_.Find(key);
  for (uint32_t i = 0; i < thread.held_count; ++i) {
    const uint32_t held = index_.Find(thread.held[i].lock_class);
    const bool known = held != 0 && wanted != 0 &&
                       (held == wanted || order_index_.Find(uint64_t{held} << 32 | wanted) != 0);
    if (!known) return true;
  }
  return false;
}

uint32_t LockClasses::Await(const ThreadState& thread, uint64_t key, const Moment& now) {
  const uint32_t wanted = For(key);
  if (wanted == 0) return 0;
  uint32_t found = 0;
  if (thread.IrqsOff()) found = MarkAwaited(wanted, thread.AtomicContext(), now);
  for (uint32_t i = 0; i < thread.held_count; ++i) {
    const uint32_t held = For(thread.held[i].lock_class);
    const uint64_t key_of_order = uint64_t{held} << 32 | wanted;
    if (held == 0 || held == wanted || order_index_.Find(key_of_order) != 0) continue;
    const uint32_t order = order_index_.Insert(key_of_order);
    if (order == 0) {
      limits_.Hit(Limit::LockOrders);
      continue;
    }
    orders_[order] = now;
    const uint32_t both = classes_[held].awaited ? PassOn() : 0;
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
      classes_[index].taken_at = thread.held[i].site;
    }
    if (const uint32_t both = ReportIfBoth(index); found == 0) found = both;
  }
  return found;
}

}  // namespace flushdep
