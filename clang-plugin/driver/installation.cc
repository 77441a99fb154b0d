// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/driver/installation.h"

#include <cstdlib>

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

namespace flushdep::driver {
namespace {

std::string Join(llvm::StringRef prefix, llvm::StringRef rest) {
  llvm::SmallString<256> path(prefix);
  llvm::sys::path::append(path, rest);
  return std::string(path);
}

// .../PREFIX/bin/flushdep-clang -> .../PREFIX
std::string PrefixOfSelf() {
  llvm::SmallString<256> self;
  if (llvm::sys::fs::real_path("/proc/self/exe", self)) return "";
  llvm::StringRef bin = llvm::sys::path::parent_path(self);
  return llvm::sys::path::parent_path(bin).str();
}

// Debian keeps clang 19 below /usr/lib/llvm-19, and so does its CMake config:
// <clang's prefix>/lib/clang/<major>. A clang put in our place by the
// environment brings its own.
std::string ResourcesOf(llvm::StringRef clang) {
  llvm::SmallString<256> real;
  if (llvm::sys::fs::real_path(clang, real)) real = clang;
  llvm::StringRef prefix = llvm::sys::path::parent_path(llvm::sys::path::parent_path(real));
  return Join(prefix, "lib/clang/" FLUSHDEP_CLANG_MAJOR);
}

}  // namespace

Installation FindInstallation() {
  Installation found;
  found.prefix = PrefixOfSelf();
  found.plugin = Join(found.prefix, "lib/FlushdepPlugin.so");
  found.pass = Join(found.prefix, "lib/FlushdepPass.so");
  found.runtime = Join(found.prefix, "lib/libflushdep_rt.a");
  found.kernel_runtime = Join(found.prefix, "lib/libflushdep_kernel.a");
  found.kunit_main = Join(found.prefix, "lib/libflushdep_kunit_main.a");
  found.protocols = Join(found.prefix, "share/flushdep/protocols");
  found.headers = Join(found.prefix, "share/flushdep/include");
  found.kernel_headers = Join(found.prefix, "share/flushdep/kernel/include");
  std::optional<std::string> other = llvm::sys::Process::GetEnv("FLUSHDEP_CLANG");
  found.clang = other && !other->empty() ? *other : FLUSHDEP_CLANG_PATH;
  found.clang_resources = ResourcesOf(found.clang);
  return found;
}

}  // namespace flushdep::driver
