// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/driver/fingerprint.h"

#include <algorithm>

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

namespace flushdep::driver {
namespace {

using llvm::StringRef;

// In the order of their names, so that the hash does not hang on the file system.
std::vector<std::string> FilesIn(StringRef folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error))
    files.push_back(it->path());
  std::sort(files.begin(), files.end());
  return files;
}

// Clang is a thin program around these two; the plugin runs against the same.
std::vector<std::string> LlvmLibraries(const Installation& installation) {
  const StringRef lib =
      llvm::sys::path::parent_path(llvm::sys::path::parent_path(installation.clang_resources));
  std::vector<std::string> libraries;
  for (const std::string& file : FilesIn(lib)) {
    const StringRef name = llvm::sys::path::filename(file);
    const bool wanted = name.starts_with("libLLVM") || name.starts_with("libclang-cpp");
    if (!wanted || !name.contains(".so")) continue;
    llvm::SmallString<256> real;
    if (!llvm::sys::fs::real_path(file, real)) libraries.push_back(std::string(real));
  }
  // There are links for each of several names.
  std::sort(libraries.begin(), libraries.end());
  libraries.erase(std::unique(libraries.begin(), libraries.end()), libraries.end());
  return libraries;
}

void AppendAll(std::vector<std::string>& to, std::vector<std::string> from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::string Hex(const llvm::XXH128_hash_t& hash) {
  return llvm::utohexstr(hash.high64, true, 16) + llvm::utohexstr(hash.low64, true, 16);
}

}  // namespace

CompilerFingerprint FingerprintOf(const Installation& installation,
                                  const std::vector<std::string>& more) {
  std::vector<std::string> files = {"/proc/self/exe", installation.clang, installation.plugin,
                                    installation.pass};
  AppendAll(files, LlvmLibraries(installation));
  AppendAll(files, FilesIn(installation.protocols));
  AppendAll(files, more);
  // A hash of hashes: no file's end can pass for another's beginning.
  std::string digest;
  for (const std::string& file : files) {
    auto buffer = llvm::MemoryBuffer::getFile(file, false, false);
    if (!buffer) return {"", "cannot read '" + file + "': " + buffer.getError().message()};
    digest += Hex(llvm::xxh3_128bits(llvm::arrayRefFromStringRef((*buffer)->getBuffer())));
  }
  return {Hex(llvm::xxh3_128bits(llvm::arrayRefFromStringRef(digest))), ""};
}

}  // namespace flushdep::driver
