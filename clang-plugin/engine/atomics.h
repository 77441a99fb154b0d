// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers in memory that are changed as a whole: by the compiler's atomics, or by calls that
// are declared to do so. A flag that was set this way correlates with its test as any other.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_ATOMICS_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_ATOMICS_H_

#include "clang-plugin/engine/context.h"

namespace flushdep::plugin {

// Does `op` to the number of type `type` at `place`, and returns what was there before. What
// cannot be told of the number afterwards is uncertain.
ValueId Modify(FunctionContext& context, State& state, MemoryOp op, RegionId place,
               clang::QualType type, ValueId operand, ValueId other, const clang::Expr* site);

// The same for bit `nr` of the array of longs at `address`: test, set, clear or change. Returns
// whether it was set.
ValueId ModifyBit(FunctionContext& context, State& state, llvm::StringRef op, ValueId nr,
                  ValueId address, const clang::Expr* site);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_ATOMICS_H_
