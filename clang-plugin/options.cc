// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <dlfcn.h>

#include "clang-plugin/consumer.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace flushdep::plugin {
namespace {

constexpr llvm::StringRef kAllowed =
    "protocol=FILE, error, error=RULE, no-RULE, records=FILE, summary=FILE, summary=none, "
    "coverage, "
    "timing, deep, explain=FUNCTION";

bool Fail(std::string* error, llvm::StringRef argument, const llvm::Twine& problem) {
  *error = ("argument '" + argument + "': " + problem).str();
  return false;
}

const RuleInfo* RuleNamed(llvm::StringRef text) { return FindRule({text.data(), text.size()}); }

bool ParseRule(llvm::StringRef argument, llvm::StringRef text, RuleSet& rules, std::string* error) {
  const RuleInfo* rule = RuleNamed(text);
  if (rule == nullptr)
    return Fail(error, argument,
                "no rule is called '" + text + "'; rules are FD001 to FD019, by id or name");
  rules.set(static_cast<size_t>(rule->rule));
  return true;
}

bool ParseFile(llvm::StringRef argument, llvm::StringRef text, std::string& file,
               std::string* error) {
  if (text.empty()) return Fail(error, argument, "a file name is missing after '='");
  file = text.str();
  return true;
}

}  // namespace

bool ParsePluginArgument(llvm::StringRef argument, PluginOptions& options, std::string* error) {
  const auto [key, value] = argument.split('=');
  const bool has_value = argument.contains('=');
  if (argument == "error") return options.errors.set(), true;
  if (argument == "coverage") return options.coverage = true;
  if (argument == "timing") return options.timing = true;
  if (argument == "deep") return options.deep = true;
  if (key == "error" && has_value) return ParseRule(argument, value, options.errors, error);
  if (key == "explain" && has_value) return ParseFile(argument, value, options.explain, error);
  if (key == "protocol" && has_value)
    return ParseFile(argument, value, options.protocols.emplace_back(), error);
  if (key == "records" && has_value) return ParseFile(argument, value, options.records, error);
  if (key == "summary" && has_value) {
    options.summary_given = true;
    if (value == "none") return options.summary.clear(), true;
    return ParseFile(argument, value, options.summary, error);
  }
  if (!has_value && key.starts_with("no-"))
    return ParseRule(argument, key.drop_front(3), options.disabled, error);
  return Fail(error, argument, "unknown; allowed: " + kAllowed);
}

std::string ShippedProtocolDir() {
  Dl_info info = {};
  // Any address of this object will do.
  if (dladdr(reinterpret_cast<const void*>(&ShippedProtocolDir), &info) == 0 ||
      info.dli_fname == nullptr)
    return "";
  llvm::SmallString<256> self;
  // The program itself may be known by a relative name only.
  if (llvm::sys::fs::real_path(info.dli_fname, self) &&
      llvm::sys::fs::real_path("/proc/self/exe", self))
    return "";
  llvm::SmallString<256> dir(llvm::sys::path::parent_path(self));
  llvm::sys::path::append(dir, "..", "share", "flushdep", "protocols");
  llvm::sys::path::remove_dots(dir, /*remove_dot_dot=*/true);
  return llvm::sys::fs::is_directory(dir) ? dir.str().str() : "";
}

}  // namespace flushdep::plugin
