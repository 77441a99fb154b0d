// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses of which there is nothing new to be said: an earlier one of the same block was of the
// same place, and nothing in between could change what is mapped. `v->n++` is the usual case: it is
// checked once, as a write.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_REPEATS_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_REPEATS_H_

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/Instruction.h"

namespace flushdep {

struct Repeats {
  // A repeated access, and the one whose answer holds for it, too.
  llvm::DenseMap<const llvm::Instruction*, const llvm::Instruction*> first;
  // Loads to be checked as writes, since a store to the same place follows in the same line.
  llvm::DenseSet<const llvm::Instruction*> written;
};

// Among `accesses`, in their order within each block. Only those that lie in one page: the others
// may be elsewhere for the time of one access.
Repeats FindRepeats(llvm::ArrayRef<llvm::Instruction*> accesses);

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_REPEATS_H_
