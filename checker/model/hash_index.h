// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From sparse keys to small dense numbers 1..max (0: none), without a heap: the
// caller keeps what belongs to a key in a table of its own, indexed by that number.
// A number that was erased is given out again.
//
// Locking: the caller's. Cost: O(1) expected; memory is populated on first touch.
#ifndef FLUSHDEP_CHECKER_MODEL_HASH_INDEX_H_
#define FLUSHDEP_CHECKER_MODEL_HASH_INDEX_H_

#include <cstdint>

#include "checker/model/flat_table.h"

namespace flushdep {

// A 64-bit mixer (the finaliser of MurmurHash3).
constexpr uint64_t MixBits(uint64_t x) {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdull;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ull;
  return x ^ (x >> 33);
}

class HashIndex {
 public:
  bool Init(uint32_t max) {
    max_ = max;
    used_ = free_ = count_ = 0;
    uint32_t buckets = 16;
    while (buckets < max) buckets *= 2;
    mask_ = buckets - 1;
    return buckets_.Init(buckets) && entries_.Init(size_t{max} + 1);
  }

  uint32_t max() const { return max_; }
  uint32_t count() const { return count_; }
  // All numbers in use are at most this.
  uint32_t end() const { return used_ + 1; }
  uint64_t KeyOf(uint32_t index) const { return entries_[index].key; }
  bool InUse(uint32_t index) const { return entries_[index].used; }

  uint32_t Find(uint64_t key) const {
    for (uint32_t i = buckets_[MixBits(key) & mask_]; i != 0; i = entries_[i].next)
      if (entries_[i].key == key) return i;
    return 0;
  }

  // The key must be new. 0 when all numbers are taken.
  uint32_t Insert(uint64_t key) {
    uint32_t index = free_;
    if (index != 0)
      free_ = entries_[index].next;
    else if (used_ < max_)
      index = ++used_;
    else
      return 0;
    uint32_t& bucket = buckets_[MixBits(key) & mask_];
    entries_[index] = {key, bucket, true};
    bucket = index;
    ++count_;
    return index;
  }

  void Erase(uint32_t index) {
    uint32_t* link = &buckets_[MixBits(entries_[index].key) & mask_];
    while (*link != index) link = &entries_[*link].next;
    *link = entries_[index].next;
    entries_[index] = {0, free_, false};
    free_ = index;
    --count_;
  }

 private:
  struct Entry {
    uint64_t key;
    uint32_t next;
    bool used;
  };
  uint32_t max_ = 0;
  uint32_t mask_ = 0;
  uint32_t used_ = 0;  // numbers given out at least once
  uint32_t free_ = 0;
  uint32_t count_ = 0;
  FlatTable<uint32_t> buckets_;
  FlatTable<Entry> entries_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_HASH_INDEX_H_
