// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The record file of a project: the units of a build, each with its header line
// and its findings. A build passes one `records=F` to all of its compiles, so a
// unit replaces its own part and leaves the others'. Compiles that run at once take turns (a
// lock file beside it while one writes); readers see the old file or the new one.
#ifndef FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_RECORD_FILE_H_
#define FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_RECORD_FILE_H_

#include <string>

#include "llvm/ADT/StringRef.h"

namespace flushdep::plugin {

// `text` without the parts whose header says that they are of `unit`. Lines
// that are no record stay where they are.
std::string WithoutUnit(llvm::StringRef text, llvm::StringRef unit);

// Puts `records` (a header line and findings) in the place of the unit's part.
// False with a message that names the file and the cause.
bool UpdateRecordFile(llvm::StringRef path, llvm::StringRef unit, llvm::StringRef records,
                      std::string* error);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_RECORD_FILE_H_
