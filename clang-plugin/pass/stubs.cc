// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/stubs.h"

#include "llvm/IR/IRBuilder.h"

namespace flushdep {
namespace {

// The function to fill, or null if the module has it, or something else of that name, already.
llvm::Function* Begin(llvm::Module& module, llvm::FunctionCallee callee) {
  auto* function = llvm::dyn_cast<llvm::Function>(callee.getCallee());
  if (function == nullptr || !function->isDeclaration()) return nullptr;
  function->setLinkage(llvm::GlobalValue::WeakAnyLinkage);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  llvm::BasicBlock::Create(module.getContext(), "", function);
  return function;
}

}  // namespace

llvm::FunctionCallee MakeStub(llvm::Module& module, llvm::StringRef name,
                              llvm::FunctionType* type) {
  const llvm::FunctionCallee callee = module.getOrInsertFunction(name, type);
  llvm::Function* function = Begin(module, callee);
  if (function == nullptr) return callee;
  llvm::IRBuilder<> builder(&function->getEntryBlock());
  if (type->getReturnType()->isVoidTy())
    builder.CreateRetVoid();
  else
    builder.CreateRet(function->getArg(0));
  return callee;
}

llvm::FunctionCallee MakeForwardingStub(llvm::Module& module, llvm::StringRef name,
                                        llvm::Function& original) {
  const llvm::FunctionCallee callee = module.getOrInsertFunction(name, original.getFunctionType());
  llvm::Function* function = Begin(module, callee);
  if (function == nullptr) return callee;
  llvm::IRBuilder<> builder(&function->getEntryBlock());
  llvm::SmallVector<llvm::Value*, 4> arguments;
  for (llvm::Argument& argument : function->args()) arguments.push_back(&argument);
  llvm::CallInst* call = builder.CreateCall(&original, arguments);
  call->setTailCall();
  if (call->getType()->isVoidTy())
    builder.CreateRetVoid();
  else
    builder.CreateRet(call);
  return callee;
}

}  // namespace flushdep
