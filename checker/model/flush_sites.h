// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The books of flushes: what each flush site did, for advice (FA001 to FA004) and
// statistics. A missing flush is a hole; a needless one is the reason that nobody turns the feature
// on: a flush per page made faults of guest_memfd up to 40 times slower.
//
// Counts are of translations: cleared entries, page by page, that were owed when the
// flush was issued. A ranged flush ends at most as many as it has pages.
//
// Kept only with advice=1 or print_stats=1. Locking: the caller's (State's).
#ifndef FLUSHDEP_CHECKER_MODEL_FLUSH_SITES_H_
#define FLUSHDEP_CHECKER_MODEL_FLUSH_SITES_H_

#include <cstdint>

#include "checker/model/cpu_set.h"
#include "checker/model/flat_table.h"
#include "checker/model/hash_index.h"
#include "checker/model/history.h"
#include "checker/model/limits.h"
#include "checker/model/tlb.h"

namespace flushdep {

struct FlushRecord;

struct FlushSite {
  uint64_t pc;
  uint64_t count;
  uint64_t ended;       // translations
  uint64_t useless;     // flushes that ended nothing
  uint64_t interrupts;  // CPUs asked, the caller's own left out
  uint64_t idle;        // ... that could hold nothing of what was owed
  uint64_t early;       // translations whose page was freed after yet another flush
  Moment first;
};

class FlushSites {
 public:
  // A site is advised about only after this many flushes, or translations.
  static constexpr uint64_t kEnough = 16;

  explicit FlushSites(LimitCounts& limits) : limits_(limits) {}
  bool Init(bool enabled) {
    enabled_ = enabled;
    if (!enabled) return true;
    const uint32_t max = limits_.Max(Limit::FlushSites);
    return index_.Init(max) && sites_.Init(size_t{max} + 1) &&
           owed_.Init(size_t{limits_.Max(Limit::Spaces)} + 1);
  }
  bool enabled() const { return enabled_; }

  void Owe(SpaceIndex space) {
    if (enabled_) ++owed_[space];
  }
  // A flush returned. `spaces`: places in use are below.
  void Account(const FlushRecord& flush, const TlbModel& tlb, SpaceIndex spaces);
  // The page's translation was ended by `flush`, and others came before the free.
  void Early(const FlushRecord& flush);

  template <typename F>
  void ForEach(F&& f) const {
    for (uint32_t i = 1; enabled_ && i < index_.end(); ++i) f(sites_[i]);
  }
  uint32_t count() const { return index_.count(); }

 private:
  FlushSite* For(const FlushRecord& flush);
  uint64_t Take(const FlushRecord& flush, SpaceIndex space);

  LimitCounts& limits_;
  bool enabled_ = false;
  HashIndex index_;
  FlatTable<FlushSite> sites_;
  FlatTable<uint64_t> owed_;  // by space
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_FLUSH_SITES_H_
