// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks one function way by way: a work list of (block, state), where a state
// that was seen at a block before is not walked again. Blocks are taken in reverse
// post-order, so that ways that meet with equal states go on as one.
//
// Bounded: kMaxSteps elements and kMaxStates different states per function; reaching a
// bound is a give-up, which the caller counts and reports. What was found before stands.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_WALKER_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_WALKER_H_

#include "clang-plugin/engine/context.h"
#include "llvm/ADT/StringRef.h"

namespace flushdep::plugin {

inline constexpr unsigned kMaxStates = 8000;
inline constexpr unsigned kMaxSteps = 400000;

// Walks `cfg`; the reason of a give-up, or empty.
llvm::StringRef WalkFunction(FunctionContext& context, const clang::CFG& cfg);

// The CFG that the engine walks; null if Clang cannot build one.
std::unique_ptr<clang::CFG> BuildCfg(const clang::FunctionDecl* function);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_WALKER_H_
