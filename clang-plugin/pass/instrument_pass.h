// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sends accesses to the simulated window through the runtime (runtime/access/instrument.h), at the
// end of the optimiser.
//
// Whether an access may be one is decided once for the object it is based on: one subtraction and
// one comparison where the base comes to be, then one branch on that flag at each access. Behind
// the branch, out of the way, the runtime judges the access and returns where the host has the
// page; the access itself is there twice, so that the usual one keeps its addressing. Bases that
// cannot be in the window (locals, globals, what malloc() returned) are left alone.
//
// An access whose base is outside of the window, and which is not in its object, is not seen.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_INSTRUMENT_PASS_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_INSTRUMENT_PASS_H_

#include "llvm/IR/PassManager.h"

namespace flushdep {

class InstrumentPass : public llvm::PassInfoMixin<InstrumentPass> {
 public:
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& manager);
  static bool isRequired() { return true; }
};

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_INSTRUMENT_PASS_H_
