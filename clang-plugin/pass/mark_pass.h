// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Marks what is to be instrumented, at the start of the pipeline: the optimiser must not invent
// accesses on the way. `if (c) r = v->x` becomes an unconditional load where loads may be
// speculated, and that load may come after the put. LLVM refrains from it in functions of its own
// sanitizers, so each marked function carries such an attribute (sanitize_hwaddress, which means
// nothing else on x86) until InstrumentPass takes it away.
#ifndef FLUSHDEP_CLANG_PLUGIN_PASS_MARK_PASS_H_
#define FLUSHDEP_CLANG_PLUGIN_PASS_MARK_PASS_H_

#include <memory>
#include <string>
#include <vector>

#include "llvm/IR/PassManager.h"
#include "llvm/Support/SpecialCaseList.h"

namespace flushdep {

// String attributes of functions: to be instrumented; done, so that a second half of LTO leaves it.
inline constexpr char kInstrument[] = "flushdep-instrument";
inline constexpr char kInstrumented[] = "flushdep-instrumented";

class MarkPass : public llvm::PassInfoMixin<MarkPass> {
 public:
  // `ignorelists`: files in the format of clang's -fsanitize-ignorelist, of what stays unmarked:
  // `fun` (mangled name), `src` (where it was written) and `mainfile`, in a section that is
  // [flushdep], matches it, or has no name.
  explicit MarkPass(const std::vector<std::string>& ignorelists);

  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& manager);
  static bool isRequired() { return true; }

 private:
  bool IsIgnored(const llvm::Function& function) const;

  // Shared: passes are copied.
  std::shared_ptr<const llvm::SpecialCaseList> ignored_;
};

}  // namespace flushdep

#endif  // FLUSHDEP_CLANG_PLUGIN_PASS_MARK_PASS_H_
