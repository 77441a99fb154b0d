// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checker/tool/compile_command.h"

#include "clang-plugin/driver/command_line.h"
#include "clang-plugin/driver/kernel_dialect.h"
#include "clang-plugin/driver/options.h"
#include "clang/Driver/Options.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Path.h"

namespace flushdep::tool {
namespace {

namespace opts = clang::driver::options;
using llvm::StringRef;
using llvm::opt::Arg;
using llvm::opt::Option;
using Strings = std::vector<std::string>;

void Append(Strings& to, const Strings& from) { to.insert(to.end(), from.begin(), from.end()); }

// Options that write files, load other plugins, or set the phase: an analysis
// parses and does nothing else.
bool HasSideEffects(const Arg& arg) {
  const Option& option = arg.getOption();
  for (auto id : {opts::OPT_c, opts::OPT_S, opts::OPT_E, opts::OPT_o, opts::OPT_fplugin_EQ,
                  opts::OPT_fpass_plugin_EQ, opts::OPT_save_temps, opts::OPT_save_temps_EQ})
    if (option.matches(id)) return true;
  StringRef spelling = arg.getSpelling();
  if (spelling.starts_with("-fplugin-arg-")) return true;
  // -MD, -MMD, -MF FILE, -MP, -MQ, -MT; also by way of the preprocessor: -Wp,-MMD,FILE.
  if (option.matches(opts::OPT_M_Group)) return true;
  return option.matches(opts::OPT_Wp_COMMA) && arg.getNumValues() > 0 &&
         StringRef(arg.getValue()).starts_with("-M");
}

// Options of gcc that clang's table has not, or has with other values.
bool IsForeign(const Arg& arg) {
  if (arg.getOption().matches(opts::OPT_UNKNOWN)) return true;
  StringRef spelling = arg.getSpelling();
  return spelling.starts_with("-mpreferred-stack-boundary") ||
         spelling.starts_with("-mrecord-mcount") || spelling.starts_with("-mindirect-branch");
}

// The arguments without those that analysis must not or cannot have.
Strings Filter(llvm::ArrayRef<const char*> args) {
  unsigned missing_index = 0, missing_count = 0;
  llvm::opt::InputArgList parsed = clang::driver::getDriverOptTable().ParseArgs(
      args, missing_index, missing_count, llvm::opt::Visibility(opts::ClangOption));
  Strings kept;
  for (const Arg* arg : parsed) {
    if (HasSideEffects(*arg) || IsForeign(*arg)) continue;
    llvm::opt::ArgStringList rendered;
    arg->renderAsInput(parsed, rendered);
    for (const char* text : rendered) kept.push_back(text);
  }
  return kept;
}

bool IsCxxDriver(StringRef compiler) {
  StringRef name = llvm::sys::path::filename(compiler);
  return name.contains("++");
}

}  // namespace

AnalysisCommand ForAnalysis(llvm::ArrayRef<std::string> command,
                            const driver::Installation& installation) {
  AnalysisCommand result;
  if (command.empty()) {
    result.problem = "the command is empty";
    return result;
  }
  std::vector<const char*> args;
  for (const std::string& arg : command.drop_front())
    if (arg != "--") args.push_back(arg.c_str());
  driver::DriverOptions options;
  result.problem = driver::ParseDriverOptions(args, options);
  if (!result.problem.empty()) return result;
  result.plugin_arguments = driver::PluginArguments(options);

  bool cxx = IsCxxDriver(command.front());
  Strings& line = result.arguments;
  line = {installation.clang, cxx ? "--driver-mode=g++" : "--driver-mode=gcc",
          "-resource-dir=" + installation.clang_resources};
  driver::CommandLine facts = driver::ReadCommandLine(options.clang_args, cxx);
  result.c_family = facts.compiles_c_family();
  if (options.kernel) Append(line, driver::KernelDialect(facts));
  Append(line, Filter(options.clang_args));
  if (options.kernel)
    Append(line, driver::KernelIncludes(installation));
  else
    line.push_back("-I" + installation.headers);
  // Warnings of clang's own are not asked for here, and must not fail the parse.
  Append(line,
         {"-fsyntax-only", "-Wno-error", "-Wno-unknown-warning-option", "-Qunused-arguments"});
  return result;
}

}  // namespace flushdep::tool
