// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads records (schema 1 of docs/contract.md) that plugin, runtime or replay
// wrote, and joins those that are the same finding.
//
// Bad lines do not stop the reading: each gives a problem with its file and
// line, and what can be read is kept. Memory: O(distinct findings).
#ifndef FLUSHDEP_CHECKER_TOOL_RECORDS_H_
#define FLUSHDEP_CHECKER_TOOL_RECORDS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/report/report.h"
#include "checker/rules/catalogue.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

namespace flushdep::tool {

struct RecordEvent {
  std::string role;
  std::vector<std::string> frames;  // "function file:line:column", innermost first
};

// One finding, seen by one or several of plugin, runtime and replay.
struct Finding {
  Rule rule = Rule::FD001;
  Severity severity = Severity::Error;  // the strongest seen
  std::string fingerprint;
  std::string message;
  std::string site;
  std::map<ReportKind, uint64_t> seen;  // kind -> how often
  std::vector<RecordEvent> events;      // of the record with the most frames
};

class RecordSet {
 public:
  // Reads all of a file. A file that cannot be opened is a problem like any other.
  void AddFile(llvm::StringRef path);

  // Reads records out of `text`; problems name `path`.
  void AddText(llvm::StringRef path, llvm::StringRef text);

  // In the order in which they were first read.
  const std::vector<Finding>& findings() const { return findings_; }

  // "file:line: what is wrong", in the order of reading.
  const std::vector<std::string>& problems() const { return problems_; }

  // The strongest severity of all findings is at or above `threshold`.
  bool AnyAtOrAbove(Severity threshold) const;

 private:
  // What the header lines of one file said so far.
  struct Headers {
    std::set<std::string> units;     // their programs
    std::optional<int64_t> process;  // of the last one, if it is the runtime's
  };

  // Both return what is wrong with the line, or nothing.
  std::string AddLine(llvm::StringRef line, bool first_of_file, Headers& headers);
  static std::string AddHeader(const llvm::json::Object& header, bool first_of_file,
                               Headers& headers);
  void Merge(Finding finding);

  std::vector<Finding> findings_;
  std::map<std::string, size_t> by_fingerprint_;
  std::vector<std::string> problems_;
};

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_RECORDS_H_
