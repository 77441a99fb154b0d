// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The check of one access in a function: a compare and a branch that is not taken, and out of the
// way what is done for the simulated window. It is one instruction of inline assembly to
// everything behind the optimiser: no blocks, no call whose registers would have to be saved
// around it, no choice between two pointers. With these, code generation took most of a compile.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_CHECK_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_CHECK_H_

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace flushdep {

// The window is one of the address space's parts of this size.
inline constexpr unsigned kWindowShift = 38;

struct CheckedAccess {
  uint64_t bytes;
  bool write;
  // Aligned to its size: it does not lie in two pages.
  bool in_one_page;
  // In a small loop: pages are looked up in place, which takes longer to compile.
  bool in_loop;
};

// What __flushdep_check_*() (runtime/access/check_entry.cc) are told of an access, in one word.
uint64_t EncodeAccess(const CheckedAccess& access);

// Where the host has `pointer`, judged, at the builder's place: `pointer` itself unless `window`,
// the number of its 256 GiB of the address space, is the simulated window's.
llvm::Value* CreateCheck(llvm::IRBuilder<>& builder, llvm::Value* pointer, llvm::Value* window,
                         const CheckedAccess& access);

// The runtime's entries, which the assembly names; weak, for objects that are linked without it.
void DeclareCheck(llvm::Module& module);

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_CHECK_H_
