// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Findings as clang diagnostics. Clang's custom diagnostics know no warning
// groups and heed neither -w, -Werror nor system headers, so that is done here.
#ifndef FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_EMITTER_H_
#define FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_EMITTER_H_

#include <string>

#include "clang-plugin/consumer.h"
#include "clang-plugin/diagnose/finding.h"
#include "clang-plugin/protocol/protocol.h"
#include "clang/Basic/Diagnostic.h"

namespace flushdep::plugin {

class Emitter {
 public:
  Emitter(clang::DiagnosticsEngine& diagnostics, const PluginOptions& options,
          const Protocol& protocol);

  // Shows a finding with its notes, as a warning or error.
  void Show(const Finding& finding);

  // A problem of the input: always an error.
  void ShowError(clang::SourceLocation where, llvm::StringRef message);

 private:
  void Report(clang::DiagnosticsEngine::Level level, clang::SourceLocation where,
              llvm::StringRef message);
  std::string Remedy(const Verdict& verdict) const;

  clang::DiagnosticsEngine& diagnostics_;
  const PluginOptions& options_;
  const Protocol& protocol_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_EMITTER_H_
