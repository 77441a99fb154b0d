// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/driver/added_flags.h"

#include "clang-plugin/driver/kernel_dialect.h"

namespace flushdep::driver {
namespace {

using Flags = std::vector<std::string>;
using Phase = CommandLine::Phase;

void Append(Flags& to, const Flags& from) { to.insert(to.end(), from.begin(), from.end()); }

// A flag that a phase does not need is no reason for a warning of clang's.
void Quieten(Flags& flags) {
  if (flags.empty()) return;
  flags.insert(flags.begin(), "--start-no-unused-arguments");
  flags.push_back("--end-no-unused-arguments");
}

// Debug information and walkable frames, for reports with symbols and stacks.
void AddReportFlags(Flags& flags) {
  Append(flags, {"-g", "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls"});
}

// Options of the pass's own: it must be loaded before options are read. For the compiler alone; the
// assembler does not know them.
Flags PassFlags(const DriverOptions& options, const Installation& installation) {
  Flags ours;
  if (!options.instrument) ours.push_back("-flushdep-instrument=0");
  for (const std::string& file : options.ignorelists)
    ours.push_back("-flushdep-ignorelist=" + file);
  Flags flags;
  if (ours.empty()) return flags;
  Append(flags, {"-Xclang", "-load", "-Xclang", installation.pass});
  for (const std::string& flag : ours) Append(flags, {"-Xclang", "-mllvm", "-Xclang", flag});
  // Make is told of them.
  for (const std::string& file : options.ignorelists)
    Append(flags, {"-Xclang", "-fdepfile-entry=" + file});
  return flags;
}

void AddCompileFlags(const DriverOptions& options, const CommandLine& line,
                     const Installation& installation, AddedFlags& added) {
  AddReportFlags(added.front);
  bool generates_code = line.phase == Phase::kCompile || line.phase == Phase::kLink;
  bool analyses = generates_code || line.phase == Phase::kSyntax;
  if (options.statics && analyses) Append(added.front, PluginFlags(options, installation));
  // The stamp is put in even when nothing is instrumented: it says who compiled the object.
  if (generates_code) added.front.push_back("-fpass-plugin=" + installation.pass);
  if (generates_code) Append(added.front, PassFlags(options, installation));
  if (options.kernel) {
    Append(added.front, KernelDialect(line));
    Append(added.back, KernelIncludes(installation));
  } else {
    added.back.push_back("-I" + installation.headers);
  }
}

// The runtime starts the machine before main(), so it must be in even if the
// program names none of its symbols. The KUnit runner's main() is an archive member:
// it is taken only if the program has no main of its own, and so is our mermap.
void AddLinkFlags(const DriverOptions& options, const Installation& installation, Flags& flags) {
  // A -x of the user's would have the archives compiled.
  Append(flags, {"-x", "none", "-Wl,-u,flushdep_emit"});
  // Instrumented libraries call the executable's.
  flags.push_back("-Wl,--export-dynamic-symbol=__flushdep_*");
  if (options.model) flags.push_back("-Wl,--defsym,__flushdep_default_model=1");
  if (!options.kernel) {
    flags.push_back(installation.runtime);
    return;
  }
  Append(flags, {"-Wl,--start-group", installation.kunit_main, installation.kernel_runtime,
                 installation.runtime, "-Wl,--end-group"});
}

}  // namespace

Flags PluginFlags(const DriverOptions& options, const Installation& installation) {
  Flags flags = {"-fplugin=" + installation.plugin};
  for (const std::string& argument : PluginArguments(options))
    flags.push_back("-fplugin-arg-" FLUSHDEP_PLUGIN_NAME "-" + argument);
  return flags;
}

AddedFlags FlagsFor(const DriverOptions& options, const CommandLine& line,
                    const Installation& installation) {
  AddedFlags added;
  if (line.phase == Phase::kInformation) return added;
  if (line.compiles_c_family()) AddCompileFlags(options, line, installation, added);
  bool links = line.phase == Phase::kLink && line.executable && line.has_inputs;
  if (links && options.runtime) AddLinkFlags(options, installation, added.back);
  Quieten(added.front);
  Quieten(added.back);
  return added;
}

}  // namespace flushdep::driver
