// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep explain: the rule catalogue for people.
#include <string>

#include "checker/rules/catalogue.h"
#include "checker/tool/command.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace flushdep::tool {
namespace {

using llvm::StringRef;

constexpr size_t kTextWidth = 78;

// Breaks `text` at blanks so that lines, each after `indent` blanks, fit.
void PrintWrapped(StringRef text, unsigned indent) {
  size_t column = 0;
  while (!text.empty()) {
    auto [word, rest] = text.split(' ');
    text = rest;
    if (column != 0 && column + 1 + word.size() > kTextWidth) {
      llvm::outs() << "\n";
      column = 0;
    }
    if (column == 0) {
      llvm::outs().indent(indent);
      column = indent;
    } else {
      llvm::outs() << " ";
      ++column;
    }
    llvm::outs() << word;
    column += word.size();
  }
  llvm::outs() << "\n";
}

void PrintList() {
  for (const RuleInfo& info : kRules)
    llvm::outs() << StringRef(info.id) << "  " << llvm::left_justify(StringRef(info.name), 24)
                 << StringRef(SeverityName(info.severity)) << "\n";
}

void PrintCode(StringRef code, unsigned indent) {
  while (!code.empty()) {
    auto [line, rest] = code.split('\n');
    code = rest;
    llvm::outs().indent(indent) << line << "\n";
  }
}

// The whole catalogue as docs/rules.md, which a test compares with this.
void PrintMarkdown() {
  llvm::outs()
      << "<!-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception -->\n"
         "<!-- Made by `flushdep explain --markdown` from checker/rules/catalogue.def. -->\n"
         "# The rules\n\n| id | name | severity |\n|---|---|---|\n";
  for (const RuleInfo& info : kRules)
    llvm::outs() << "| " << StringRef(info.id) << " | " << StringRef(info.name) << " | "
                 << StringRef(SeverityName(info.severity)) << " |\n";
  for (const RuleInfo& info : kRules) {
    llvm::outs() << "\n## " << StringRef(info.id) << " " << StringRef(info.name) << "\n\n";
    PrintWrapped(("Meaning: " + StringRef(info.meaning) + ".").str(), 0);
    llvm::outs() << "\n";
    PrintWrapped(("To fix: " + StringRef(info.remedy) + ".").str(), 0);
    llvm::outs() << "\nBad:\n\n";
    PrintCode(StringRef(info.bad), 4);
    llvm::outs() << "\nGood:\n\n";
    PrintCode(StringRef(info.good), 4);
  }
}

void PrintRule(const RuleInfo& info) {
  llvm::outs() << StringRef(info.id) << " " << StringRef(info.name) << " ("
               << StringRef(SeverityName(info.severity)) << ")\n\n  Meaning:\n";
  PrintWrapped(StringRef(info.meaning), 4);
  llvm::outs() << "  Remedy:\n";
  PrintWrapped(StringRef(info.remedy), 4);
  llvm::outs() << "  Bad:\n";
  PrintCode(StringRef(info.bad), 4);
  llvm::outs() << "  Good:\n";
  PrintCode(StringRef(info.good), 4);
}

std::string Suggestion(StringRef text) {
  std::string best;
  unsigned best_distance = text.size() / 2 + 1;
  for (const RuleInfo& info : kRules)
    for (StringRef known : {StringRef(info.id), StringRef(info.name)}) {
      unsigned distance = text.edit_distance_insensitive(known, true, best_distance);
      if (distance >= best_distance) continue;
      best = known.str();
      best_distance = distance;
    }
  return best.empty() ? "" : "; did you mean '" + best + "'?";
}

int Run(Arguments args) {
  if (args.empty()) return WrongUsage(kExplainCommand, "name a rule, or 'list'");
  if (args.size() == 1 && args[0] == StringRef("--markdown")) {
    PrintMarkdown();
    return kClean;
  }
  for (StringRef text : args) {
    if (text == "list") continue;
    if (text.starts_with("-")) return WrongUsage(kExplainCommand, "unknown option '" + text + "'");
    if (FindRule({text.data(), text.size()}) == nullptr)
      return WrongUsage(kExplainCommand, "unknown rule '" + text + "'" + Suggestion(text));
  }
  bool first = true;
  for (StringRef text : args) {
    if (!first) llvm::outs() << "\n";
    first = false;
    if (text == "list")
      PrintList();
    else
      PrintRule(*FindRule({text.data(), text.size()}));
  }
  return kClean;
}

}  // namespace

const Command kExplainCommand = {"explain", "say what a rule means and how to fix what it finds",
                                 R"(Usage: flushdep explain RULE...
       flushdep explain list
       flushdep explain --markdown      all of it, as docs/rules.md

RULE is an id (FD001) or a name (unflushed-free).
)",
                                 Run};

}  // namespace flushdep::tool
