// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/pass/library_calls.h"

#include "clang-plugin/pass/stubs.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

namespace flushdep {
namespace {

// With runtime/access/library_*.cc.
const llvm::StringSet<>& Redirected() {
  static const llvm::StringSet<> names = {
#define FLUSHDEP_LIBRARY_CALL(name) #name,
#include "runtime/access/library_calls.def"
#undef FLUSHDEP_LIBRARY_CALL
  };
  return names;
}

}  // namespace

void RedirectLibraryCalls(llvm::Function& function) {
  for (llvm::Instruction& instruction : llvm::instructions(function))
    for (llvm::Use& use : instruction.operands()) {
      auto* callee = llvm::dyn_cast<llvm::Function>(use.get());
      if (callee == nullptr || !callee->isDeclaration() || callee->isIntrinsic() ||
          !Redirected().contains(callee->getName()))
        continue;
      llvm::FunctionCallee ours = MakeForwardingStub(
          *function.getParent(), ("__flushdep_" + callee->getName()).str(), *callee);
      use.set(ours.getCallee());
    }
}

}  // namespace flushdep
