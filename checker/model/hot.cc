// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/hot.h"

#include "checker/model/state.h"

namespace flushdep {

constinit HotPath g_hot = {};
constinit Bias g_bias = {};

void State::Open(HotPath* hot) {
  *hot = {true,         shadow_.entries(),      regions_.window(),
          clock_.now(), tlb_.flushed_through(), tlb_.dropped(),
          tlb_.cpus(),  hot->space_of};
}

SpaceIndex State::SpaceOf(uint32_t mm) {
  SpinGuard guard(lock_);
  return tlb_.FindSpace(mm);
}

}  // namespace flushdep
