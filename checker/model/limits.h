// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The limits of limits.def: defaults as constants, the values of this run, and
// a count of how often each was reached. Set() is for the time before a table is made. Counting is
// lock-free and async-signal-safe.
#ifndef FLUSHDEP_CHECKER_MODEL_LIMITS_H_
#define FLUSHDEP_CHECKER_MODEL_LIMITS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flushdep {

// What several CPUs write lies so far apart: a prefetcher fetches cache lines in pairs.
inline constexpr size_t kApart = 128;

enum class Limit : uint8_t {
#define FLUSHDEP_LIMIT(name, value, largest, lost) name,
#include "checker/model/limits.def"
#undef FLUSHDEP_LIMIT
};

// What a table holds unless told otherwise; kLargest*: what code is built for.
#define FLUSHDEP_LIMIT(name, value, largest, lost) \
  inline constexpr size_t kMax##name = value;      \
  inline constexpr size_t kLargest##name = largest;
#include "checker/model/limits.def"
#undef FLUSHDEP_LIMIT

struct LimitInfo {
  std::string_view name;
  uint64_t value;
  uint64_t largest;
  std::string_view lost;
};

inline constexpr LimitInfo kLimits[] = {
#define FLUSHDEP_LIMIT(name, value, largest, lost) {#name, value, largest, lost},
#include "checker/model/limits.def"
#undef FLUSHDEP_LIMIT
};
inline constexpr size_t kNumLimits = sizeof(kLimits) / sizeof(kLimits[0]);

// The values of a run. Zero: the default.
struct LimitValues {
  uint32_t value[kNumLimits] = {};
};

// The limits of this run and how often each was reached.
class LimitCounts {
 public:
  void Hit(Limit limit) { hits_[Index(limit)].fetch_add(1, std::memory_order_relaxed); }
  uint64_t Count(Limit limit) const { return hits_[Index(limit)].load(std::memory_order_relaxed); }

  void Set(const LimitValues& values) { values_ = values; }
  uint32_t Max(Limit limit) const {
    const uint32_t set = values_.value[Index(limit)];
    return set != 0 ? set : static_cast<uint32_t>(kLimits[Index(limit)].value);
  }

 private:
  static size_t Index(Limit limit) { return static_cast<size_t>(limit); }
  std::atomic<uint64_t> hits_[kNumLimits] = {};
  LimitValues values_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_LIMITS_H_
