// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/stamp_pass.h"

#include "checker/event/events.h"
#include "clang-plugin/pass/stamp.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

namespace flushdep {
namespace {

constexpr char kStampSymbol[] = "flushdep.stamp";

llvm::Constant* MakeNote(llvm::LLVMContext& context, uint32_t flags) {
  const StampNote note{.fields = {kStampVersion, FLUSHDEP_EVENTS_VERSION, flags}};
  auto word = [&](uint32_t value) {
    return llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), value);
  };
  llvm::Constant* name = llvm::ConstantDataArray::getString(
      context, llvm::StringRef(note.name, sizeof(note.name)), /*AddNull=*/false);
  return llvm::ConstantStruct::getAnon({word(note.name_size), word(note.desc_size), word(note.type),
                                        name, word(note.fields.version),
                                        word(note.fields.events_version), word(note.fields.flags)});
}

}  // namespace

llvm::PreservedAnalyses StampPass::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  bool stamped = module.getNamedGlobal(kStampSymbol) != nullptr;
  if (stamped || !llvm::Triple(module.getTargetTriple()).isOSBinFormatELF())
    return llvm::PreservedAnalyses::all();
  llvm::Constant* note = MakeNote(module.getContext(), flags_);
  // Private, so that no symbol of ours shows up in the object.
  auto* stamp = new llvm::GlobalVariable(module, note->getType(), /*isConstant=*/true,
                                         llvm::GlobalValue::PrivateLinkage, note, kStampSymbol);
  stamp->setSection(kStampSection);
  // ASan would put a red zone behind it.
  llvm::GlobalValue::SanitizerMetadata bare;
  bare.NoAddress = bare.NoHWAddress = true;
  stamp->setSanitizerMetadata(bare);
  stamp->setAlignment(llvm::Align(4));
  llvm::appendToCompilerUsed(module, {stamp});
  return llvm::PreservedAnalyses::none();
}

}  // namespace flushdep
