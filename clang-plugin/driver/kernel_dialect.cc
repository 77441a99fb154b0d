// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/driver/kernel_dialect.h"

#include <iterator>

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace flushdep::driver {
namespace {

// As Linux 6.12's top Makefile and scripts/Makefile.extrawarn have them for
// clang, less what only makes sense for a kernel image (code model, no SSE,
// retpolines, no PIE). -fms-extensions came with 6.19 and harms nothing before.
constexpr const char* kDialect[] = {
    "-nostdinc",
    "-std=gnu11",
    "-D__KERNEL__",
    "-fshort-wchar",
    "-funsigned-char",
    "-fno-common",
    "-fno-strict-aliasing",
    "-fno-strict-overflow",
    "-fno-delete-null-pointer-checks",
    "-fstrict-flex-arrays=3",
    "-fms-extensions",
    "-Wno-microsoft-anon-tag",
    "-Werror=implicit-function-declaration",
    "-Werror=implicit-int",
    "-Werror=return-type",
    "-Werror=strict-prototypes",
    "-Werror=incompatible-pointer-types",
    "-Wno-gnu",
    "-Wno-trigraphs",
    "-Wno-pointer-sign",
    "-Wno-frame-address",
    "-Wno-format-security",
    "-Wno-address-of-packed-member",
    "-Wno-main",
};

// Kbuild includes these in front of every file; which of them the shim needs
// is the shim's affair, so presence decides.
constexpr const char* kForcedHeaders[] = {"linux/kconfig.h", "linux/compiler_types.h"};

// Kbuild gives every file the name of its module; pr_fmt() uses it as a string.
std::string ModuleName(const CommandLine& line) {
  if (line.c_inputs.size() != 1) return "-DKBUILD_MODNAME=__FILE_NAME__";
  return "-DKBUILD_MODNAME=\"" + llvm::sys::path::stem(line.c_inputs[0]).str() + "\"";
}

}  // namespace

std::vector<std::string> KernelDialect(const CommandLine& line) {
  std::vector<std::string> flags(std::begin(kDialect), std::end(kDialect));
  flags.push_back(ModuleName(line));
  return flags;
}

std::vector<std::string> KernelIncludes(const Installation& installation) {
  std::vector<std::string> flags = {"-I" + installation.kernel_headers, "-I" + installation.headers,
                                    "-isystem", installation.clang_resources + "/include"};
  for (const char* header : kForcedHeaders) {
    std::string path = installation.kernel_headers + "/" + header;
    if (!llvm::sys::fs::exists(path)) continue;
    flags.push_back("-include");
    flags.push_back(path);
  }
  return flags;
}

}  // namespace flushdep::driver
