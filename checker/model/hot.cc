// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/model/hot.h"

#include "checker/model/state.h"

namespace flushdep {

constinit HotPath g_hot = {};
constinit Bias g_bias = {};

void State::Open(HotPath* hot) {
  hot->pages = shadow_.entries();
  hot->addresses = regions_.window();
  hot->now = clock_.now();
  hot->flushed_through = tlb_.flushed_through();
  hot->dropped = tlb_.dropped();
  hot->cpus = tlb_.cpus();
  hot->inference = inference_.enabled() ? &inference_ : nullptr;
  hot->full_flush = &full_flush_[0];
  hot->history = history_.pages();
  hot->address_history = regions_.window_history();
  hot->way =
      hot->inference != nullptr || hot->history != nullptr ? ShortWay::More : ShortWay::Invariant;
}

SpaceIndex State::SpaceOf(uint32_t mm) {
  SpinGuard guard(lock_);
  return tlb_.FindSpace(mm);
}

}  // namespace flushdep
