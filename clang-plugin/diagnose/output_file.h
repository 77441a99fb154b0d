// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes a file so that readers see the old text or the whole new one: into a
// temporary beside it, then rename.
#ifndef FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_OUTPUT_FILE_H_
#define FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_OUTPUT_FILE_H_

#include <string>

#include "llvm/ADT/StringRef.h"

namespace flushdep::plugin {

// False with a message that names the file and the cause.
bool WriteWholeFile(llvm::StringRef path, llvm::StringRef text, std::string* error);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_DIAGNOSE_OUTPUT_FILE_H_
