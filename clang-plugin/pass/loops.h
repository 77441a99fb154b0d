// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops in two versions: where no base that is known before the loop is in the window, the loop
// runs without checks of these. Where one is, small innermost loops are asked for once more: all
// pages that such a loop will come by (ranges.h) are looked at before it, and if there is nothing
// to be said of any, it runs without checks, too. Doubles the code of such loops, up to a size.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_LOOPS_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_LOOPS_H_

#include "clang-plugin/pass/bases.h"
#include "llvm/IR/Function.h"

namespace flushdep {

// The pointer of a load, store or atomic, else null.
llvm::Value* PointerOf(llvm::Instruction& access);

// Makes the versions, in a function that is to be instrumented. True if there was a loop for it.
bool VersionLoops(llvm::Function& function, Bases& bases, Spared& spared);

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_LOOPS_H_
