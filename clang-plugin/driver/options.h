// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The driver's own options, split from those that are clang's. What is not
// ours is kept untouched and in order.
#ifndef FLUSHDEP_CLANG_PLUGIN_DRIVER_OPTIONS_H_
#define FLUSHDEP_CLANG_PLUGIN_DRIVER_OPTIONS_H_

#include <string>
#include <vector>

#include "checker/rules/catalogue.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace flushdep::driver {

// What -W[no-][error=]flushdep-NAME leaves of one rule; the last one wins.
struct RuleSetting {
  bool enabled = true;
  bool error = false;
};

struct DriverOptions {
  bool kernel = false;
  bool statics = true;     // --flushdep-no-static turns the plugin off
  bool instrument = true;  // --flushdep-no-instrument
  bool runtime = true;     // --flushdep-no-runtime
  bool model = false;      // --flushdep-backend=model: the program's default
  bool allow_foreign = false;
  bool print_kcflags = false;
  bool print_fingerprint = false;
  bool help = false;
  std::vector<std::string> protocols;
  std::vector<std::string> ignorelists;
  std::string records;  // empty: none
  std::string summary;  // empty: the plugin's default
  RuleSetting rules[kNumRules];
  std::vector<const char*> clang_args;  // the rest, in order, with @files as they were
};

// Parses `args` (without argv[0]; response files expanded) into `options`.
// Returns an empty string, or what is wrong, one line without full stop.
std::string ParseDriverOptions(llvm::ArrayRef<const char*> args, DriverOptions& options);

// Is this one of the driver's own options rather than clang's?
bool IsDriverOption(llvm::StringRef arg);

// Text of --flushdep-help.
llvm::StringRef DriverHelp();

// The arguments of the plugin that say the same as `options` (docs/contract.md),
// without the -fplugin-arg- prefix.
std::vector<std::string> PluginArguments(const DriverOptions& options);

}  // namespace flushdep::driver

#endif  // FLUSHDEP_CLANG_PLUGIN_DRIVER_OPTIONS_H_
