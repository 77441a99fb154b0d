// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/live/clock.h"

#include <time.h>

namespace flushdep {

uint64_t TscClock::MonotonicNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000 + static_cast<uint64_t>(now.tv_nsec);
}

void TscClock::Start() {
  start_stamp_ = Now();
  start_ns_ = MonotonicNs();
}

uint64_t TscClock::ToNs(uint64_t stamp) const {
  const uint64_t stamps = Now() - start_stamp_;
  const uint64_t ns = MonotonicNs() - start_ns_;
  if (stamp <= start_stamp_ || stamps == 0) return 0;
  // A double keeps nanoseconds exact for the first hundred days.
  const double rate = static_cast<double>(ns) / static_cast<double>(stamps);
  return static_cast<uint64_t>(static_cast<double>(stamp - start_stamp_) * rate);
}

}  // namespace flushdep
