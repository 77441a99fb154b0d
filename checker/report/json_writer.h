// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The JSON-lines form of a report: record schema 1 of docs/contract.md. One
// object on one line, keys in the contract's order, a newline at the end.
// Numbers that are not known are null; addresses are "0x..." strings, since
// kernel addresses do not fit a double. Input bytes that are no UTF-8 are replaced.
#ifndef FLUSHDEP_CHECKER_REPORT_JSON_WRITER_H_
#define FLUSHDEP_CHECKER_REPORT_JSON_WRITER_H_

#include <cstdint>
#include <string_view>

#include "checker/report/report.h"

namespace flushdep {

// First line of every record file: says what wrote it.
struct LogHeader {
  ReportKind kind = ReportKind::Runtime;
  std::string_view version;  // of flushdep
  std::string_view program;  // executable, or source file for the plugin
  uint64_t pid = kNoNumber;
  uint64_t cpus = kNoNumber;
};

void WriteJsonHeader(const LogHeader& header, const Sink& sink);
void WriteJson(const Report& report, const Sink& sink);

}  // namespace flushdep

#endif  // FLUSHDEP_CHECKER_REPORT_JSON_WRITER_H_
