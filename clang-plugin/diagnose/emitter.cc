// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/diagnose/emitter.h"

#include <vector>

namespace flushdep::plugin {
namespace {

using Level = clang::DiagnosticsEngine::Level;

// Advice names at most this many functions.
constexpr size_t kMaxNamed = 2;

std::string JoinNames(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size() && i < kMaxNamed; ++i) {
    if (i != 0) text += " or ";
    text += names[i] + "()";
  }
  return text;
}

llvm::StringRef View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Emitter::Emitter(clang::DiagnosticsEngine& diagnostics, const PluginOptions& options,
                 const Protocol& protocol)
    : diagnostics_(diagnostics), options_(options), protocol_(protocol) {}

void Emitter::Report(Level level, clang::SourceLocation where, llvm::StringRef message) {
  // The format string must not contain our text: it may have '%' in it.
  const unsigned id = diagnostics_.getDiagnosticIDs()->getCustomDiagID(
      static_cast<clang::DiagnosticIDs::Level>(level), "%0");
  diagnostics_.Report(where, id) << message;
}

void Emitter::ShowError(clang::SourceLocation where, llvm::StringRef message) {
  Report(Level::Error, where, message);
}

// The flush that would have been enough.
std::string Emitter::Remedy(const Verdict& verdict) const {
  if (verdict.rule == Rule::FD013 && verdict.put == nullptr)
    return "put it on every way out, or hand its handle on";
  if (verdict.rule == Rule::FD013) return "put each mapping once";
  if (verdict.rule == Rule::FD002) return "put the mapping and flush every CPU before this call";
  if (verdict.rule == Rule::FD008) return "use the address only between the get and the put";
  if (verdict.rule == Rule::FD014) return "move this call to where its contract allows it";
  const bool mapping = verdict.debt == DebtKind::Mapping;
  std::vector<std::string> names =
      protocol_.Flushers(mapping ? FlushScope::Mm : FlushScope::KernelRange);
  if (names.size() > 1) names.resize(1);
  const std::vector<std::string> all = protocol_.Flushers(FlushScope::All);
  names.insert(names.end(), all.begin(), all.end());
  const std::string named = JoinNames(names);
  return "a flush of every CPU between the " +
         std::string(mapping                           ? "put"
                     : verdict.debt == DebtKind::Table ? "clearing"
                                                       : "removal") +
         " and this call would suffice" + (named.empty() ? "" : ": " + named);
}

void Emitter::Show(const Finding& finding) {
  const bool fatal = options_.errors.test(static_cast<size_t>(finding.verdict.rule)) &&
                     finding.verdict.severity == Severity::Error;
  const bool error = fatal || diagnostics_.getWarningsAsErrors();
  if (!fatal && diagnostics_.getIgnoreAllWarnings()) return;
  const clang::SourceManager& sources = diagnostics_.getSourceManager();
  if (!fatal && diagnostics_.getSuppressSystemWarnings() && sources.isInSystemHeader(finding.where))
    return;
  const RuleInfo& rule = Info(finding.verdict.rule);
  Report(error ? Level::Error : Level::Warning, finding.where,
         finding.message + " [" + View(rule.id).str() + " " + View(rule.name).str() + "]");
  for (const WayPoint& point : finding.way) Report(Level::Note, point.where, point.text);
  Report(Level::Note, finding.where, Remedy(finding.verdict));
}

}  // namespace flushdep::plugin
