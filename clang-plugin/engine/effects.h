// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a declared call does to a state. Before a page changes owner or a
// mapping ends, the rules are asked.
#ifndef FLUSHDEP_CLANG_PLUGIN_ENGINE_EFFECTS_H_
#define FLUSHDEP_CLANG_PLUGIN_ENGINE_EFFECTS_H_

#include "clang-plugin/engine/context.h"
#include "llvm/ADT/ArrayRef.h"

namespace flushdep::plugin {

// Applies the effects in order. `arguments` are the parameters' values; `result` is
// a new symbol for what the call returns (0 for void). Returns its value.
ValueId ApplyEffects(FunctionContext& context, State& state, const FunctionProtocol& protocol,
                     const clang::Expr* call, llvm::ArrayRef<ValueId> arguments, ValueId result);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_ENGINE_EFFECTS_H_
