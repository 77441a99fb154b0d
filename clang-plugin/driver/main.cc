// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep-clang and flushdep-clang++: clang 19 with flushdep's plugin, pass and
// runtime added. Becomes clang by exec, so signals, output and status are clang's
// own. Statuses of its own: 2 usage, 3 bad input, 4 internal.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "clang-plugin/driver/added_flags.h"
#include "clang-plugin/driver/command_line.h"
#include "clang-plugin/driver/fingerprint.h"
#include "clang-plugin/driver/foreign_objects.h"
#include "clang-plugin/driver/installation.h"
#include "clang-plugin/driver/options.h"
#include "clang-plugin/driver/standard_streams.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SpecialCaseList.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::driver {
namespace {

using llvm::StringRef;
using Arguments = llvm::SmallVector<const char*, 64>;
using Phase = CommandLine::Phase;

enum Status { kOk = 0, kUsage = 2, kBadInput = 3, kInternal = 4 };

std::string g_name;  // as called: flushdep-clang or flushdep-clang++

int Fail(Status status, const llvm::Twine& message) {
  llvm::errs() << g_name << ": error: " << message << "\n";
  return status;
}

// What clang itself would see. An @file stays one argument for clang unless
// options of ours are inside, which clang would not know.
std::string ExpandResponseFiles(llvm::ArrayRef<const char*> raw, llvm::StringSaver& saver,
                                Arguments& expanded, bool& hides_ours) {
  for (const char* arg : raw) {
    Arguments one = {arg};
    llvm::cl::ExpansionContext context(saver.getAllocator(), llvm::cl::TokenizeGNUCommandLine);
    if (llvm::Error error = context.expandResponseFiles(one))
      return llvm::toString(std::move(error));
    if (one.size() != 1 || one[0] != arg)
      hides_ours |= llvm::any_of(one, [](const char* inner) { return IsDriverOption(inner); });
    expanded.append(one.begin(), one.end());
  }
  return "";
}

// After "--" everything is a file, so nothing could be added behind it. Without
// it the same files are meant if a leading dash is hidden by "./".
Arguments WithoutDashDash(llvm::ArrayRef<const char*> args, llvm::StringSaver& saver) {
  Arguments result;
  bool files_only = false;
  for (const char* arg : args) {
    if (!files_only && StringRef(arg) == "--")
      files_only = true;
    else if (files_only && arg[0] == '-')
      result.push_back(saver.save(llvm::Twine("./") + arg).data());  // NOLINT: ends with a zero
    else
      result.push_back(arg);
  }
  return result;
}

int PrintKcflags(const DriverOptions& options, const Installation& installation) {
  std::vector<std::string> flags = PluginFlags(options, installation);
  llvm::interleave(flags, llvm::outs(), " ");
  llvm::outs() << "\n";
  return kOk;
}

// Files that decide what is compiled and that no preprocessor would name.
std::vector<std::string> FilesNamedBy(const DriverOptions& options) {
  std::vector<std::string> files = options.protocols;
  llvm::append_range(files, options.ignorelists);
  return files;
}

int PrintFingerprint(const DriverOptions& options, const Installation& installation) {
  CompilerFingerprint fingerprint = FingerprintOf(installation, FilesNamedBy(options));
  if (fingerprint.hex.empty()) return Fail(kBadInput, fingerprint.problem);
  llvm::outs() << fingerprint.hex << "\n";
  return kOk;
}

// What is needed and not there: named here, since clang's own message would not
// say how to get it.
std::string MissingPart(const DriverOptions& options, const CommandLine& line,
                        const Installation& installation) {
  std::vector<std::string> parts;
  bool generates_code = line.phase == Phase::kCompile || line.phase == Phase::kLink;
  if (line.compiles_c_family() && options.statics && line.phase >= Phase::kSyntax)
    llvm::append_values(parts, installation.plugin, installation.protocols);
  if (line.compiles_c_family() && generates_code) parts.push_back(installation.pass);
  if (line.compiles_c_family() && options.kernel) parts.push_back(installation.kernel_headers);
  if (line.phase == Phase::kLink && line.executable && line.has_inputs && options.runtime) {
    parts.push_back(installation.runtime);
    if (options.kernel)
      llvm::append_values(parts, installation.kernel_runtime, installation.kunit_main);
  }
  for (const std::string& part : parts)
    if (!llvm::sys::fs::exists(part)) return part;
  return "";
}

// What is wrong with the lists of what is not to be instrumented; empty if nothing is.
std::string WrongIgnorelist(const DriverOptions& options) {
  std::string problem;
  for (const std::string& file : options.ignorelists)
    if (!llvm::SpecialCaseList::create({file}, *llvm::vfs::getRealFileSystem(), problem))
      return ("ignore list '" + llvm::Twine(file) + "': " + problem).str();
  return "";
}

int CheckInputs(const DriverOptions& options, const CommandLine& line,
                const Installation& installation) {
  if (options.kernel && !line.cxx_inputs.empty())
    return Fail(kUsage, "--flushdep-kernel compiles C only, and '" + line.cxx_inputs[0] +
                            "' is C++; compile it without --flushdep-kernel and link the objects");
  std::string missing = MissingPart(options, line, installation);
  if (!missing.empty())
    return Fail(kBadInput, "'" + missing +
                               "' does not exist; build flushdep completely, or "
                               "install it with all its parts below one prefix");
  for (const std::string& file : options.protocols)
    if (!llvm::sys::fs::exists(file))
      return Fail(kBadInput, "protocol file '" + file + "' does not exist");
  std::string wrong = WrongIgnorelist(options);
  if (!wrong.empty()) return Fail(kBadInput, wrong);
  if (line.phase != Phase::kLink || line.dry_run || !options.runtime || options.allow_foreign)
    return kOk;
  std::vector<std::string> foreign = FindForeignObjects(line.linker_inputs);
  for (const std::string& problem : foreign) Fail(kBadInput, problem);
  if (foreign.empty()) return kOk;
  llvm::errs() << g_name << ": note: compile it again with flushdep-clang, or link it unchecked "
               << "with --flushdep-allow-foreign\n";
  return kBadInput;
}

int Exec(const Installation& installation, bool cxx_driver, const AddedFlags& added,
         llvm::ArrayRef<const char*> args) {
  std::vector<const char*> command = {installation.clang.c_str()};
  if (cxx_driver) command.push_back("--driver-mode=g++");
  for (const std::string& flag : added.front) command.push_back(flag.c_str());
  command.insert(command.end(), args.begin(), args.end());
  for (const std::string& flag : added.back) command.push_back(flag.c_str());
  command.push_back(nullptr);
  execv(installation.clang.c_str(), const_cast<char* const*>(command.data()));
  return Fail(kBadInput, "cannot run '" + installation.clang + "': " + std::strerror(errno) +
                             "; install clang-19, or name one in FLUSHDEP_CLANG");
}

int Run(llvm::ArrayRef<const char*> raw, bool cxx_driver) {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  Arguments expanded;
  bool hides_ours = false;
  std::string problem = ExpandResponseFiles(raw, saver, expanded, hides_ours);
  if (!problem.empty()) return Fail(kBadInput, problem);

  DriverOptions options;  // from all arguments, and its clang_args as clang sees them
  problem = ParseDriverOptions(expanded, options);
  if (!problem.empty()) return Fail(kUsage, problem);
  if (options.help) {
    llvm::outs() << DriverHelp();
    return kOk;
  }
  Installation installation = FindInstallation();
  if (installation.prefix.empty()) return Fail(kInternal, "cannot read /proc/self/exe");
  if (options.print_fingerprint) return PrintFingerprint(options, installation);
  if (options.print_kcflags) return PrintKcflags(options, installation);

  CommandLine line = ReadCommandLine(WithoutDashDash(options.clang_args, saver), cxx_driver);
  if (int status = CheckInputs(options, line, installation)) return status;

  DriverOptions unexpanded;
  if (!hides_ours) ParseDriverOptions(raw, unexpanded);
  const auto& passed = hides_ours ? options.clang_args : unexpanded.clang_args;
  return Exec(installation, cxx_driver, FlagsFor(options, line, installation),
              WithoutDashDash(passed, saver));
}

}  // namespace
}  // namespace flushdep::driver

int main(int argc, char** argv) {
  flushdep::driver::g_name = llvm::sys::path::filename(argc > 0 ? argv[0] : "flushdep-clang").str();
  bool cxx_driver = llvm::StringRef(flushdep::driver::g_name).ends_with("++");
  const int status =
      flushdep::driver::Run(llvm::ArrayRef(argv + (argc > 0), argv + argc), cxx_driver);
  return flushdep::driver::StatusWithOutput(flushdep::driver::g_name, status,
                                            flushdep::driver::kInternal);
}
