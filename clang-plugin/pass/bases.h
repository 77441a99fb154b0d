// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flags that say whether a pointer's underlying object may be in the simulated window, each
// computed once, where the object's address comes to be.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_BASES_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_BASES_H_

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/IRBuilder.h"

namespace flushdep {

class Bases {
 public:
  explicit Bases(llvm::Function& function) : function_(function) {}

  // An i1 that is true if `pointer` may be in the window; null if it can not be.
  llvm::Value* FlagOf(llvm::Value* pointer);
  // The same, for a vector of pointers, at `where`.
  llvm::Value* FlagOfAny(llvm::Value* pointers, llvm::Instruction* where);

 private:
  llvm::Value* FlagOfBase(llvm::Value* base);
  llvm::Value* Compare(llvm::IRBuilder<>& builder, llvm::Value* base);

  llvm::Function& function_;
  llvm::DenseMap<llvm::Value*, llvm::Value*> flags_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_BASES_H_
