// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/mark_pass.h"

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SpecialCaseList.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/TargetParser/Triple.h"

namespace flushdep {
namespace {

// Sections that clang's lists may put entries in are named after the tool.
constexpr char kSection[] = "flushdep";

bool IsWanted(const llvm::Function& function) {
  return !function.isDeclaration() && !function.hasFnAttribute(llvm::Attribute::Naked) &&
         !function.hasFnAttribute(llvm::Attribute::DisableSanitizerInstrumentation) &&
         !function.hasFnAttribute(kInstrumented) && !function.hasAvailableExternallyLinkage();
}

// The file in which it was written, as far as is known.
llvm::StringRef FileOf(const llvm::Function& function) {
  const llvm::DISubprogram* subprogram = function.getSubprogram();
  return subprogram != nullptr ? subprogram->getFilename()
                               : llvm::StringRef(function.getParent()->getSourceFileName());
}

}  // namespace

MarkPass::MarkPass(const std::vector<std::string>& ignorelists) {
  // The driver has read them before: what is wrong now is no mistake of the user's.
  if (!ignorelists.empty())
    ignored_ = llvm::SpecialCaseList::createOrDie(ignorelists, *llvm::vfs::getRealFileSystem());
}

bool MarkPass::IsIgnored(const llvm::Function& function) const {
  return ignored_ != nullptr && (ignored_->inSection(kSection, "fun", function.getName()) ||
                                 ignored_->inSection(kSection, "src", FileOf(function)));
}

llvm::PreservedAnalyses MarkPass::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  // The simulated machine is one.
  const llvm::Triple target(module.getTargetTriple());
  if (target.getArch() != llvm::Triple::x86_64 || target.isX32())
    return llvm::PreservedAnalyses::all();
  if (ignored_ != nullptr && ignored_->inSection(kSection, "mainfile", module.getSourceFileName()))
    return llvm::PreservedAnalyses::all();
  for (llvm::Function& function : module) {
    if (!IsWanted(function) || IsIgnored(function)) continue;
    function.addFnAttr(kInstrument);
    function.addFnAttr(llvm::Attribute::SanitizeHWAddress);
  }
  return llvm::PreservedAnalyses::none();
}

}  // namespace flushdep
