// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The plugin as a library: what FlushdepPlugin.so runs inside a compile and
// `flushdep check` runs over a compilation database. Same options, same engine,
// same diagnostics.
//
// Use: fill a PluginOptions (ParsePluginArgument once per argument), hand it to
// MakeConsumer() and let Clang drive the consumer. Errors (protocol files,
// records that cannot be written) are reported through the CompilerInstance's
// diagnostics, so that the compile fails. No exceptions, no RTTI.
#ifndef FLUSHDEP_CLANG_PLUGIN_CONSUMER_H_
#define FLUSHDEP_CLANG_PLUGIN_CONSUMER_H_

#include <bitset>
#include <memory>
#include <string>
#include <vector>

#include "checker/rules/catalogue.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "llvm/ADT/StringRef.h"

namespace flushdep::plugin {

using RuleSet = std::bitset<kNumRules>;

struct PluginOptions {
  // Folder of the shipped protocols, all of which are loaded first; empty: none.
  std::string protocol_dir;
  // protocol=F: further protocol files, in order; later definitions win.
  std::vector<std::string> protocols;
  // error, error=FDnnn: rules whose findings (severity error) are compile errors.
  RuleSet errors;
  // no-FDnnn: rules that are off.
  RuleSet disabled;
  // records=F: JSON lines of all findings of the unit; empty: none.
  std::string records;
  // summary=F|none: where the unit's summary goes. Without it: OBJECT.fds
  // beside the object of a -c compile.
  bool summary_given = false;
  std::string summary;  // with summary_given: the file; empty means none
  // coverage: one line about what was analysed, on stderr.
  bool coverage = false;
  // explain=NAME: what is believed of the functions of that name and who said so, on stderr.
  std::string explain;
  // timing: one line about the CPU time of the plugin and of the process, on stderr.
  bool timing = false;
  // deep: bounds on the work for one function are raised (engine/limits.h).
  bool deep = false;
};

// One argument as spelled after -fplugin-arg-FlushdepPlugin-. On failure false, and
// `error` names the argument and what is allowed. Rules may be named by id or name.
bool ParsePluginArgument(llvm::StringRef argument, PluginOptions& options, std::string* error);

// The protocols that belong to the object this code is in: for FlushdepPlugin.so
// in build/lib or PREFIX/lib, ../share/flushdep/protocols; the same from a program
// in build/bin. Empty if that folder does not exist.
std::string ShippedProtocolDir();

// Never null. Reads the protocols at once; errors go to the diagnostics.
std::unique_ptr<clang::ASTConsumer> MakeConsumer(clang::CompilerInstance& compiler,
                                                 PluginOptions options);

}  // namespace flushdep::plugin

#endif  // FLUSHDEP_CLANG_PLUGIN_CONSUMER_H_
