// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/diagnose/output_file.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::plugin {
namespace {

bool Fail(llvm::StringRef path, const std::error_code& code, std::string* error) {
  *error = "cannot write '" + path.str() + "': " + code.message();
  return false;
}

}  // namespace

bool WriteWholeFile(llvm::StringRef path, llvm::StringRef text, std::string* error) {
  int descriptor = -1;
  llvm::SmallString<256> temporary;
  const auto permissions = llvm::sys::fs::all_read | llvm::sys::fs::owner_write;
  if (const std::error_code code = llvm::sys::fs::createUniqueFile(
          path + ".%%%%%%.tmp", descriptor, temporary, llvm::sys::fs::OF_None,
          static_cast<llvm::sys::fs::perms>(permissions)))
    return Fail(path, code, error);
  llvm::raw_fd_ostream out(descriptor, /*shouldClose=*/true);
  out << text;
  out.close();
  std::error_code code = out.error();
  out.clear_error();
  if (!code) code = llvm::sys::fs::rename(temporary, path);
  if (!code) return true;
  llvm::sys::fs::remove(temporary);
  return Fail(path, code, error);
}

}  // namespace flushdep::plugin
