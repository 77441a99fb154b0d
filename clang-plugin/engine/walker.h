// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks one function way by way: a work list of (block, state), where a state
// that was seen at a block before is not walked again. Blocks are taken in reverse
// post-order, so that ways that meet with equal states go on as one.
//
// A call of a function whose body is in the unit is followed: the callee is walked with the
// caller's state, and each different state at its end goes on in the caller. So an error
// return stays tied to what was done on the way to it, and a constant flag selects its ways.
// A recursive call beyond limits.recursion is taken not to return; the caller of WalkFunction()
// raises that bound until nothing changes, which is the least fix point.
//
// Bounded by Limits; reaching a bound is a give-up, which the caller counts and reports. What
// was found before stands.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_WALKER_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_WALKER_H_

#include "clang-plugin/engine/context.h"

namespace flushdep::plugin {

struct WalkResult {
  llvm::StringRef obstacle;    // the reason of a give-up, or empty
  bool recursion_cut = false;  // some call was taken not to return
  size_t ends = 0;             // different states at the end
};

WalkResult WalkFunction(FunctionContext& context, const Body& body);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_WALKER_H_
