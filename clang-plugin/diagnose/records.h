// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Findings as records of docs/contract.md, through the writer that all parts of
// flushdep share, with fingerprints that the runtime computes alike: its lines and
// names come from the debug info that Clang makes of the same locations.
#ifndef FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_RECORDS_H_
#define FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_RECORDS_H_

#include <string>
#include <vector>

#include "clang-plugin/diagnose/finding.h"
#include "clang/Frontend/CompilerInstance.h"

namespace flushdep::plugin {

class RecordWriter {
 public:
  explicit RecordWriter(clang::CompilerInstance& compiler);

  void Add(const Finding& finding);
  // Puts into the header what was looked at: an object, as Summary::FunctionsJson() makes it.
  void SetCoverage(const std::string& functions);
  // All records so far, with the header line.
  const std::string& text() const { return text_; }
  // What the header calls the program: the main file, absolute.
  const std::string& unit() const { return unit_; }

  // 16 hex digits.
  std::string FingerprintOf(const Finding& finding) const;

 private:
  struct Place {
    std::string file;  // absolute
    unsigned line = 0;
    unsigned column = 0;
  };
  Place PlaceOf(clang::SourceLocation where) const;
  std::string FunctionName(const clang::FunctionDecl* function) const;
  llvm::StringRef TextOfFile(clang::SourceLocation where) const;

  clang::CompilerInstance& compiler_;
  mutable std::string other_text_;  // of a file that only a line marker names
  std::string text_;
  std::string unit_;
};

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_RECORDS_H_
