// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/driver/command_line.h"

#include "clang/Driver/Options.h"
#include "clang/Driver/Types.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Path.h"

namespace flushdep::driver {
namespace {

namespace opts = clang::driver::options;
namespace types = clang::driver::types;
using llvm::StringRef;
using llvm::opt::Arg;
using llvm::opt::InputArgList;
using Phase = CommandLine::Phase;

// Asks of clang that end the command before any input is looked at.
bool IsInformation(const InputArgList& args) {
  for (const Arg* arg : args) {
    const llvm::opt::Option& option = arg->getOption();
    if (option.matches(opts::OPT__version) || option.matches(opts::OPT_help) ||
        option.matches(opts::OPT__help_hidden) || option.matches(opts::OPT_dumpversion) ||
        option.matches(opts::OPT_dumpmachine))
      return true;
    // -print-search-dirs, --print-file-name=..., and their many kin.
    StringRef name = option.getName();
    if (name.starts_with("print-") && !name.starts_with("print-stats")) return true;
  }
  return false;
}

Phase PhaseOf(const InputArgList& args) {
  if (IsInformation(args)) return Phase::kInformation;
  if (args.hasArg(opts::OPT_E, opts::OPT_M, opts::OPT_MM)) return Phase::kPreprocess;
  if (args.hasArg(opts::OPT_fsyntax_only, opts::OPT__analyze)) return Phase::kSyntax;
  if (args.hasArg(opts::OPT_S, opts::OPT_c, opts::OPT_emit_ast, opts::OPT__precompile))
    return Phase::kCompile;
  return Phase::kLink;
}

// The language of an input without -x, by its suffix: as clang does it.
types::ID TypeBySuffix(StringRef file, bool cxx_driver) {
  StringRef suffix = llvm::sys::path::extension(file);
  types::ID type = types::TY_Object;
  if (!suffix.empty()) {
    type = types::lookupTypeForExtension(suffix.drop_front());
    if (type == types::TY_INVALID) type = types::TY_Object;
  }
  return cxx_driver ? types::lookupCXXTypeForCType(type) : type;
}

void AddInput(StringRef file, types::ID forced, bool cxx_driver, CommandLine& line) {
  line.has_inputs = true;
  types::ID type = forced != types::TY_INVALID ? forced : TypeBySuffix(file, cxx_driver);
  if (type == types::TY_Object) {
    line.linker_inputs.push_back(file.str());
  } else if (types::isDerivedFromC(type)) {
    line.only_headers =
        types::onlyPrecompileType(type) && (line.only_headers || !line.compiles_c_family());
    (types::isCXX(type) ? line.cxx_inputs : line.c_inputs).push_back(file.str());
  }
}

void ReadInputs(const InputArgList& args, bool cxx_driver, CommandLine& line) {
  types::ID forced = types::TY_INVALID;  // -x LANG holds until the next -x
  for (const Arg* arg : args) {
    const llvm::opt::Option& option = arg->getOption();
    if (option.matches(opts::OPT_x)) {
      StringRef language = arg->getValue();
      forced = language == "none" ? types::TY_INVALID
                                  : types::lookupTypeForTypeSpecifier(arg->getValue());
    } else if (option.getKind() == llvm::opt::Option::InputClass) {
      AddInput(arg->getValue(), forced, cxx_driver, line);
    } else if (option.matches(opts::OPT_l)) {
      line.has_inputs = true;
    }
  }
}

}  // namespace

CommandLine ReadCommandLine(llvm::ArrayRef<const char*> raw, bool cxx_driver) {
  unsigned missing_index = 0, missing_count = 0;
  InputArgList args = clang::driver::getDriverOptTable().ParseArgs(
      raw, missing_index, missing_count, llvm::opt::Visibility(opts::ClangOption));
  CommandLine line;
  line.phase = PhaseOf(args);
  line.dry_run = args.hasArg(opts::OPT__HASH_HASH_HASH);
  line.executable = !args.hasArg(opts::OPT_shared, opts::OPT_r);
  ReadInputs(args, cxx_driver, line);
  if (line.only_headers && line.phase >= Phase::kCompile) line.phase = Phase::kPrecompile;
  return line;
}

}  // namespace flushdep::driver
