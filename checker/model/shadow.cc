// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/shadow.h"

namespace flushdep {

using namespace shadow_bits;

bool Shadow::Init(uint64_t pfns) {
  pool_free_ = 0;
  pool_next_ = 1;
  spilled_in_use_.store(0, std::memory_order_relaxed);
  max_spilled_ = limits_.Max(Limit::SpilledTranslations);
  max_per_page_ = limits_.Max(Limit::TranslationsPerPage);
  return pages_.Init(pfns) && pool_.Init(size_t{max_spilled_} + 1);
}

// The owner may be changing the entry by plain stores and so undo the lock: then it is
// taken again. Once it holds while the owner's hand is down, the owner sees it.
Shadow::Words Shadow::Guard::TakenFrom(Owner owner, PageEntry& entry, Words words) {
  if (g_bias.runner() != owner) {
    NoteTaken(owner);
    const Hand& hand = g_bias.HandOf(owner);
    while (true) {
      g_bias.barrier();
      unsigned spins = 0;
      while (hand.up.load(std::memory_order_acquire)) SpinPause(spins);
      if ((entry.state.load(std::memory_order_acquire) & kLock) != 0) break;
      Lock(entry);
    }
    words.state_ = entry.state.load(std::memory_order_relaxed) & ~kLock;
    words.times_ = entry.times.load(std::memory_order_relaxed);
  }
  if ((words.state_ & kSpilled) == 0) words.times_ &= ~kOwner;
  return words;
}

void Shadow::Words::AddStaleSlowly(const StaleTranslation& stale) {
  if ((state_ & kInline) != 0) Spill();
  if ((state_ & kInline) != 0 || SpilledCount() >= shadow_->max_per_page_ || !PushSpilled(stale))
    Widen(stale);
}

uint32_t Shadow::Words::SpilledCount() const {
  uint32_t count = 0;
  if ((state_ & kSpilled) == 0) return count;
  for (uint32_t i = static_cast<uint32_t>(times_); i != 0; i = shadow_->pool_[i].next) ++count;
  return count;
}

// Moves the translation held in the entry to the pool; stays if that is full.
void Shadow::Words::Spill() {
  const StaleTranslation held = Inline();
  const uint64_t times = times_;
  state_ = (state_ & ~kInline) | kSpilled;
  times_ = 0;
  if (PushSpilled(held)) return;
  state_ = (state_ & ~kSpilled) | kInline;
  times_ = times;
}

bool Shadow::Words::PushSpilled(const StaleTranslation& stale) {
  const uint32_t index = shadow_->TakeSpilled();
  if (index == 0) return false;
  const uint32_t head = (state_ & kSpilled) != 0 ? static_cast<uint32_t>(times_) : 0;
  const uint64_t va = stale.va == kManyAddresses ? stale.va : stale.va | stale.kind;
  shadow_->pool_[index] = {va, stale.set, stale.clear, stale.space, head};
  state_ |= kSpilled;
  times_ = index;
  return true;
}

// No room for another record: one of the page's own grows to cover it, one of
// the same space if there is one. It then stands for several addresses.
void Shadow::Words::Widen(const StaleTranslation& stale) {
  shadow_->limits_.Hit(Limit::TranslationsPerPage);
  if ((state_ & kSpilled) != 0) {
    uint32_t index = static_cast<uint32_t>(times_);
    for (uint32_t i = index; i != 0; i = shadow_->pool_[i].next)
      if (shadow_->pool_[i].space == stale.space) index = i;
    Spilled& record = shadow_->pool_[index];
    if (stale.set < record.set) record.set = stale.set;
    record.clear = stale.clear;
    record.va = kManyAddresses;
    return;
  }
  // The pool is full and the entry holds one, or none that fits: it keeps the
  // newer clear, the longer time and an address of the window.
  StaleTranslation joined = stale;
  if ((state_ & kInline) != 0 && Inline().set < joined.set) joined.set = Inline().set;
  joined.kind = 0;
  if (joined.clear - joined.set > kMaxDelta) joined.set = joined.clear - kMaxDelta;
  if (!FitsInline(joined)) joined.va = kVaBase;
  SetInline(joined);
}

uint32_t Shadow::TakeSpilled() {
  SpinGuard guard(pool_lock_);
  uint32_t index = pool_free_;
  if (index != 0)
    pool_free_ = pool_[index].next;
  else if (pool_next_ < max_spilled_)
    index = pool_next_++;
  if (index != 0) spilled_in_use_.fetch_add(1, std::memory_order_relaxed);
  return index;
}

void Shadow::GiveSpilled(uint32_t index) {
  SpinGuard guard(pool_lock_);
  pool_[index].next = pool_free_;
  pool_free_ = index;
  spilled_in_use_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace flushdep
