// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops in two versions: where no base that is known before the loop is in the window, the loop
// runs without tests of these. Doubles the code of such loops, up to a size.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_LOOPS_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_LOOPS_H_

#include "clang-plugin/pass/bases.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/Function.h"

namespace flushdep {

// Accesses that need no test, since they are in a version for the host's own memory.
using Spared = llvm::DenseSet<const llvm::Instruction*>;

// The pointer of a load, store or atomic, else null.
llvm::Value* PointerOf(llvm::Instruction& access);

// Makes the versions, in a function that is to be instrumented. True if there was a loop for it.
bool VersionLoops(llvm::Function& function, Bases& bases, Spared& spared);

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_LOOPS_H_
