// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/tool/printable.h"

#include "llvm/ADT/StringExtras.h"

namespace flushdep::tool {

using llvm::StringRef;

std::string Printable(StringRef text) {
  std::string printable;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = text[i];
    const unsigned char next = i + 1 < text.size() ? text[i + 1] : 0;
    if (c == '\n') {
      printable += "\\n";
    } else if (c == '\r') {
      printable += "\\r";
    } else if (c == '\t') {
      printable += "\\t";
    } else if (c < 0x20 || c == 0x7f) {
      printable += "\\x" + llvm::utohexstr(c, /*LowerCase=*/true, /*Width=*/2);
    } else if (c == 0xc2 && next >= 0x80 && next <= 0x9f) {
      // The second set of control characters: U+009B starts a sequence as ESC [ does.
      printable += "\\u00" + llvm::utohexstr(next, /*LowerCase=*/true, /*Width=*/2);
      ++i;
    } else {
      printable += static_cast<char>(c);
    }
  }
  return printable;
}

}  // namespace flushdep::tool
