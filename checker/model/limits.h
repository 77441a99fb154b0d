// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The limits of limits.def as constants, and a count of how often each was
// reached. Counting is lock-free and async-signal-safe.
#ifndef FLUSHDEP_CHECKER_MODEL_LIMITS_H_
#define FLUSHDEP_CHECKER_MODEL_LIMITS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flushdep {

enum class Limit : uint8_t {
#define FLUSHDEP_LIMIT(name, value, lost) name,
#include "checker/model/limits.def"
#undef FLUSHDEP_LIMIT
};

#define FLUSHDEP_LIMIT(name, value, lost) inline constexpr size_t kMax##name = value;
#include "checker/model/limits.def"
#undef FLUSHDEP_LIMIT

struct LimitInfo {
  std::string_view name;
  uint64_t value;
  std::string_view lost;
};

inline constexpr LimitInfo kLimits[] = {
#define FLUSHDEP_LIMIT(name, value, lost) {#name, value, lost},
#include "checker/model/limits.def"
#undef FLUSHDEP_LIMIT
};
inline constexpr size_t kNumLimits = sizeof(kLimits) / sizeof(kLimits[0]);

// How often each limit was reached.
class LimitCounts {
 public:
  void Hit(Limit limit) { hits_[Index(limit)].fetch_add(1, std::memory_order_relaxed); }
  uint64_t Count(Limit limit) const { return hits_[Index(limit)].load(std::memory_order_relaxed); }

 private:
  static size_t Index(Limit limit) { return static_cast<size_t>(limit); }
  std::atomic<uint64_t> hits_[kNumLimits] = {};
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_LIMITS_H_
