// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The `flushdep` command: finds the subcommand and runs it.
#include <iterator>
#include <string>

#include "checker/tool/command.h"
#include "clang-plugin/driver/standard_streams.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::tool {
namespace {

using llvm::StringRef;

const Command* const kCommands[] = {&kCheckCommand, &kExplainCommand, &kReportCommand,
                                    &kRunCommand};

void PrintHelp(llvm::raw_ostream& out) {
  out << "flushdep " FLUSHDEP_VERSION
         ": lockdep for TLB flushes\n\n"
         "Usage: flushdep COMMAND [ARGUMENTS...]\n\n";
  for (const Command* command : kCommands)
    out << "  " << llvm::left_justify(command->name, 10) << command->summary << "\n";
  out << "\nflushdep COMMAND --help says more; flushdep --version prints the version.\n"
         "Exit status: 0 clean, 1 findings at or above --fail-on, 2 wrong usage, 3 bad or\n"
         "incomplete input, 4 internal error.\n";
}

const Command* Find(StringRef name) {
  for (const Command* command : kCommands)
    if (command->name == name) return command;
  return nullptr;
}

int UnknownCommand(StringRef name) {
  llvm::errs() << "flushdep: error: unknown command '" << name << "'";
  for (const Command* command : kCommands)
    if (name.edit_distance(command->name, true, 2) <= 2)
      llvm::errs() << "; did you mean '" << command->name << "'?";
  llvm::errs() << " ('flushdep --help' lists the commands)\n";
  return kUsage;
}

bool AsksForHelp(StringRef arg) { return arg == "--help" || arg == "-h"; }

int Main(Arguments args) {
  if (args.empty()) {
    PrintHelp(llvm::errs());
    return kUsage;
  }
  StringRef name = args.front();
  args = args.drop_front();
  if (AsksForHelp(name) || name == "help") {
    PrintHelp(llvm::outs());
    return kClean;
  }
  if (name == "--version") {
    llvm::outs() << "flushdep " FLUSHDEP_VERSION "\n";
    return kClean;
  }
  const Command* command = Find(name);
  if (command == nullptr) return UnknownCommand(name);
  if (!args.empty() && AsksForHelp(args.front())) {
    llvm::outs() << command->help;
    return kClean;
  }
  return command->run(args);
}

}  // namespace

int Fail(const Command& command, Status status, const llvm::Twine& message) {
  llvm::errs() << "flushdep " << command.name << ": error: " << message << "\n";
  return status;
}

int WrongUsage(const Command& command, const llvm::Twine& message) {
  return Fail(command, kUsage, message + " ('flushdep " + command.name + " --help' says more)");
}

}  // namespace flushdep::tool

int main(int argc, char** argv) {
  flushdep::driver::ReserveStandardStreams();
  const int status = flushdep::tool::Main(llvm::ArrayRef(argv + (argc > 0), argv + argc));
  return flushdep::driver::StatusWithOutput("flushdep", status, flushdep::tool::kInternal);
}
