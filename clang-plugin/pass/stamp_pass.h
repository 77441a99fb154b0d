// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts the stamp (stamp.h) into a module, once. ELF targets only: elsewhere
// there is no flushdep runtime to link with, and the module is left as it is.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_STAMP_PASS_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_STAMP_PASS_H_

#include "llvm/IR/PassManager.h"

namespace flushdep {

class StampPass : public llvm::PassInfoMixin<StampPass> {
 public:
  // `flags` as in StampFields.
  explicit StampPass(uint32_t flags) : flags_(flags) {}
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& manager);
  // The stamp is a promise about the object: -O0 and optnone do not skip it.
  static bool isRequired() { return true; }

 private:
  uint32_t flags_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_STAMP_PASS_H_
