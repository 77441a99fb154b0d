// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads protocol files (docs/protocol.md). Errors name file, line and column,
// the cause, and what is allowed there; a file with an error defines nothing.
#ifndef FLUSHDEP_CLANG_PLUGIN_PROTOCOL_YAML_READER_H_
#define FLUSHDEP_CLANG_PLUGIN_PROTOCOL_YAML_READER_H_

#include <string>
#include <vector>

#include "clang-plugin/protocol/protocol.h"
#include "llvm/ADT/StringRef.h"

namespace flushdep::plugin {

// The version that a file's `flushdep-protocol:` key names.
inline constexpr int kProtocolVersion = 1;

struct FileError {
  std::string file;
  unsigned line = 0;  // 0: the file as a whole
  unsigned column = 0;
  std::string message;
  // "file:line:column: message", or "file: message".
  std::string Text() const;
};

// Adds the definitions of `text` to `protocol`; false with at least one error.
bool ReadProtocolText(llvm::StringRef text, llvm::StringRef file, Protocol& protocol,
                      std::vector<FileError>& errors);

// The same from a file.
bool ReadProtocolFile(llvm::StringRef file, Protocol& protocol, std::vector<FileError>& errors);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_PROTOCOL_YAML_READER_H_
