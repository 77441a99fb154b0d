// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep report: records of plugin, runtime and replay as text, each finding once.
#include <optional>
#include <vector>

#include "checker/tool/arguments.h"
#include "checker/tool/command.h"
#include "checker/tool/coverage.h"
#include "checker/tool/printable.h"
#include "checker/tool/records.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::tool {
namespace {

using llvm::StringRef;

struct Options {
  Severity fail_on = Severity::Error;
  std::vector<StringRef> files;
};

void PrintKinds(const Finding& finding) {
  llvm::outs() << "  found by: ";
  bool first = true;
  for (auto [kind, count] : finding.seen) {
    if (!first) llvm::outs() << ", ";
    first = false;
    llvm::outs() << StringRef(ReportKindName(kind));
    if (count > 1) llvm::outs() << " (" << count << " times)";
  }
  llvm::outs() << "\n";
}

void PrintFinding(const Finding& finding) {
  const RuleInfo& info = Info(finding.rule);
  llvm::outs() << StringRef(SeverityName(finding.severity)) << ": " << Printable(finding.message)
               << " [" << StringRef(info.id) << " " << StringRef(info.name) << "]\n";
  if (!finding.site.empty()) llvm::outs() << "  at: " << Printable(finding.site) << "\n";
  PrintKinds(finding);
  llvm::outs() << "  fingerprint: " << finding.fingerprint << "\n";
  for (const RecordEvent& event : finding.events) {
    llvm::outs() << "  " << event.role << ":\n";
    for (const std::string& frame : event.frames)
      llvm::outs() << "    " << Printable(frame) << "\n";
  }
  llvm::outs() << "\n";
}

// The status if the arguments are wrong.
std::optional<int> Parse(Arguments args, Options& options) {
  ArgumentWalk walk(args);
  while (const char* raw = walk.Next()) {
    StringRef arg = raw;
    if (std::optional<StringRef> value = walk.Value(arg, "--fail-on")) {
      std::optional<Severity> severity = ParseSeverity(*value);
      if (!severity)
        return WrongUsage(kReportCommand,
                          "--fail-on takes error, possible or advice, not '" + *value + "'");
      options.fail_on = *severity;
    } else if (walk.IsOperand(arg)) {
      options.files.push_back(arg);
    } else {
      return WrongUsage(kReportCommand, "unknown option '" + arg + "'");
    }
  }
  if (options.files.empty()) return WrongUsage(kReportCommand, "name at least one record file");
  return std::nullopt;
}

// What the files hold, by their names: summaries of the plugin, or records.
struct Contents {
  RecordSet records;
  Coverage coverage;
  size_t num_summaries = 0;
  std::vector<std::string> problems;
};

void ReadSummary(StringRef path, Contents& contents) {
  ++contents.num_summaries;
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNull=*/false);
  if (!buffer)
    contents.problems.push_back((path + ": cannot be read: " + buffer.getError().message()).str());
  else if (!contents.coverage.Add(path, (*buffer)->getBuffer()))
    contents.problems.push_back((path + ":1: no summary of the plugin").str());
}

void Print(const Contents& contents, size_t num_record_files) {
  if (contents.num_summaries != 0) llvm::outs() << contents.coverage.Text();
  if (num_record_files == 0) return;
  for (const Finding& finding : contents.records.findings()) PrintFinding(finding);
  size_t count = contents.records.findings().size();
  llvm::outs() << count << (count == 1 ? " finding" : " findings") << " in " << num_record_files
               << (num_record_files == 1 ? " file\n" : " files\n");
}

int Run(Arguments args) {
  Options options;
  if (std::optional<int> status = Parse(args, options)) return *status;
  Contents contents;
  for (StringRef file : options.files) {
    if (file.ends_with(".fds"))
      ReadSummary(file, contents);
    else
      contents.records.AddFile(file);
  }
  Print(contents, options.files.size() - contents.num_summaries);
  llvm::outs().flush();
  llvm::append_range(contents.problems, contents.records.problems());
  for (const std::string& problem : contents.problems) Fail(kReportCommand, kBadInput, problem);
  if (!contents.problems.empty()) return kBadInput;
  return contents.records.AnyAtOrAbove(options.fail_on) ? kFindings : kClean;
}

}  // namespace

const Command kReportCommand = {"report", "show findings out of record files, each once",
                                R"(Usage: flushdep report [--fail-on=SEVERITY] FILE...

Reads what plugin (records=F), runtime (log_path) and replay wrote. A finding that
several of them made is shown once, with all that made it. Of summaries (*.fds) it
shows how much code was analysed.
  --fail-on=error|possible|advice
                  status 1 if a finding is at least this severe (default: error)
A line that is cut off or no record gives status 3; the rest is still shown.
)",
                                Run};

}  // namespace flushdep::tool
