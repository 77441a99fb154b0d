// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/tool/analysis_action.h"

#include <memory>

#include "clang-plugin/consumer.h"
#include "clang/Basic/FileManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::tool {
namespace {

class AnalysisAction : public clang::ASTFrontendAction {
 public:
  explicit AnalysisAction(plugin::PluginOptions options) : options_(std::move(options)) {}

 protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler,
                                                        llvm::StringRef) override {
    return plugin::MakeConsumer(compiler, options_);
  }

 private:
  plugin::PluginOptions options_;
};

// Prints findings and errors. Everything else is for whoever compiles the
// file, not for whoever checks it.
class FindingPrinter : public clang::TextDiagnosticPrinter {
 public:
  using TextDiagnosticPrinter::TextDiagnosticPrinter;

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic& diagnostic) override {
    if (level != clang::DiagnosticsEngine::Note) wanted_ = IsWanted(level, diagnostic);
    if (wanted_) TextDiagnosticPrinter::HandleDiagnostic(level, diagnostic);
  }

 private:
  // A finding ends in its rule: "text [FD001 unflushed-free]".
  static bool IsWanted(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& diagnostic) {
    if (level >= clang::DiagnosticsEngine::Error) return true;
    llvm::SmallString<256> text;
    diagnostic.FormatDiagnostic(text);
    llvm::StringRef tail = text.str().rsplit('[').second;
    llvm::StringRef id = tail.split(' ').first;
    const RuleInfo* info = FindRule({id.data(), id.size()});
    return tail.ends_with("]") && info != nullptr;
  }

  bool wanted_ = false;  // of the last diagnostic that is no note
};

}  // namespace

bool AnalyseHere(const std::vector<std::string>& arguments,
                 llvm::ArrayRef<std::string> plugin_arguments, const AnalysisOutputs& outputs) {
  plugin::PluginOptions options;
  options.protocol_dir = plugin::ShippedProtocolDir();
  for (const std::string& argument : plugin_arguments) {
    std::string error;
    if (plugin::ParsePluginArgument(argument, options, &error)) continue;
    llvm::errs() << "error: " << error << "\n";
    return false;
  }
  // An error would end the analysis as one that did not compile; how severe a
  // finding is decides the caller, with --fail-on.
  options.errors.reset();
  options.records = outputs.records;
  options.summary_given = true;
  options.summary = outputs.summary;

  auto diagnostic_options = llvm::makeIntrusiveRefCnt<clang::DiagnosticOptions>();
  FindingPrinter printer(llvm::errs(), diagnostic_options.get());
  auto files = llvm::makeIntrusiveRefCnt<clang::FileManager>(clang::FileSystemOptions());
  clang::tooling::ToolInvocation invocation(
      arguments, std::make_unique<AnalysisAction>(std::move(options)), files.get());
  invocation.setDiagnosticConsumer(&printer);
  return invocation.run();
}

}  // namespace flushdep::tool
