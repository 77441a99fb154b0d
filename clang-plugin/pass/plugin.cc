// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FlushdepPass.so: what -fpass-plugin loads into clang 19 and -load-pass-plugin into opt-19.
// The stamp goes in at the start of every pipeline, LTO's first half included; so do the marks of
// what is to be instrumented, which is done at the end of the optimiser, before linking.
#include "clang-plugin/pass/instrument_pass.h"
#include "clang-plugin/pass/keep_calls_pass.h"
#include "clang-plugin/pass/mark_pass.h"
#include "clang-plugin/pass/stamp.h"
#include "clang-plugin/pass/stamp_pass.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/PassPlugin.h"
#include "llvm/Support/CommandLine.h"

namespace flushdep {
namespace {

// Known to clang only where the plugin was given to -load, too, before -mllvm is read.
llvm::cl::opt<bool> instrument("flushdep-instrument",
                               llvm::cl::desc("Check loads and stores of the simulated window"),
                               llvm::cl::init(true));

llvm::cl::list<std::string> ignorelists(
    "flushdep-ignorelist", llvm::cl::desc("Functions and files whose accesses are left alone"));

StampPass MakeStampPass() { return StampPass(instrument ? kStampInstrumented : 0); }

void Register(llvm::PassBuilder& builder) {
  builder.registerPipelineStartEPCallback(
      [](llvm::ModulePassManager& passes, llvm::OptimizationLevel) {
        passes.addPass(MakeStampPass());
        passes.addPass(KeepCallsPass());
        if (instrument) passes.addPass(MarkPass(ignorelists));
      });
  builder.registerOptimizerLastEPCallback(
      [](llvm::ModulePassManager& passes, llvm::OptimizationLevel) {
        if (instrument) passes.addPass(InstrumentPass());
      });
  builder.registerPipelineParsingCallback([](llvm::StringRef name, llvm::ModulePassManager& passes,
                                             llvm::ArrayRef<llvm::PassBuilder::PipelineElement>) {
    if (name == "flushdep-stamp") return passes.addPass(MakeStampPass()), true;
    if (name == "flushdep-mark") return passes.addPass(MarkPass(ignorelists)), true;
    if (name == "flushdep-instrument") return passes.addPass(InstrumentPass()), true;
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
