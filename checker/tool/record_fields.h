// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether the fields of a record, or of a header line, hold what docs/contract.md says
// they do. A field that is missing is not this file's business, and neither is one that
// the contract does not name. A field that does not apply is null.
#ifndef FLUSHDEP_CHECKER_TOOL_RECORD_FIELDS_H_
#define FLUSHDEP_CHECKER_TOOL_RECORD_FIELDS_H_

#include <optional>
#include <string>

#include "checker/report/report.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

namespace flushdep::tool {

std::optional<ReportKind> ParseKind(llvm::StringRef text);

// The first field with a wrong value, as a message; empty if there is none.
std::string WrongField(const llvm::json::Object& record);
std::string WrongHeaderField(const llvm::json::Object& header);

}  // namespace flushdep::tool

#endif  // FLUSHDEP_CHECKER_TOOL_RECORD_FIELDS_H_
