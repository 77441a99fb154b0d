// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The live program's clock: the CPU's time stamp counter, some cycles a read,
// turned into nanoseconds only when a report shows it. The rate is measured
// between start and report against CLOCK_MONOTONIC.
#ifndef FLUSHDEP_CHECKER_LIVE_CLOCK_H_
#define FLUSHDEP_CHECKER_LIVE_CLOCK_H_

#include <cstdint>

namespace flushdep {

class TscClock {
 public:
  void Start();
  static uint64_t Now() { return __builtin_ia32_rdtsc() | 1; }  // never 0
  uint64_t ToNs(uint64_t stamp) const;

 private:
  static uint64_t MonotonicNs();
  uint64_t start_stamp_ = 0;
  uint64_t start_ns_ = 0;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_LIVE_CLOCK_H_
