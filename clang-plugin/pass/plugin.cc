// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FlushdepPass.so: what -fpass-plugin loads into clang 19 and -load-pass-plugin into opt-19.
// The stamp goes in at the start of every pipeline, LTO's first half included.
// Passes that instrument loads and stores have their place at the end of the
// optimiser (registerOptimizerLastEPCallback) and then set kStampInstrumented here.
#include "clang-plugin/pass/keep_calls_pass.h"
#include "clang-plugin/pass/stamp_pass.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/PassPlugin.h"

namespace flushdep {
namespace {

// Nothing instruments yet, so nothing claims to be.
StampPass MakeStampPass() { return StampPass(/*flags=*/0); }

void Register(llvm::PassBuilder& builder) {
  builder.registerPipelineStartEPCallback(
      [](llvm::ModulePassManager& passes, llvm::OptimizationLevel) {
        passes.addPass(MakeStampPass());
        passes.addPass(KeepCallsPass());
      });
  builder.registerPipelineParsingCallback([](llvm::StringRef name, llvm::ModulePassManager& passes,
                                             llvm::ArrayRef<llvm::PassBuilder::PipelineElement>) {
    if (name == "flushdep-stamp") return passes.addPass(MakeStampPass()), true;
    if (name == "flushdep-keep-calls") return passes.addPass(KeepCallsPass()), true;
    return false;
  });
}

}  // namespace
}  // namespace flushdep

extern "C" __attribute__((visibility("default"))) llvm::PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "FlushdepPass", LLVM_VERSION_STRING, flushdep::Register};
}
