// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/mark_pass.h"

#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"

namespace flushdep {
namespace {

bool IsWanted(const llvm::Function& function) {
  return !function.isDeclaration() && !function.hasFnAttribute(llvm::Attribute::Naked) &&
         !function.hasFnAttribute(llvm::Attribute::DisableSanitizerInstrumentation) &&
         !function.hasFnAttribute(kInstrumented) && !function.hasAvailableExternallyLinkage();
}

}  // namespace

llvm::PreservedAnalyses MarkPass::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  // The simulated machine is one.
  const llvm::Triple target(module.getTargetTriple());
  if (target.getArch() != llvm::Triple::x86_64 || target.isX32())
    return llvm::PreservedAnalyses::all();
  for (llvm::Function& function : module) {
    if (!IsWanted(function)) continue;
    function.addFnAttr(kInstrument);
    function.addFnAttr(llvm::Attribute::SanitizeHWAddress);
  }
  return llvm::PreservedAnalyses::none();
}

}  // namespace flushdep
