// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keeps each call a call of its own. The optimiser merges equal calls of
// several branches into one, which then belongs to no line: an error ladder's
// `__free_page(page)` is the textbook case, and a report would name no line and share no
// fingerprint with the plugin's warning. Marks every call `nomerge`; nothing else changes.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_KEEP_CALLS_PASS_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_KEEP_CALLS_PASS_H_

#include "llvm/IR/PassManager.h"

namespace flushdep {

class KeepCallsPass : public llvm::PassInfoMixin<KeepCallsPass> {
 public:
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& manager);
};

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_KEEP_CALLS_PASS_H_
