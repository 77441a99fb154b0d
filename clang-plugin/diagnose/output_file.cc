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

// A pipe or a device is written to, not replaced.
static bool WriteInPlace(llvm::StringRef path, llvm::StringRef text, std::string* error) {
  std::error_code code;
  llvm::raw_fd_ostream out(path, code, llvm::sys::fs::CD_OpenExisting);
  if (code) return Fail(path, code, error);
  out << text;
  out.close();
  code = out.error();
  out.clear_error();
  return code ? Fail(path, code, error) : true;
}

bool WriteWholeFile(llvm::StringRef path, llvm::StringRef text, std::string* error) {
  if (llvm::sys::fs::exists(path) && !llvm::sys::fs::is_regular_file(path) &&
      !llvm::sys::fs::is_directory(path))
    return WriteInPlace(path, text, error);
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
  // The first error is the one to tell.
  (void)llvm::sys::fs::remove(temporary);
  return Fail(path, code, error);
}

}  // namespace flushdep::plugin
