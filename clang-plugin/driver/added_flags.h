// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flags that the driver adds to clang's command line. What a user may
// want otherwise goes in front, so that the user's own flag comes later and wins;
// include paths and archives go behind.
#ifndef FLUSHDEP_CLANG_PLUGIN_DRIVER_ADDED_FLAGS_H_
#define FLUSHDEP_CLANG_PLUGIN_DRIVER_ADDED_FLAGS_H_

#include <string>
#include <vector>

#include "clang-plugin/driver/command_line.h"
#include "clang-plugin/driver/installation.h"
#include "clang-plugin/driver/options.h"

namespace flushdep::driver {

struct AddedFlags {
  std::vector<std::string> front;
  std::vector<std::string> back;
};

AddedFlags FlagsFor(const DriverOptions& options, const CommandLine& line,
                    const Installation& installation);

// -fplugin=... and the arguments for it.
std::vector<std::string> PluginFlags(const DriverOptions& options,
                                     const Installation& installation);

}  // namespace flushdep::driver

#endif  // FLUSHDEP_CLANG_PLUGIN_DRIVER_ADDED_FLAGS_H_
