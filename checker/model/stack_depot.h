// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stacks, each stored once, named by a small id (0: none). Append-only: an id
// stays valid for the life of the depot. Get() is lock-free; Put() takes a short lock only
// for a stack that was not seen before.
//
// The idea (hash, intern, 32-bit handle) is KASAN's and the sanitizers'.
#ifndef FLUSHDEP_CHECKER_MODEL_STACK_DEPOT_H_
#define FLUSHDEP_CHECKER_MODEL_STACK_DEPOT_H_

#include <atomic>
#include <cstdint>

#include "checker/model/flat_table.h"
#include "checker/model/limits.h"
#include "checker/model/spinlock.h"

namespace flushdep {

using StackId = uint32_t;
inline constexpr StackId kNoStack = 0;
inline constexpr uint32_t kMaxFrames = 32;  // of one stack

struct StackView {
  const uint64_t* pcs = nullptr;  // return addresses, innermost first
  uint32_t size = 0;
};

class StackDepot {
 public:
  explicit StackDepot(LimitCounts& limits) : limits_(limits) {}
  bool Init();

  // kNoStack for an empty stack or when the depot is full.
  StackId Put(const uint64_t* pcs, uint32_t size);
  StackView Get(StackId id) const;

  uint32_t stacks() const { return next_stack_.load(std::memory_order_relaxed) - 1; }

 private:
  static constexpr size_t kBuckets = 1u << 18;
  struct Entry {
    uint64_t hash;
    uint32_t first;  // index of its frames
    uint32_t size;
    StackId next;  // in the bucket
  };
  StackId Find(StackId head, uint64_t hash, const uint64_t* pcs, uint32_t size) const;

  LimitCounts& limits_;
  SpinLock lock_;
  std::atomic<uint32_t> next_stack_{1};
  uint32_t next_frame_ = 0;
  FlatTable<std::atomic<StackId>> buckets_;
  FlatTable<Entry> entries_;
  FlatTable<uint64_t> frames_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_STACK_DEPOT_H_
