// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// print_stats=1: what the checker holds, in the manner of /proc/lockdep_stats,
// each count beside its limit, then classes, sites and flush sites.
#ifndef FLUSHDEP_CHECKER_LIVE_STATISTICS_H_
#define FLUSHDEP_CHECKER_LIVE_STATISTICS_H_

#include <cstdint>

#include "checker/validator.h"

namespace flushdep {

// To stderr. Not for signal handlers.
void PrintStatistics(Validator& live, uint64_t dropped_events);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_LIVE_STATISTICS_H_
