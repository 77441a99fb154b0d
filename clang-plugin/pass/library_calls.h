// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of the C library that move memory, in instrumented code: their place is taken by the
// runtime's, which judge what they touch and else call them. Only what a function uses itself,
// addresses included, is changed: nobody else's memcpy() is.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_LIBRARY_CALLS_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_LIBRARY_CALLS_H_

#include "llvm/IR/Function.h"

namespace flushdep {

void RedirectLibraryCalls(llvm::Function& function);

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_LIBRARY_CALLS_H_
