// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/stack_depot.h"

namespace flushdep {
namespace {

uint64_t HashStack(const uint64_t* pcs, uint32_t size) {
  uint64_t hash = 0x9e3779b97f4a7c15ull + size;
  for (uint32_t i = 0; i < size; ++i) {
    hash = (hash ^ pcs[i]) * 0xff51afd7ed558ccdull;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace

bool StackDepot::Init() {
  return buckets_.Init(kBuckets) && entries_.Init(kMaxStacks) && frames_.Init(kMaxStackFrames);
}

// Entries are complete before a bucket or `next` names them, so no lock.
StackId StackDepot::Find(StackId head, uint64_t hash, const uint64_t* pcs, uint32_t size) const {
  for (StackId id = head; id != kNoStack; id = entries_[id].next) {
    const Entry& entry = entries_[id];
    if (entry.hash != hash || entry.size != size) continue;
    uint32_t i = 0;
    while (i < size && frames_[entry.first + i] == pcs[i]) ++i;
    if (i == size) return id;
  }
  return kNoStack;
}

StackId StackDepot::Put(const uint64_t* pcs, uint32_t size) {
  if (size == 0) return kNoStack;
  if (size > kMaxFrames) size = kMaxFrames;
  const uint64_t hash = HashStack(pcs, size);
  std::atomic<StackId>& bucket = buckets_[hash % kBuckets];
  const StackId head = bucket.load(std::memory_order_acquire);
  if (const StackId id = Find(head, hash, pcs, size)) return id;

  SpinGuard guard(lock_);
  const StackId now = bucket.load(std::memory_order_acquire);
  if (now != head)
    if (const StackId id = Find(now, hash, pcs, size)) return id;
  const StackId id = next_stack_.load(std::memory_order_relaxed);
  if (id == kMaxStacks) {
    limits_.Hit(Limit::Stacks);
    return kNoStack;
  }
  if (next_frame_ + size > kMaxStackFrames) {
    limits_.Hit(Limit::StackFrames);
    return kNoStack;
  }
  for (uint32_t i = 0; i < size; ++i) frames_[next_frame_ + i] = pcs[i];
  entries_[id] = {hash, next_frame_, size, now};
  next_frame_ += size;
  next_stack_.store(id + 1, std::memory_order_relaxed);
  bucket.store(id, std::memory_order_release);
  return id;
}

StackView StackDepot::Get(StackId id) const {
  if (id == kNoStack || id >= next_stack_.load(std::memory_order_acquire)) return {};
  return {&frames_[entries_[id].first], entries_[id].size};
}

}  // namespace flushdep
