// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime's functions as instrumented modules have them: weak, and doing what a program without
// simulated memory needs. So an instrumented object links anywhere; where the runtime is linked, or
// exported by the executable that loads the library, its own are used.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_STUBS_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_STUBS_H_

#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"

namespace flushdep {

// Returns its first argument, or nothing.
llvm::FunctionCallee MakeStub(llvm::Module& module, llvm::StringRef name, llvm::FunctionType* type);
// Calls `original` with what it is given.
llvm::FunctionCallee MakeForwardingStub(llvm::Module& module, llvm::StringRef name,
                                        llvm::Function& original);

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_STUBS_H_
