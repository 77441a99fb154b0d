// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/driver/options.h"

#include <algorithm>

#include "llvm/ADT/Twine.h"

namespace flushdep::driver {
namespace {

using llvm::StringRef;

// One option: a flag that sets a bool, or a name that takes a value after '='.
struct Flag {
  StringRef name;
  bool DriverOptions::* field;
  bool value;
};

constexpr StringRef kPrefix = "--flushdep-";

constexpr Flag kFlags[] = {
    {"--flushdep-kernel", &DriverOptions::kernel, true},
    {"--flushdep-no-static", &DriverOptions::statics, false},
    {"--flushdep-no-instrument", &DriverOptions::instrument, false},
    {"--flushdep-no-runtime", &DriverOptions::runtime, false},
    {"--flushdep-allow-foreign", &DriverOptions::allow_foreign, true},
    {"--flushdep-print-kcflags", &DriverOptions::print_kcflags, true},
    {"--flushdep-fingerprint", &DriverOptions::print_fingerprint, true},
    {"--flushdep-help", &DriverOptions::help, true},
};

constexpr StringRef kValued[] = {
    "--flushdep-backend=", "--flushdep-ignorelist=", "--flushdep-protocol=",
    "--flushdep-records=", "--flushdep-summary=",
};

// The known name that takes the fewest edits to reach from `word`, or nothing
// if none is near enough to be what was meant.
StringRef Nearest(StringRef word, llvm::ArrayRef<StringRef> names) {
  StringRef best;
  unsigned best_distance = word.size() / 2 + 1;
  for (StringRef name : names) {
    unsigned distance = word.edit_distance(name, true, best_distance);
    if (distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

std::string Unknown(StringRef what, StringRef word, llvm::ArrayRef<StringRef> names) {
  std::string text = ("unknown " + what + " '" + word + "'").str();
  StringRef near = Nearest(word, names);
  if (!near.empty()) text += ("; did you mean '" + near + "'?").str();
  return text;
}

std::string UnknownOption(StringRef arg) {
  StringRef name = arg.substr(0, arg.find('=') == StringRef::npos ? arg.size() : arg.find('=') + 1);
  // Compared by what differs: the prefix alone would make all of them near.
  std::vector<StringRef> names;
  for (StringRef known : kValued) names.push_back(known.drop_front(kPrefix.size()));
  for (const Flag& flag : kFlags) names.push_back(flag.name.drop_front(kPrefix.size()));
  StringRef near = Nearest(name.drop_front(std::min(name.size(), kPrefix.size())), names);
  std::string text = ("unknown option '" + name + "'").str();
  if (!near.empty()) text += ("; did you mean '" + kPrefix + near + "'?").str();
  return text + " (--flushdep-help lists them)";
}

std::string ParseBackend(StringRef value, DriverOptions& options) {
  options.model = value == "model";
  if (value == "mmu" || value == "model") return "";
  return Unknown("backend", value, {"mmu", "model"}) + "; there are 'mmu' and 'model'";
}

std::string ParseValued(StringRef name, StringRef value, DriverOptions& options) {
  if (value.empty()) return ("option '" + name + "' needs a value").str();
  if (name == "--flushdep-backend=") return ParseBackend(value, options);
  if (name == "--flushdep-protocol=") options.protocols.push_back(value.str());
  if (name == "--flushdep-ignorelist=") options.ignorelists.push_back(value.str());
  if (name == "--flushdep-records=") options.records = value.str();
  if (name == "--flushdep-summary=") options.summary = value.str();
  return "";
}

std::string ParseOwn(StringRef arg, DriverOptions& options) {
  for (const Flag& flag : kFlags)
    if (arg == flag.name) {
      options.*flag.field = flag.value;
      return "";
    }
  for (StringRef name : kValued) {
    if (arg.starts_with(name)) return ParseValued(name, arg.drop_front(name.size()), options);
    if (arg == name.drop_back())
      return ("option '" + arg + "' needs a value, as in '" + name + "...'").str();
  }
  return UnknownOption(arg);
}

// -W[no-][error=]flushdep[-NAME]: the part after the dash word, or npos-like
// emptiness of `matched` if the option is not ours.
struct Warning {
  bool matched = false;
  bool negative = false;
  bool error = false;
  StringRef name;  // empty: all rules
};

Warning MatchWarning(StringRef arg) {
  Warning warning;
  if (!arg.consume_front("-W")) return warning;
  warning.negative = arg.consume_front("no-");
  warning.error = arg.consume_front("error=");
  if (!arg.consume_front("flushdep")) return warning;
  warning.matched = arg.empty() || arg.consume_front("-");
  warning.name = arg;
  return warning;
}

void Apply(const Warning& warning, RuleSetting& rule) {
  if (warning.error) {
    rule.error = !warning.negative;
    if (rule.error) rule.enabled = true;
    return;
  }
  rule.enabled = !warning.negative;
}

std::string ParseWarning(const Warning& warning, DriverOptions& options) {
  if (warning.name.empty()) {
    for (RuleSetting& rule : options.rules) Apply(warning, rule);
    return "";
  }
  if (const RuleInfo* info = FindRule({warning.name.data(), warning.name.size()})) {
    Apply(warning, options.rules[static_cast<size_t>(info->rule)]);
    return "";
  }
  std::vector<StringRef> names;
  for (const RuleInfo& info : kRules) names.emplace_back(info.name.data(), info.name.size());
  return Unknown("rule", warning.name, names) + " ('flushdep explain list' lists the rules)";
}

}  // namespace

bool IsDriverOption(StringRef arg) {
  return arg.starts_with(kPrefix) || arg == kPrefix.drop_back() || MatchWarning(arg).matched;
}

std::string ParseDriverOptions(llvm::ArrayRef<const char*> args, DriverOptions& options) {
  for (const char* arg : args) {
    Warning warning = MatchWarning(arg);
    std::string problem;
    if (warning.matched)
      problem = ParseWarning(warning, options);
    else if (IsDriverOption(arg))
      problem = ParseOwn(arg, options);
    else
      options.clang_args.push_back(arg);
    if (!problem.empty()) return problem;
  }
  return "";
}

std::vector<std::string> PluginArguments(const DriverOptions& options) {
  std::vector<std::string> arguments;
  for (const std::string& file : options.protocols) arguments.push_back("protocol=" + file);
  if (!options.records.empty()) arguments.push_back("records=" + options.records);
  if (!options.summary.empty()) arguments.push_back("summary=" + options.summary);
  bool all_errors = true;
  for (const RuleSetting& rule : options.rules) all_errors &= rule.enabled && rule.error;
  if (all_errors) arguments.push_back("error");
  for (size_t i = 0; i < kNumRules; ++i) {
    std::string id(kRules[i].id);
    if (!options.rules[i].enabled)
      arguments.push_back("no-" + id);
    else if (options.rules[i].error && !all_errors)
      arguments.push_back("error=" + id);
  }
  return arguments;
}

StringRef DriverHelp() {
  return R"(flushdep-clang, flushdep-clang++: clang 19 with flushdep in it.

Usage: flushdep-clang [options of clang] [options below] FILES...

Compiles under flushdep's static analysis, stamps what it compiles, and links
flushdep's runtime into executables. Everything not listed here is clang's.

  --flushdep-kernel         kernel C on the simulated machine: the kernel's dialect
                            and flushdep's linux/ headers instead of the C library's
  --flushdep-backend=mmu|model
                            how the program keeps simulated memory unless FLUSHDEP_OPTIONS
                            says it: real mappings, or none behind instrumented code
  --flushdep-protocol=FILE  a further description of what functions do (repeatable)
  --flushdep-ignorelist=FILE
                            functions and files whose loads and stores are left alone, in
                            the format of clang's -fsanitize-ignorelist (repeatable)
  --flushdep-records=FILE   write findings of the static analysis as JSON lines
  --flushdep-summary=FILE   coverage summary instead of OBJECT.fds; 'none': no summary
  --flushdep-no-static      no static analysis
  --flushdep-no-instrument  leave loads and stores alone
  --flushdep-no-runtime     link no runtime, and any object
  --flushdep-allow-foreign  link objects that flushdep-clang did not compile
  -W[no-]flushdep[-RULE]    switch all rules, or one, on or off
  -W[no-]error=flushdep[-RULE]
                            make findings errors, or warnings again
  --flushdep-print-kcflags  print flags for Kbuild's KCFLAGS and stop
  --flushdep-fingerprint    print a hash of compiler, plugin and protocols (for
                            ccache's compiler_check) and stop
  --flushdep-help           print this and stop

Environment: FLUSHDEP_CLANG names another clang 19 to run.
Exit status: clang's; 2 wrong usage, 3 bad input, 4 internal error.
)";
}

}  // namespace flushdep::driver
