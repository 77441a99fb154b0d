// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/mark_pass.h"

#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"

namespace flushdep {
namespace {

bool IsWanted(const llvm::Function& function) {
  return !function.isDeclaration() && !function.hasFnAttribute(llvm::Attribute::Naked) &&
         !function.hasFnAttribute(llvm::Attribute::DisableSanitizerInstrumentation) &&
         !function.hasFnAttribute(kInstrumented) && !function.hasAvailableExternallyLinkage();
}

}  // namespace

llvm::PreservedAnalyses MarkPass::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  for (llvm::Function& function : module) {
    if (!IsWanted(function)) continue;
    function.addFnAttr(kInstrument);
    function.addFnAttr(llvm::Attribute::SanitizeHWAddress);
  }
  return llvm::PreservedAnalyses::none();
}

}  // namespace flushdep
