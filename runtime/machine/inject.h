// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Failure injection: operations that may fail anyway are made to, by rate, by count or by call
// site (flushdep.h, "Failure injection"). A place that can fail asks once per
// operation. Cost where nothing is injected: one load.
#ifndef FLUSHDEP_RUNTIME_MACHINE_INJECT_H_
#define FLUSHDEP_RUNTIME_MACHINE_INJECT_H_

#include <atomic>
#include <cstdint>

#include "runtime/include/flushdep.h"

namespace flushdep {

struct Call;

enum class InjectPoint : uint8_t {
  Alloc = FLUSHDEP_INJECT_ALLOC,
  Get = FLUSHDEP_INJECT_GET,
  DirectMap = FLUSHDEP_INJECT_DIRECT_MAP,
  Prepare = FLUSHDEP_INJECT_PREPARE,
};
inline constexpr unsigned kNumInjectPoints = 4;

// Has any rule of that point been set?
extern constinit std::atomic<bool> g_inject_armed[kNumInjectPoints];
bool InjectSlowly(InjectPoint point, const Call& call);

// Must this operation fail now? Counts it if so.
inline bool InjectFailure(InjectPoint point, const Call& call) {
  if (!g_inject_armed[static_cast<unsigned>(point)].load(std::memory_order_relaxed)) [[likely]]
    return false;
  return InjectSlowly(point, call);
}

// Sets the rules that the options ask for; ends the process for a site that there is not.
void BootInjection();

}  // namespace flushdep

#endif  // FLUSHDEP_RUNTIME_MACHINE_INJECT_H_
