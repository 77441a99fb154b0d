// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep run: a program with run-time options. Becomes the program by exec, so
// status, signals and terminal are the program's own.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "checker/tool/arguments.h"
#include "checker/tool/command.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace flushdep::tool {
namespace {

using llvm::StringRef;

constexpr char kVariable[] = "FLUSHDEP_OPTIONS";

// Appends, since of two equal keys the later one counts for the runtime.
void Add(std::string& options, const llvm::Twine& item) {
  if (!options.empty()) options += ':';
  options += item.str();
}

// Log paths are made absolute: the program may change its folder before it writes.
std::string AbsolutePath(StringRef path) {
  llvm::SmallString<256> absolute(path);
  llvm::sys::fs::make_absolute(absolute);
  return std::string(absolute);
}

// --log=PREFIX is log_path=PREFIX; any other --KEY[=VALUE] is a run-time option
// and judged by the runtime, which knows them. Returns what is wrong, or nothing.
std::string AddOption(StringRef arg, std::string& options) {
  auto [key, value] = arg.drop_front(2).split('=');
  bool has_value = arg.contains('=');
  if (value.contains(':'))
    return ("value of '--" + key + "' must not contain ':', which separates options in " +
            kVariable)
        .str();
  if (key == "log" || key == "log_path" || key == "log-path") {
    if (value.empty()) return ("option '--" + key + "' needs a file name prefix").str();
    std::string path = AbsolutePath(value);
    if (StringRef(path).contains(':'))
      return "log path '" + path + "' must not contain ':', which separates options in " +
             kVariable;
    Add(options, "log_path=" + path);
    return "";
  }
  std::string name = key.str();
  for (char& c : name)
    if (c == '-') c = '_';
  Add(options, name + "=" + (has_value ? value : StringRef("1")));
  return "";
}

int Run(Arguments args) {
  const char* inherited = std::getenv(kVariable);
  std::string options = inherited == nullptr ? "" : inherited;
  while (!args.empty()) {
    StringRef arg = args.front();
    if (arg == "--") {
      args = args.drop_front();
      break;
    }
    if (!arg.starts_with("-")) break;
    if (!arg.starts_with("--"))
      return WrongUsage(kRunCommand, "unknown option '" + arg + "'; options are --KEY=VALUE");
    std::string problem = AddOption(arg, options);
    if (!problem.empty()) return WrongUsage(kRunCommand, problem);
    args = args.drop_front();
  }
  if (args.empty()) return WrongUsage(kRunCommand, "no program to run");
  setenv(kVariable, options.c_str(), 1);
  std::vector<char*> command;
  for (const char* arg : args) command.push_back(const_cast<char*>(arg));
  command.push_back(nullptr);
  execvp(command[0], command.data());
  return Fail(kRunCommand, kBadInput,
              llvm::Twine("cannot run '") + command[0] + "': " + std::strerror(errno));
}

}  // namespace

const Command kRunCommand = {
    "run", "run a program with run-time options",
    R"(Usage: flushdep run [--log=PREFIX] [--KEY=VALUE...] [--] PROGRAM [ARGUMENTS...]

Sets FLUSHDEP_OPTIONS and becomes PROGRAM; the status is PROGRAM's.
  --log=PREFIX    records of findings go to PREFIX.PID.jsonl
  --KEY[=VALUE]   any option of the runtime, as --cpus=8 or --halt-on-error;
                  'flushdep run --help=1 PROGRAM' has PROGRAM list them
Options come after those that FLUSHDEP_OPTIONS already holds, and win.
)",
    Run};

}  // namespace flushdep::tool
