// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flags that say whether a pointer's underlying object may be in the simulated window, each
// computed once, where the object's address comes to be.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_BASES_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_BASES_H_

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/IRBuilder.h"

namespace flushdep {

// Accesses that need no check, since they are in a version of a loop that runs where none does.
using Spared = llvm::DenseSet<const llvm::Instruction*>;

class Bases {
 public:
  explicit Bases(llvm::Function& function) : function_(function) {}

  // The number of the 256 GiB of the address space (check.h) in which `pointer` is based; null if
  // it can not be in the window.
  llvm::Value* WindowOf(llvm::Value* pointer);
  // An i1 that is true if `pointer` may be in the window; null as above.
  llvm::Value* FlagOf(llvm::Value* pointer);
  // The same, for a vector of pointers, at `where`.
  llvm::Value* FlagOfAny(llvm::Value* pointers, llvm::Instruction* where);

 private:
  // Null if nothing based there can be in the window.
  llvm::Value* BaseOf(llvm::Value* pointer);
  llvm::Value* WindowOfBase(llvm::Value* base);

  llvm::Function& function_;
  llvm::DenseMap<llvm::Value*, llvm::Value*> windows_;
  llvm::DenseMap<llvm::Value*, llvm::Value*> flags_;  // of windows
};

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_BASES_H_
