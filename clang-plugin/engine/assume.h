// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a branch tells about values, and what that means for pages, handles and
// debts: a get that gave null never mapped, a removal that failed did not happen.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_ASSUME_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_ASSUME_H_

#include "clang-plugin/engine/context.h"

namespace flushdep::plugin {

// Adds "value is (not) zero" to `state`; false if that cannot be.
bool Assume(FunctionContext& context, State& state, ValueId value, bool truth);

// Adds "value op constant".
bool AssumeCompare(FunctionContext& context, State& state, clang::BinaryOperatorKind op,
                   ValueId value, int64_t constant);

// What is known of a value.
Range RangeOf(const FunctionContext& context, const State& state, ValueId value);

// Are two values known to differ?
bool KnownDifferent(FunctionContext& context, const State& state, ValueId a, ValueId b);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_ASSUME_H_
