// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernel mode: the C dialect that the kernel's own Makefile asks of clang, and
// an include path that holds flushdep's linux/ headers and no C library.
#ifndef FLUSHDEP_CLANG_PLUGIN_DRIVER_KERNEL_DIALECT_H_
#define FLUSHDEP_CLANG_PLUGIN_DRIVER_KERNEL_DIALECT_H_

#include <string>
#include <vector>

#include "clang-plugin/driver/command_line.h"
#include "clang-plugin/driver/installation.h"

namespace flushdep::driver {

// Dialect and warnings: go in front of the user's flags.
std::vector<std::string> KernelDialect(const CommandLine& line);

// Include path: goes behind the user's.
std::vector<std::string> KernelIncludes(const Installation& installation);

}  // namespace flushdep::driver

#endif  // FLUSHDEP_CLANG_PLUGIN_DRIVER_KERNEL_DIALECT_H_
