// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checker's logical time. It advances only when something happens to a
// CPU's TLB (a load, a flush), not with every event: a put reads it, which is a shared cache
// line in the common case, and two epochs compare exactly as far as TLBs can tell.
//
//   Tick()  a TLB event happened: returns a value greater than all stamps before it
//   Now()   a stamp for a PTE event: at least the last Tick(), less than the next
#ifndef FLUSHDEP_CHECKER_MODEL_EPOCH_H_
#define FLUSHDEP_CHECKER_MODEL_EPOCH_H_

#include <atomic>
#include <cstdint>

#include "checker/model/limits.h"

namespace flushdep {

using Epoch = uint64_t;

inline constexpr Epoch kNever = 0;
inline constexpr Epoch kStill = ~0ull;  // the end of an interval that is open

class EpochClock {
 public:
  Epoch Now() const { return now_.load(std::memory_order_acquire); }
  const std::atomic<Epoch>* now() const { return &now_; }
  Epoch Tick() { return now_.fetch_add(1, std::memory_order_acq_rel) + 1; }

 private:
  alignas(kApart) std::atomic<Epoch> now_{1};
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_MODEL_EPOCH_H_
