// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep check: the plugin's analysis over a compilation database.
#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "checker/tool/arguments.h"
#include "checker/tool/command.h"
#include "checker/tool/compile_command.h"
#include "checker/tool/coverage.h"
#include "checker/tool/records.h"
#include "checker/tool/unit.h"
#include "clang-plugin/driver/command_line.h"
#include "clang-plugin/driver/installation.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::tool {
namespace {

using clang::tooling::CompileCommand;
using clang::tooling::JSONCompilationDatabase;
using llvm::StringRef;

constexpr unsigned kMaxJobs = 1024;

struct Options {
  std::string database;  // folder or file
  std::vector<std::string> plugin_arguments;
  std::string records;  // empty: none
  Severity fail_on = Severity::Error;
  unsigned jobs = 1;
  std::string explain;  // a function
  bool quiet = false;
  std::vector<std::string> files;
};

std::string Absolute(StringRef path) {
  llvm::SmallString<256> absolute(path);
  llvm::sys::fs::make_absolute(absolute);
  llvm::sys::path::remove_dots(absolute, /*remove_dot_dot=*/true);
  return std::string(absolute);
}

// One option with a value. Returns what is wrong, or nothing.
std::string ParseJobs(StringRef value, Options& options) {
  if (!value.getAsInteger(10, options.jobs) && options.jobs >= 1 && options.jobs <= kMaxJobs)
    return "";
  return ("-j takes a number from 1 to " + llvm::Twine(kMaxJobs) + ", not '" + value + "'").str();
}

std::string ParseFailOn(StringRef value, Options& options) {
  std::optional<Severity> severity = ParseSeverity(value);
  if (!severity) return ("--fail-on takes error, possible or advice, not '" + value + "'").str();
  options.fail_on = *severity;
  return "";
}

// Returns what is wrong with the usage, or nothing.
std::string Parse(Arguments args, Options& options) {
  options.jobs = std::clamp(std::thread::hardware_concurrency(), 1u, kMaxJobs);
  ArgumentWalk walk(args);
  while (const char* raw = walk.Next()) {
    StringRef arg = raw;
    std::string problem;
    if (auto path = walk.Value(arg, "--protocol"))
      options.plugin_arguments.push_back("protocol=" + Absolute(*path));
    else if (auto path = walk.Value(arg, "--records"))
      options.records = path->str();
    else if (auto value = walk.Value(arg, "--fail-on"))
      problem = ParseFailOn(*value, options);
    else if (auto path = walk.Value(arg, "-p"))
      options.database = path->str();
    else if (auto value = walk.Value(arg, "-j"))
      problem = ParseJobs(*value, options);
    else if (auto name = walk.Value(arg, "--explain-function"))
      options.explain = name->str();
    else if (arg == "--deep")
      options.plugin_arguments.push_back("deep");
    else if (arg == "--quiet")
      options.quiet = true;
    else if (walk.IsOperand(arg))
      options.files.push_back(arg.str());
    else
      problem = ("unknown option '" + arg + "'").str();
    if (!walk.problem().empty()) return walk.problem();
    if (!problem.empty()) return problem;
  }
  if (!options.explain.empty()) options.plugin_arguments.push_back("explain=" + options.explain);
  return options.database.empty() ? "name the build folder with -p BUILD" : "";
}

// What the run adds up to.
struct Totals {
  RecordSet records;
  std::string records_text;     // of all units
  std::set<std::string> units;  // those with a header there
  Coverage coverage;
  unsigned incomplete = 0;  // inputs that could not be analysed
  unsigned crashed = 0;
  unsigned other_language = 0;
};

std::unique_ptr<clang::tooling::CompilationDatabase> LoadDatabase(const Options& options,
                                                                  std::string& error) {
  llvm::SmallString<256> path(options.database);
  if (!llvm::StringRef(path).ends_with(".json"))
    llvm::sys::path::append(path, "compile_commands.json");
  if (!llvm::sys::fs::exists(path)) {
    error = ("'" + path + "' does not exist; have the build write it (CMake: " +
             "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON; Kbuild: make compile_commands.json)")
                .str();
    return nullptr;
  }
  auto database = JSONCompilationDatabase::loadFromFile(
      path, error, clang::tooling::JSONCommandLineSyntax::AutoDetect);
  if (!database) {
    error = ("'" + path + "': " + StringRef(error).trim()).str();
    return nullptr;
  }
  return clang::tooling::expandResponseFiles(std::move(database), llvm::vfs::getRealFileSystem());
}

// The commands to analyse: of the named files, or all.
std::vector<CompileCommand> SelectCommands(const clang::tooling::CompilationDatabase& database,
                                           const Options& options, Totals& totals) {
  if (options.files.empty()) return database.getAllCompileCommands();
  std::vector<CompileCommand> selected;
  for (const std::string& file : options.files) {
    std::vector<CompileCommand> commands = database.getCompileCommands(Absolute(file));
    if (commands.empty()) {
      ++totals.incomplete;
      Fail(kCheckCommand, kBadInput,
           "'" + file + "' " +
               (llvm::sys::fs::exists(file) ? "is not in the compilation database"
                                            : "does not exist"));
    }
    llvm::append_range(selected, commands);
  }
  return selected;
}

std::vector<Unit> MakeUnits(llvm::ArrayRef<CompileCommand> commands, const Options& options,
                            Totals& totals) {
  driver::Installation installation = driver::FindInstallation();
  std::vector<Unit> units;
  for (const CompileCommand& command : commands) {
    AnalysisCommand analysis = ForAnalysis(command.CommandLine, installation);
    if (!analysis.problem.empty()) {
      ++totals.incomplete;
      Fail(kCheckCommand, kBadInput, "command of '" + command.Filename + "': " + analysis.problem);
      continue;
    }
    if (!analysis.c_family) {
      ++totals.other_language;
      continue;
    }
    llvm::append_range(analysis.plugin_arguments, options.plugin_arguments);
    units.push_back({command.Filename, command.Directory, std::move(analysis.arguments),
                     std::move(analysis.plugin_arguments)});
  }
  return units;
}

void AddResult(const Unit& unit, const UnitResult& result, Totals& totals) {
  llvm::errs() << result.diagnostics;
  if (result.end == UnitResult::End::kCrashed) {
    ++totals.crashed;
    Fail(kCheckCommand, kInternal, "analysis of '" + unit.file + "' " + result.crash);
  }
  if (result.end == UnitResult::End::kFailed) {
    ++totals.incomplete;
    Fail(kCheckCommand, kBadInput, "'" + unit.file + "' could not be analysed");
  }
  if (!result.records.empty()) {
    totals.records.AddText(unit.file + " (records)", result.records);
    // Each unit behind its own header, which says what was looked at there.
    StringRef text = result.records;
    const bool is_new = totals.units.insert(unit.file).second;
    totals.records_text += is_new ? text : text.split('\n').second;
  }
  totals.coverage.Add(unit.file, result.summary);
}

// On a terminal, where the line is written over and over; a log needs none.
void ShowProgress(const Options& options, size_t done, size_t all) {
  if (options.quiet || !llvm::errs().is_displayed()) return;
  llvm::errs() << "\r[" << done << "/" << all << "]" << (done == all ? "\r\033[K" : "");
  llvm::errs().flush();
}

bool WriteRecords(const Options& options, const Totals& totals) {
  std::error_code error;
  llvm::raw_fd_ostream out(options.records, error);
  if (!error) out << totals.records_text;
  out.flush();
  if (!error && !out.has_error()) return true;
  std::string why = (error ? error : out.error()).message();
  out.clear_error();
  Fail(kCheckCommand, kBadInput, "cannot write '" + options.records + "': " + why);
  return false;
}

int Conclude(const Options& options, size_t num_units, const Totals& totals) {
  llvm::outs() << totals.coverage.Text();
  llvm::outs() << "units: " << num_units << " analysed or tried, " << totals.incomplete
               << " failed, " << totals.crashed << " crashed";
  if (totals.other_language != 0) llvm::outs() << ", " << totals.other_language << " not C or C++";
  llvm::outs() << "\nfindings: " << totals.records.findings().size() << "\n";
  llvm::outs().flush();
  for (const std::string& problem : totals.records.problems())
    Fail(kCheckCommand, kInternal, problem);
  bool written = options.records.empty() || WriteRecords(options, totals);
  if (totals.crashed != 0 || !totals.records.problems().empty()) return kInternal;
  if (totals.incomplete != 0 || !written) return kBadInput;
  return totals.records.AnyAtOrAbove(options.fail_on) ? kFindings : kClean;
}

int Run(Arguments args) {
  Options options;
  std::string problem = Parse(args, options);
  if (!problem.empty()) return WrongUsage(kCheckCommand, problem);
  for (const std::string& argument : options.plugin_arguments) {
    StringRef file = StringRef(argument).split('=').second;
    if (!StringRef(argument).starts_with("protocol=")) continue;
    if (!llvm::sys::fs::exists(file))
      return Fail(kCheckCommand, kBadInput, "protocol file '" + file + "' does not exist");
  }
  auto database = LoadDatabase(options, problem);
  if (!database) return Fail(kCheckCommand, kBadInput, problem);

  Totals totals;
  std::vector<CompileCommand> commands = SelectCommands(*database, options, totals);
  std::vector<Unit> units = MakeUnits(commands, options, totals);
  size_t done = 0;
  problem = AnalyseUnits(units, options.jobs, [&](const Unit& unit, const UnitResult& result) {
    AddResult(unit, result, totals);
    ShowProgress(options, ++done, units.size());
  });
  if (!problem.empty()) return Fail(kCheckCommand, kInternal, problem);
  return Conclude(options, units.size(), totals);
}

}  // namespace

const Command kCheckCommand = {"check", "analyse the files of a build",
                               R"(Usage: flushdep check -p BUILD [OPTIONS] [FILES...]

Analyses FILES, or everything, as the build in BUILD compiles it (BUILD holds
compile_commands.json, or is that file). Findings go to stderr as a compiler's
warnings do; a summary of what was covered goes to stdout.
  -p BUILD         the build folder
  -j N             so many files at a time (default: one per CPU)
  --deep           go further in each function before giving up; slower
  --explain-function=NAME
                   say what is believed of a function, and which file said so
  --quiet          no progress
  --protocol=FILE  a further description of what functions do (repeatable)
  --records=FILE   write the findings as JSON lines
  --fail-on=error|possible|advice
                   status 1 if a finding is at least this severe (default: error)
A file that is not in the build or does not compile gives status 3.
)",
                               Run};

}  // namespace flushdep::tool
