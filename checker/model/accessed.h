// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// strength=accessed: which CPU used which translation last, and when ranged
// flushes last dropped it there. Page tables' upper levels are not accessed by anybody but the
// walker, so they stay speculative.
//
// Past the limit the table says "used just now" of everything: a debt is
// never forgotten, the strength falls back to speculative.
//
// Locking: the caller's. Cost: one hash lookup an access; a lookup per CPU at a judgement.
#ifndef FLUSHDEP_CHECKER_MODEL_ACCESSED_H_
#define FLUSHDEP_CHECKER_MODEL_ACCESSED_H_

#include "checker/model/epoch.h"
#include "checker/model/flat_table.h"
#include "checker/model/hash_index.h"
#include "checker/model/limits.h"
#include "checker/model/shadow.h"

namespace flushdep {

class AccessedTable {
 public:
  explicit AccessedTable(LimitCounts& limits) : limits_(limits) {}
  bool Init() {
    const uint32_t max = limits_.Max(Limit::AccessedTranslations);
    full_ = false;
    return index_.Init(max) && epochs_.Init(size_t{max} + 1);
  }

  // `va`: the start of the entry, of 4 KiB or 2 MiB.
  void Use(uint32_t cpu, SpaceIndex space, uint64_t va, bool large, uint64_t pfn, Epoch at) {
    Put(Key(cpu, space, va, large, pfn + 1), at);
  }
  void Drop(uint32_t cpu, SpaceIndex space, uint64_t va, bool large, Epoch at) {
    Put(Key(cpu, space, va, large, 0), at);
  }

  // When `cpu` last filled its TLB with it for all that we know; kNever if it cannot have it.
  Epoch LastUse(uint32_t cpu, SpaceIndex space, uint64_t va, bool large, uint64_t pfn) const {
    const Epoch used = Get(Key(cpu, space, va, large, pfn + 1));
    const Epoch dropped = Get(Key(cpu, space, va, large, 0));
    return used != kNever && dropped <= used ? used : kNever;
  }
  // Did it since `set`, dropped since or not?
  bool UsedSince(Epoch set, uint32_t cpu, SpaceIndex space, uint64_t va, bool large,
                 uint64_t pfn) const {
    const Epoch used = Get(Key(cpu, space, va, large, pfn + 1));
    return used != kNever && used >= set;
  }
  bool full() const { return full_; }

 private:
  static uint64_t Key(uint32_t cpu, SpaceIndex space, uint64_t va, bool large, uint64_t page) {
    return MixBits(va ^ (large ? 1 : 0)) ^ MixBits(page * 0x9e3779b97f4a7c15ull + 1) ^
           MixBits(uint64_t{space} << 32 | cpu);
  }
  Epoch Get(uint64_t key) const {
    const uint32_t i = index_.Find(key);
    return i == 0 ? kNever : epochs_[i];
  }
  void Put(uint64_t key, Epoch at) {
    uint32_t i = index_.Find(key);
    if (i == 0) i = index_.Insert(key);
    if (i == 0) {
      full_ = true;
      return limits_.Hit(Limit::AccessedTranslations);
    }
    epochs_[i] = at;
  }

  LimitCounts& limits_;
  bool full_ = false;
  HashIndex index_;
  FlatTable<Epoch> epochs_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_ACCESSED_H_
